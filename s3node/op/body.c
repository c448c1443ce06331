#include "s3node/op/body.h"

#include "s3node/wire/xml_read.h"

static bool parse_length(struct span text, uint64_t *out)
{
    *out = 0;
    if (text.len == 0 || text.len > 18)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        *out = *out * 10 + (uint64_t)(text.p[i] - '0');
    }
    return true;
}

static enum s3err open_frames(struct body *b, const struct http1_head *head)
{
    uint64_t decoded;
    if (!parse_length(http1_find(head, "x-amz-decoded-content-length", NULL), &decoded))
        return S3ERR_MISSING_CONTENT_LENGTH;
    if (decoded > b->max)
        return S3ERR_ENTITY_TOO_LARGE;
    b->framed = true;
    return awschunk_init(&b->frames, decoded, http1_find(head, "x-amz-trailer", NULL));
}

static enum s3err open_payload(struct body *b, const struct http1_head *head,
                               const struct sigv4 *signature)
{
    switch (signature->payload) {
    case SIGV4_PAYLOAD_UNSIGNED:
        return S3ERR_OK;
    case SIGV4_PAYLOAD_SHA256:
        b->sha256 = digest_new(DIGEST_SHA256);
        memcpy(b->want_sha256, signature->payload_sha256, SHA256_LEN);
        return S3ERR_OK;
    case SIGV4_PAYLOAD_CHUNKS_TRAILER:
        return open_frames(b, head);
    case SIGV4_PAYLOAD_SIGNED_CHUNKS:
    case SIGV4_PAYLOAD_SIGNED_CHUNKS_TRAILER:
        break;
    }
    return S3ERR_SIGNED_CHUNKS_NOT_IMPLEMENTED;
}

static enum s3err open_md5(struct body *b, const struct http1_head *head)
{
    struct span text = http1_find(head, "content-md5", NULL);
    if (!text.p)
        return S3ERR_OK;
    b->has_md5 = base64_decode(text, b->want_md5, sizeof b->want_md5) == MD5_LEN;
    return b->has_md5 ? S3ERR_OK : S3ERR_INVALID_DIGEST;
}

static enum s3err open_checksum(struct body *b, const struct http1_head *head)
{
    for (size_t i = 0; i < head->n_headers; i++) {
        const struct http1_header *h = &head->headers[i];
        if (!checksum_is_header(h->name))
            continue;
        if (b->sum.kind != CHECKSUM_NONE)
            return S3ERR_INVALID_REQUEST;
        enum checksum_kind kind = checksum_of_header(h->name);
        if (kind == CHECKSUM_NONE)
            return S3ERR_CHECKSUM_NOT_IMPLEMENTED;
        checksum_init(&b->sum, kind);
        b->want_sum = h->value;
    }
    return S3ERR_OK;
}

static enum s3err open_size(struct body *b, const struct http1_head *head)
{
    if (b->kind == BODY_STREAM && !head->has_length && !head->chunked)
        return S3ERR_MISSING_CONTENT_LENGTH;
    b->max = b->kind == BODY_STREAM ? BODY_OBJECT_MAX : XML_READ_MAX;
    if (!b->framed && head->has_length && head->length > b->max)
        return b->kind == BODY_STREAM ? S3ERR_ENTITY_TOO_LARGE : S3ERR_MESSAGE_TOO_LONG;
    return S3ERR_OK;
}

enum s3err body_open(struct body *b, enum body_kind kind, const struct http1_head *head,
                     const struct sigv4 *signature, bool sums_apply)
{
    *b = (struct body){.kind = kind};
    enum s3err e = open_size(b, head);
    if (e == S3ERR_OK)
        e = open_payload(b, head, signature);
    if (e == S3ERR_OK)
        e = open_md5(b, head);
    if (e == S3ERR_OK && sums_apply)
        e = open_checksum(b, head);
    return e;
}

