#include "s3node/wire/s3name.h"

#include "base/digest.h"
#include "s3node/wire/utf8.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z');
}

static bool ends_with(struct span s, const char *suffix)
{
    size_t len = strlen(suffix);
    return s.len >= len && memcmp(s.p + s.len - len, suffix, len) == 0;
}

static bool is_reserved(struct span name)
{
    static const char *const prefixes[] = {"xn--", "sthree-", "amzn-s3-demo-"};
    static const char *const suffixes[] = {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"};
    for (size_t i = 0; i < COUNT(prefixes); i++)
        if (span_starts(name, prefixes[i]))
            return true;
    for (size_t i = 0; i < COUNT(suffixes); i++)
        if (ends_with(name, suffixes[i]))
            return true;
    return false;
}

/* Four groups of one to three digits: what a resolver would take for an address. */
static bool looks_like_ipv4(struct span name)
{
    int groups = 0;
    for (struct span group; span_split(&name, '.', &group); groups++) {
        if (group.len == 0 || group.len > 3)
            return false;
        for (size_t i = 0; i < group.len; i++)
            if (!is_digit(group.p[i]))
                return false;
    }
    return groups == 4;
}

static bool has_bucket_letters(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_alnum(name.p[i]) && name.p[i] != '-' && name.p[i] != '.')
            return false;
        if (name.p[i] == '.' && i + 1 < name.len && name.p[i + 1] == '.')
            return false;
    }
    return is_alnum(name.p[0]) && is_alnum(name.p[name.len - 1]);
}

enum s3err s3name_check_bucket(struct span name)
{
    bool good = name.len >= 3 && name.len <= S3NAME_BUCKET_MAX && has_bucket_letters(name) &&
                !looks_like_ipv4(name) && !is_reserved(name);
    return good ? S3ERR_OK : S3ERR_INVALID_BUCKET_NAME;
}

enum s3err s3name_check_key(struct span key)
{
    if (key.len > S3NAME_KEY_MAX)
        return S3ERR_KEY_TOO_LONG;
    if (key.len == 0 || memchr(key.p, '\0', key.len) || !utf8_valid(key))
        return S3ERR_INVALID_URI;
    return S3ERR_OK;
}

void s3name_token(struct span after, struct buf *out)
{
    size_t len = 4 * ((after.len + 2) / 3);
    buf_reserve(out, len);
    base64_encode(after.p, after.len, out->p + out->len);
    out->len += len;
}

enum s3err s3name_untoken(struct span token, struct buf *out)
{
    if (token.len == 0 || token.len > 4 * (S3NAME_KEY_MAX + 2) / 3)
        return S3ERR_INVALID_TOKEN;
    uint8_t text[S3NAME_KEY_MAX];
    int len = base64_decode(token, text, sizeof text);
    if (len < 0)
        return S3ERR_INVALID_TOKEN;
    buf_add(out, text, (size_t)len);
    return S3ERR_OK;
}
