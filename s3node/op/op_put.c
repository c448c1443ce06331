#include <stdio.h>

#include "s3node/op/ops.h"

enum { USER_METADATA_MAX = 2048 /* names behind the prefix, and values; S3 User Guide */ };

static const char user_prefix[] = "x-amz-meta-";

/* System metadata kept with an object: S3 User Guide, "Working with object metadata". */
static const char *const system_headers[] = {
    "cache-control",    "content-disposition", "content-encoding",
    "content-language", "content-type",        "expires",
};

static bool is_system(struct span name)
{
    for (size_t i = 0; i < COUNT(system_headers); i++)
        if (span_is_nocase(name, system_headers[i]))
            return true;
    return false;
}

static bool is_user(struct span name)
{
    size_t len = sizeof user_prefix - 1;
    return name.len > len && strncasecmp(name.p, user_prefix, len) == 0;
}

static struct span lower(struct arena *arena, struct span name)
{
    char *copy = arena_text(arena, name);
    for (size_t i = 0; i < name.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] + 'a' - 'A');
    return span_bytes(copy, name.len);
}

/* aws-chunked describes the way to us, not the object. */
static struct span without_aws_chunked(struct arena *arena, struct span codings)
{
    struct span coding, out = {0};
    while (span_split(&codings, ',', &coding)) {
        coding = span_trim(coding);
        if (coding.len == 0 || span_is_nocase(coding, "aws-chunked"))
            continue;
        const char *text = arena_printf(arena, "%.*s%s%.*s", (int)out.len, out.p ? out.p : "",
                                        out.len ? ", " : "", (int)coding.len, coding.p);
        out = span_of(text);
    }
    return out;
}

/* The kept header of the same name, or NULL: a header sent twice is one list (RFC 9110 5.3). */
static struct store_header *kept(const struct store_meta *meta, struct span name)
{
    for (size_t i = 0; i < meta->n; i++)
        if (span_equal(meta->headers[i].name, name))
            return &meta->headers[i];
    return NULL;
}

static void keep(struct arena *arena, struct store_meta *meta, struct span name, struct span value)
{
    struct store_header *old = kept(meta, name);
    if (!old) {
        meta->headers[meta->n++] = (struct store_header){name, value};
        return;
    }
    old->value = span_of(arena_printf(arena, "%.*s,%.*s", (int)old->value.len, old->value.p,
                                      (int)value.len, value.p));
}

enum s3err op_meta(struct req *r, struct store_meta *out)
{
    const struct http1_head *head = r->head;
    size_t user_len = 0;
    *out =
        (struct store_meta){.headers = ARENA_ARRAY(r->arena, struct store_header, head->n_headers)};
    for (size_t i = 0; i < head->n_headers; i++) {
        struct span name = head->headers[i].name, value = head->headers[i].value;
        if (is_user(name))
            user_len += name.len - (sizeof user_prefix - 1) + value.len;
        else if (!is_system(name))
            continue;
        if (span_is_nocase(name, "content-encoding"))
            value = without_aws_chunked(r->arena, value);
        if (value.len > 0 || is_user(name))
            keep(r->arena, out, lower(r->arena, name), value);
    }
    return user_len > USER_METADATA_MAX ? S3ERR_METADATA_TOO_LARGE : S3ERR_OK;
}

/* PutObject */
enum s3err op_put_start(struct req *r)
{
    struct store_meta meta;
    enum s3err e = op_meta(r, &meta);
    if (e != S3ERR_OK)
        return e;
    return store_put_begin(service_store(r->service), r->bucket, r->key, &meta, &r->put);
}

/* PutObject, UploadPart */
enum s3err op_put_take(struct req *r, struct span bytes)
{
    return store_put_write(r->put, bytes.p, bytes.len);
}

enum s3err op_put_finish(struct req *r)
{
    char etag[STORE_ETAG_TEXT];
    snprintf(etag, sizeof etag, "%s", store_put_etag(r->put));
    enum s3err e = body_check_md5(&r->body, etag);
    if (e != S3ERR_OK)
        return e;
    struct store_put *put = r->put;
    r->put = NULL; /* commit frees it, whatever it answers */
    e = store_put_commit(put, NULL);
    if (e != S3ERR_OK)
        return e;
    reply_status(&r->reply, 200);
    reply_header(&r->reply, "ETag", "\"%s\"", etag);
    return S3ERR_OK;
}
