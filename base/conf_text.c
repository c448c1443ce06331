#include "base/conf_text.h"

#include <ctype.h>
#include <stdint.h>

/* RFC 3629 section 4, by the length of a sequence: its first byte, and the least code point that
 * may take so many bytes. */
static const struct {
    uint8_t mask, lead;
    uint32_t least;
} sequences[] = {
    {0x80, 0x00, 0},
    {0xe0, 0xc0, 0x80},
    {0xf0, 0xe0, 0x800},
    {0xf8, 0xf0, 0x10000},
};

enum { NOT_UTF8 = UINT32_MAX };

/* Takes one code point off the front; NOT_UTF8 if there is none. */
static uint32_t take(struct span *rest)
{
    uint8_t first = (uint8_t)rest->p[0];
    for (size_t n = 0; n < COUNT(sequences); n++) {
        if ((first & sequences[n].mask) != sequences[n].lead)
            continue;
        uint32_t code = first & (uint8_t)~sequences[n].mask;
        if (rest->len <= n)
            return NOT_UTF8;
        for (size_t i = 1; i <= n; i++) {
            uint8_t byte = (uint8_t)rest->p[i];
            if ((byte & 0xc0) != 0x80)
                return NOT_UTF8;
            code = code << 6 | (byte & 0x3f);
        }
        *rest = span_skip(*rest, n + 1);
        return code < sequences[n].least ? NOT_UTF8 : code;
    }
    return NOT_UTF8;
}

/* What no text may have: controls, line breaks of Unicode, surrogates, marks, noncharacters. */
static const struct {
    uint32_t from, to;
} refused[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0x2028, 0x2029},     {0xd800, 0xdfff},
    {0xfeff, 0xfeff}, {0xfffe, 0xffff}, {0x110000, NOT_UTF8},
};

bool conf_text_valid(struct span text)
{
    while (text.len > 0) {
        uint32_t code = take(&text);
        for (size_t i = 0; i < COUNT(refused); i++)
            if (code >= refused[i].from && code <= refused[i].to)
                return false;
    }
    return true;
}

/* Quotes cost nothing, so only what can never be anything but a word goes without. */
static bool bare(struct span text)
{
    if (text.len == 0 || !(isalnum((unsigned char)text.p[0]) || text.p[0] == '/'))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.p[i]) && !strchr("/._-", text.p[i]))
            return false;
    return true;
}

void conf_text_write(struct span text, bool expands, struct buf *out)
{
    if (bare(text)) {
        buf_add(out, text.p, text.len);
        return;
    }
    buf_text(out, "\"");
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\')
            buf_text(out, "\\");
        if (text.p[i] == '$' && expands)
            buf_text(out, "$");
        buf_add(out, text.p + i, 1);
    }
    buf_text(out, "\"");
}
