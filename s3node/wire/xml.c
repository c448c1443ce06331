#include "s3node/wire/xml.h"

#include <inttypes.h>

#include "s3node/wire/utf8.h"

void xml_begin(struct buf *out)
{
    buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void xml_open(struct buf *out, const char *tag)
{
    buf_printf(out, "<%s>", tag);
}

void xml_open_root(struct buf *out, const char *tag)
{
    buf_printf(out, "<%s xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">", tag);
}

void xml_close(struct buf *out, const char *tag)
{
    buf_printf(out, "</%s>", tag);
}

/* What must not stand for itself; NULL if the character may. CR is escaped because a reader would
 * turn it into LF. XML 1.0 2.2 names the characters that cannot be written at all. */
static const char *escape_of(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    case '\t':
    case '\n':
        return NULL;
    default:
        return c < 0x20 || c == 0xfffe || c == 0xffff ? "\xef\xbf\xbd" : NULL;
    }
}

void xml_escape(struct buf *out, struct span text)
{
    size_t plain = 0; /* bytes at text.p that need nothing */
    while (plain < text.len) {
        uint32_t c = 0;
        size_t n = utf8_next(span_skip(text, plain), &c);
        const char *escape = escape_of(n > 0 ? c : 0);
        if (!escape) {
            plain += n;
            continue;
        }
        buf_add(out, text.p, plain);
        buf_text(out, escape);
        text = span_skip(text, plain + (n > 0 ? n : 1));
        plain = 0;
    }
    buf_add(out, text.p, plain);
}

void xml_text(struct buf *out, const char *tag, struct span text)
{
    xml_open(out, tag);
    xml_escape(out, text);
    xml_close(out, tag);
}

void xml_cstr(struct buf *out, const char *tag, const char *text)
{
    xml_text(out, tag, span_of(text));
}

void xml_uint(struct buf *out, const char *tag, uint64_t value)
{
    buf_printf(out, "<%s>%" PRIu64 "</%s>", tag, value, tag);
}

void xml_bool(struct buf *out, const char *tag, bool value)
{
    xml_cstr(out, tag, value ? "true" : "false");
}
