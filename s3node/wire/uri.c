#include "s3node/wire/uri.h"

#include <stdint.h>
#include <stdlib.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c));
}

/* Decodes into `out`, which has room for in.len bytes. @return the length, or -1 */
static long decode(struct span in, bool plus_is_space, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.p[i];
        if (c == '%') {
            int high = i + 2 < in.len ? hex_digit(in.p[i + 1]) : -1;
            int low = i + 2 < in.len ? hex_digit(in.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return -1;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        out[len++] = c;
    }
    return (long)len;
}

bool uri_decode(struct span in, struct buf *out)
{
    buf_reserve(out, in.len);
    long len = decode(in, false, out->p + out->len);
    if (len > 0)
        out->len += (size_t)len;
    out->p[out->len] = '\0';
    return len >= 0;
}

static bool decode_into(struct arena *arena, struct span in, bool plus_is_space, struct span *out)
{
    char *p = arena_alloc(arena, in.len + 1);
    long len = decode(in, plus_is_space, p);
    *out = span_bytes(p, len > 0 ? (size_t)len : 0);
    return len >= 0;
}

void uri_encode(struct span in, const char *keep, struct buf *out)
{
    static const char hex[] = "0123456789ABCDEF";
    buf_reserve(out, in.len);
    for (size_t i = 0; i < in.len; i++) {
        char c = in.p[i];
        if (is_unreserved(c) || (c != '\0' && strchr(keep, c)))
            buf_add(out, &c, 1);
        else
            buf_add(out, (char[]){'%', hex[(uint8_t)c >> 4], hex[(uint8_t)c & 15]}, 3);
    }
}

/* Where a byte stands among encoded bytes: those written as %XX come before all that stay, since
 * '%' is less than any unreserved character. */
static int encoded_rank(char c)
{
    return is_unreserved(c) ? 256 + c : (uint8_t)c;
}

static int compare_encoded(struct span a, struct span b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++)
        if (a.p[i] != b.p[i])
            return encoded_rank(a.p[i]) - encoded_rank(b.p[i]);
    return (a.len > b.len) - (a.len < b.len);
}

static int compare_params(const void *a, const void *b)
{
    const struct uri_param *x = a, *y = b;
    int order = compare_encoded(x->name, y->name);
    return order ? order : compare_encoded(x->value, y->value);
}

static size_t count_parts(struct span s)
{
    size_t n = 1;
    for (size_t i = 0; i < s.len; i++)
        n += s.p[i] == '&';
    return n;
}

static bool parse_query(struct span query, struct arena *arena, struct uri *out)
{
    out->params = ARENA_ARRAY(arena, struct uri_param, count_parts(query));
    out->n_params = 0;
    for (struct span part; span_split(&query, '&', &part);) {
        struct uri_param *param = &out->params[out->n_params];
        struct span name, value = part;
        if (part.len == 0)
            continue;
        span_split(&value, '=', &name);
        if (!decode_into(arena, name, true, &param->name) ||
            !decode_into(arena, value, true, &param->value))
            return false;
        out->n_params++;
    }
    qsort(out->params, out->n_params, sizeof *out->params, compare_params);
    return true;
}

/* Drops `http://authority` in front of a path. */
static struct span origin_form(struct span target)
{
    size_t scheme = span_starts(target, "http://") ? 7 : span_starts(target, "https://") ? 8 : 0;
    struct span rest = span_skip(target, scheme);
    const char *slash = scheme && rest.len ? memchr(rest.p, '/', rest.len) : NULL;
    return slash ? span_skip(rest, (size_t)(slash - rest.p)) : target;
}

enum s3err uri_parse(struct span target, struct arena *arena, struct uri *out)
{
    struct span path, query = origin_form(target);
    *out = (struct uri){0};
    if (!span_split(&query, '?', &path) || !span_starts(path, "/"))
        return S3ERR_INVALID_URI;
    if (!decode_into(arena, path, false, &out->path) || !parse_query(query, arena, out))
        return S3ERR_INVALID_URI;
    return S3ERR_OK;
}

struct span uri_param(const struct uri *uri, const char *name)
{
    for (size_t i = 0; i < uri->n_params; i++)
        if (span_is(uri->params[i].name, name))
            return uri->params[i].value;
    return (struct span){NULL, 0};
}

void uri_canonical_query(const struct uri *uri, const char *skip, struct buf *out)
{
    const char *separator = "";
    for (size_t i = 0; i < uri->n_params; i++) {
        const struct uri_param *param = &uri->params[i];
        if (skip && span_is(param->name, skip))
            continue;
        buf_text(out, separator);
        uri_encode(param->name, "", out);
        buf_text(out, "=");
        uri_encode(param->value, "", out);
        separator = "&";
    }
}