void body_fini(struct body *b)
{
    if (b->framed)
        awschunk_fini(&b->frames);
    digest_free(b->sha256);
    checksum_fini(&b->sum);
    buf_fini(&b->small);
    *b = (struct body){0};
}

/* Decoded bytes: counted, summed, handed on. */
static enum s3err take(struct body *b, struct span bytes, body_sink_fn *sink, void *ctx)
{
    b->size += bytes.len;
    if (b->size > b->max)
        return b->kind == BODY_STREAM ? S3ERR_ENTITY_TOO_LARGE : S3ERR_MESSAGE_TOO_LONG;
    checksum_add(&b->sum, bytes.p, bytes.len);
    if (b->kind == BODY_SMALL)
        buf_add(&b->small, bytes.p, bytes.len);
    return b->kind == BODY_STREAM ? sink(ctx, bytes) : S3ERR_OK;
}

static enum s3err take_frames(struct body *b, struct span in, body_sink_fn *sink, void *ctx)
{
    enum awschunk_event event;
    do {
        size_t used = 0;
        struct span data = {0};
        event = awschunk_feed(&b->frames, in, &used, &data);
        in = span_skip(in, used);
        enum s3err e = S3ERR_OK;
        if (event == AWSCHUNK_DATA)
            e = take(b, data, sink, ctx);
        else if (event == AWSCHUNK_ERROR)
            e = awschunk_end(&b->frames);
        if (e != S3ERR_OK)
            return e;
    } while (event != AWSCHUNK_MORE);
    return S3ERR_OK;
}

enum s3err body_feed(struct body *b, struct span in, body_sink_fn *sink, void *ctx)
{
    if (in.len == 0)
        return S3ERR_OK;
    if (b->framed)
        return take_frames(b, in, sink, ctx);
    if (b->sha256)
        digest_add(b->sha256, in.p, in.len);
    return take(b, in, sink, ctx);
}

static enum s3err check_sha256(struct body *b)
{
    uint8_t got[DIGEST_MAX];
    if (!b->sha256)
        return S3ERR_OK;
    digest_final(b->sha256, got);
    return memcmp(got, b->want_sha256, SHA256_LEN) == 0 ? S3ERR_OK : S3ERR_SHA256_MISMATCH;
}

static enum s3err check_sum(struct body *b)
{
    char got[CHECKSUM_TEXT];
    if (b->sum.kind == CHECKSUM_NONE)
        return S3ERR_OK;
    return span_is(b->want_sum, checksum_final(&b->sum, got)) ? S3ERR_OK : S3ERR_BAD_DIGEST;
}

/* The MD5 of a streamed object is its ETag: the operation compares it with body_check_md5. */
static enum s3err check_small_md5(struct body *b)
{
    uint8_t got[DIGEST_MAX];
    char hex[2 * MD5_LEN + 1];
    if (!b->has_md5 || b->kind != BODY_SMALL)
        return S3ERR_OK;
    struct digest *md5 = digest_new(DIGEST_MD5);
    digest_add(md5, b->small.p, b->small.len);
    digest_final(md5, got);
    digest_free(md5);
    return body_check_md5(b, hex_encode(got, MD5_LEN, hex));
}

enum s3err body_end(struct body *b)
{
    enum s3err e = b->framed ? awschunk_end(&b->frames) : S3ERR_OK;
    if (e == S3ERR_OK)
        e = check_sha256(b);
    if (e == S3ERR_OK)
        e = check_sum(b);
    if (e == S3ERR_OK)
        e = check_small_md5(b);
    return e;
}

enum s3err body_check_md5(const struct body *b, const char *md5_hex)
{
    char want[2 * MD5_LEN + 1];
    if (!b->has_md5)
        return S3ERR_OK;
    return strcmp(hex_encode(b->want_md5, MD5_LEN, want), md5_hex) == 0 ? S3ERR_OK
                                                                        : S3ERR_BAD_DIGEST;
}
