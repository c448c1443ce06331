#include "s3node/wire/utf8.h"

static size_t sequence_len(uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

size_t utf8_next(struct span s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = s.len > 0 ? sequence_len((uint8_t)s.p[0]) : 0;
    if (len == 0 || len > s.len)
        return 0;
    uint32_t c = len == 1 ? (uint8_t)s.p[0] : (uint8_t)s.p[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (((uint8_t)s.p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | ((uint8_t)s.p[i] & 0x3f);
    }
    if (c < least[len] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
        return 0;
    *code = c;
    return len;
}

bool utf8_valid(struct span s)
{
    uint32_t code;
    for (size_t n; s.len > 0; s = span_skip(s, n))
        if ((n = utf8_next(s, &code)) == 0)
            return false;
    return true;
}
