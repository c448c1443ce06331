#include "s3node/wire/awschunk.h"

enum { SIZE_DIGITS = 15 }; /* hex digits of a chunk size: far more than any object, no overflow */

enum s3err awschunk_init(struct awschunk *c, uint64_t decoded_len, struct span trailer)
{
    /* Without an announcement a CRC32 may still come at the end (the usual algorithm). */
    enum checksum_kind kind = CHECKSUM_CRC32;
    *c = (struct awschunk){.state = AWSCHUNK_IN_SIZE, .decoded_left = decoded_len};
    if (trailer.p && checksum_is_header(trailer)) {
        kind = checksum_of_header(trailer);
        c->announced = true;
    }
    if (kind == CHECKSUM_NONE)
        return c->error = S3ERR_CHECKSUM_NOT_IMPLEMENTED;
    checksum_init(&c->sum, kind);
    return S3ERR_OK;
}

void awschunk_fini(struct awschunk *c)
{
    checksum_fini(&c->sum);
}

/* A chunk line: hex digits and nothing else. */
static enum s3err on_size(struct awschunk *c, struct span line)
{
    uint64_t size = 0;
    if (line.len == 0 || line.len > SIZE_DIGITS)
        return S3ERR_CHUNK_MALFORMED;
    for (size_t i = 0; i < line.len; i++) {
        static const char digits[] = "0123456789abcdef";
        char lower = (char)(line.p[i] >= 'A' && line.p[i] <= 'F' ? line.p[i] | 0x20 : line.p[i]);
        const char *at = lower ? strchr(digits, lower) : NULL;
        if (!at)
            return S3ERR_CHUNK_MALFORMED;
        size = size << 4 | (uint64_t)(at - digits);
    }
    if (size > c->decoded_left || (size == 0 && c->decoded_left > 0))
        return S3ERR_INCOMPLETE_BODY;
    c->left = size;
    c->state = size > 0 ? AWSCHUNK_IN_DATA : AWSCHUNK_IN_TRAILER;
    return S3ERR_OK;
}

static enum s3err on_data_end(struct awschunk *c, struct span line)
{
    c->state = AWSCHUNK_IN_SIZE;
    return line.len == 0 ? S3ERR_OK : S3ERR_CHUNK_MALFORMED;
}

static enum s3err on_checksum(struct awschunk *c, struct span name, struct span value)
{
    char text[CHECKSUM_TEXT];
    enum checksum_kind kind = checksum_of_header(name);
    if (kind == CHECKSUM_NONE)
        return S3ERR_CHECKSUM_NOT_IMPLEMENTED;
    if (kind != c->sum.kind)
        return S3ERR_TRAILER_MALFORMED;
    if (!span_is(value, checksum_final(&c->sum, text)))
        return S3ERR_BAD_DIGEST;
    checksum_fini(&c->sum);
    c->announced = false;
    return S3ERR_OK;
}

static enum s3err on_trailer(struct awschunk *c, struct span line)
{
    struct span name, value = line;
    if (line.len == 0) {
        c->state = AWSCHUNK_IN_END;
        return c->announced ? S3ERR_TRAILER_MALFORMED : S3ERR_OK;
    }
    if (++c->trailers > AWSCHUNK_TRAILERS || !span_split(&value, ':', &name) || !value.p)
        return S3ERR_TRAILER_MALFORMED;
    return checksum_is_header(name) ? on_checksum(c, name, span_trim(value)) : S3ERR_OK;
}

/* Some clients end the trailer with one more empty line. */
static enum s3err on_end(struct awschunk *c, struct span line)
{
    (void)c;
    return line.len == 0 ? S3ERR_OK : S3ERR_CHUNK_MALFORMED;
}

static enum s3err on_line(struct awschunk *c, struct span line)
{
    static enum s3err (*const handlers[])(struct awschunk *, struct span) = {
        [AWSCHUNK_IN_SIZE] = on_size,
        [AWSCHUNK_IN_DATA_END] = on_data_end,
        [AWSCHUNK_IN_TRAILER] = on_trailer,
        [AWSCHUNK_IN_END] = on_end,
    };
    return handlers[c->state](c, line);
}

/* Takes input up to a line end. Lines end with CR LF; those of the trailer may end with LF alone,
 * which is what one common client library sends. */
static enum s3err take_line(struct awschunk *c, struct span in, size_t *used)
{
    const char *end = memchr(in.p, '\n', in.len);
    size_t n = end ? (size_t)(end - in.p) + 1 : in.len;
    if (c->line_len + n > sizeof c->line)
        return S3ERR_CHUNK_MALFORMED;
    memcpy(c->line + c->line_len, in.p, n);
    c->line_len += n;
    *used += n;
    if (!end)
        return S3ERR_OK;
    struct span line = {c->line, c->line_len - 1};
    c->line_len = 0;
    if (line.len > 0 && line.p[line.len - 1] == '\r')
        line.len--;
    else if (c->state != AWSCHUNK_IN_TRAILER)
        return S3ERR_CHUNK_MALFORMED;
    return on_line(c, line);
}

static void take_data(struct awschunk *c, struct span in, size_t *used, struct span *data)
{
    *data = span_first(in, c->left < in.len ? (size_t)c->left : in.len);
    *used += data->len;
    checksum_add(&c->sum, data->p, data->len);
    c->left -= data->len;
    c->decoded_left -= data->len;
    if (c->left == 0)
        c->state = AWSCHUNK_IN_DATA_END;
}

enum awschunk_event awschunk_feed(struct awschunk *c, struct span in, size_t *used,
                                  struct span *data)
{
    *used = 0;
    while (c->error == S3ERR_OK && *used < in.len) {
        struct span rest = span_skip(in, *used);
        if (c->state == AWSCHUNK_IN_DATA) {
            take_data(c, rest, used, data);
            return AWSCHUNK_DATA;
        }
        c->error = take_line(c, rest, used);
    }
    return c->error == S3ERR_OK ? AWSCHUNK_MORE : AWSCHUNK_ERROR;
}

enum s3err awschunk_end(const struct awschunk *c)
{
    if (c->error != S3ERR_OK)
        return c->error;
    return c->state == AWSCHUNK_IN_END ? S3ERR_OK : S3ERR_INCOMPLETE_BODY;
}
