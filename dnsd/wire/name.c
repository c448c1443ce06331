#include "dnsd/wire/name.h"

#include <stdio.h>

static bool is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

size_t name_check(const uint8_t *wire, size_t size)
{
    size_t bound = size < NAME_WIRE ? size : NAME_WIRE;
    size_t at = 0;
    while (at < bound) {
        uint8_t label = wire[at++];
        if (label == 0)
            return at;
        if (label > LABEL_MAX)
            return 0;
        at += label;
    }
    return 0;
}

void name_lower(uint8_t *to, const uint8_t *from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = (uint8_t)(from[i] | (is_upper(from[i]) ? 0x20 : 0));
}

bool name_equal(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

bool name_equal_nocase(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    uint8_t low_a[NAME_WIRE], low_b[NAME_WIRE];
    if (a_len != b_len || a_len > NAME_WIRE)
        return false;
    name_lower(low_a, a, a_len);
    name_lower(low_b, b, b_len);
    return memcmp(low_a, low_b, a_len) == 0;
}

int name_suffix(const uint8_t *name, size_t len, const uint8_t *tail, size_t tail_len)
{
    size_t at = 0;
    while (len - at > tail_len)
        at += 1u + name[at];
    return name_equal(name + at, len - at, tail, tail_len) ? (int)at : -1;
}

/* Takes one character, or one escape, off the text. @return the byte, or -1 */
static int take_byte(struct span *text)
{
    uint8_t c = (uint8_t)text->p[0];
    *text = span_skip(*text, 1);
    if (c != '\\')
        return c;
    if (text->len == 0)
        return -1;
    c = (uint8_t)text->p[0];
    if (c < '0' || c > '9') {
        *text = span_skip(*text, 1);
        return c;
    }
    int value = 0;
    for (size_t i = 0; i < 3; i++) {
        if (i >= text->len || text->p[i] < '0' || text->p[i] > '9')
            return -1;
        value = value * 10 + (text->p[i] - '0');
    }
    *text = span_skip(*text, 3);
    return value <= 255 ? value : -1;
}

/* Reads one label behind out->len. @return false if it is empty or too long */
static bool take_label(struct span *text, struct name *out)
{
    uint8_t label[LABEL_MAX];
    size_t len = 0;
    while (text->len && text->p[0] != '.') {
        int byte = take_byte(text);
        if (byte < 0 || len == sizeof label)
            return false;
        label[len++] = (uint8_t)byte;
    }
    if (len == 0 || out->len + len + 2 > NAME_WIRE)
        return false;
    out->wire[out->len++] = (uint8_t)len;
    name_lower(out->wire + out->len, label, len);
    out->len = (uint8_t)(out->len + len);
    *text = span_skip(*text, 1);
    return true;
}

bool name_from_text(struct span text, struct name *out)
{
    out->len = 0;
    if (text.len == 0)
        return false;
    if (span_is(text, "."))
        text.len = 0;
    while (text.len)
        if (!take_label(&text, out))
            return false;
    out->wire[out->len++] = 0;
    return true;
}

/* One byte of a label in presentation form. @return characters written */
static size_t put_byte(char *out, uint8_t c)
{
    if (c <= ' ' || c > '~')
        return (size_t)sprintf(out, "\\%03d", c);
    size_t len = 0;
    if (strchr(".\\\"();@$", c))
        out[len++] = '\\';
    out[len++] = (char)c;
    return len;
}

const char *name_to_text(const uint8_t *wire, char out[NAME_TEXT])
{
    size_t len = 0;
    for (const uint8_t *label = wire; *label; label += 1 + *label) {
        for (size_t i = 1; i <= *label; i++)
            len += put_byte(out + len, label[i]);
        out[len++] = '.';
    }
    if (len == 0)
        out[len++] = '.';
    out[len] = '\0';
    return out;
}
