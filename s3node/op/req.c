#include "s3node/op/req.h"

#include "s3node/wire/s3name.h"

/* Headers and query parameters that ask for something an operation must not silently leave out. */
static const struct {
    const char *method, *prefix;
} unsupported_headers[] = {
    {"PUT", "if-match"},
    {"PUT", "if-none-match"},
    {"PUT", "x-amz-object-lock-"},
    {"PUT", "x-amz-server-side-encryption"},
    {"PUT", "x-amz-tagging"},
    {"PUT", "x-amz-write-offset-bytes"},
    {"PUT", "x-amz-website-redirect-location"},
    {"POST", "x-amz-object-lock-"},
    {"POST", "x-amz-server-side-encryption"},
    {"POST", "x-amz-tagging"},
    {"POST", "if-match"},
    {"POST", "if-none-match"},
    {"DELETE", "if-match"},
};

static bool starts_nocase(struct span s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && strncasecmp(s.p, prefix, len) == 0;
}

static bool asks_too_much(const struct req *r)
{
    const struct http1_head *head = r->head;
    for (size_t i = 0; i < COUNT(unsupported_headers); i++)
        for (size_t h = 0;
             span_is(head->method, unsupported_headers[i].method) && h < head->n_headers; h++)
            if (starts_nocase(head->headers[h].name, unsupported_headers[i].prefix))
                return true;
    struct span version = uri_param(&r->uri, "versionId");
    return version.p && !span_is(version, "null"); /* unversioned objects have this one version */
}

void req_init(struct req *r, struct service *service, struct arena *arena,
              const struct http1_head *head, int64_t now_wall_ms)
{
    *r = (struct req){.service = service, .arena = arena, .head = head, .now_wall_ms = now_wall_ms};
    service_request_id(service, r->id);
    reply_init(&r->reply);
    r->reply.head_only = span_is(head->method, "HEAD");
}

/* Virtual-hosted style: the bucket in Host, the key behind the first slash. Path style:
 * /BUCKET/KEY, the key behind the second one. */
static enum s3err parse_target(struct req *r)
{
    enum s3err e = uri_parse(r->head->target, r->arena, &r->uri);
    if (e != S3ERR_OK)
        return e;
    struct span rest = span_skip(r->uri.path, 1);
    r->bucket = service_host_bucket(r->service, r->head);
    if (!r->bucket.p)
        span_split(&rest, '/', &r->bucket);
    if (r->bucket.len > 0)
        r->resource = RESOURCE_BUCKET;
    if (rest.p && rest.len > 0) {
        r->resource = RESOURCE_OBJECT;
        r->key = rest;
    }
    return S3ERR_OK;
}

static bool secret_of(const void *ctx, struct span access_key, struct span *secret)
{
    const struct key *key = keyring_find(ctx, access_key);
    if (key)
        *secret = key->secret;
    return key != NULL;
}

static enum s3err authenticate(struct req *r, struct sigv4 *signature)
{
    r->keys = service_keys(r->service);
    struct sigv4_check check = {
        .head = r->head,
        .uri = &r->uri,
        .region = service_region(r->service),
        .now_wall_ms = r->now_wall_ms,
        .secret_of = secret_of,
        .secret_ctx = r->keys,
    };
    enum s3err e = sigv4_verify(&check, signature);
    if (e != S3ERR_OK)
        return e;
    if (!signature->access_key.p)
        return S3ERR_ACCESS_DENIED; /* nothing is open to strangers */
    r->who = keyring_find(r->keys, signature->access_key);
    return S3ERR_OK;
}

static enum s3err check_names(const struct req *r)
{
    enum s3err e = r->resource == RESOURCE_SERVICE ? S3ERR_OK : s3name_check_bucket(r->bucket);
    if (e == S3ERR_OK && r->resource == RESOURCE_OBJECT)
        e = s3name_check_key(r->key);
    return e;
}

static bool allowed(const struct req *r)
{
    if (r->op->perm == PERM_ANY_KEY)
        return true;
    return key_covers(r->who, r->bucket) &&
           (r->op->perm == PERM_READ || r->who->mode != KEY_READONLY);
}

static enum s3err admit(struct req *r)
{
    struct sigv4 signature;
    enum s3err e = parse_target(r);
    if (e != S3ERR_OK)
        return e;
    /* Routed first so that the log can name what was refused; told only to who may know. */
    enum s3err routed = op_route(r->head->method, r->resource, &r->uri, r->head, &r->op);
    e = authenticate(r, &signature);
    if (e == S3ERR_OK)
        e = routed;
    if (e == S3ERR_OK)
        e = check_names(r);
    if (e == S3ERR_OK && !allowed(r))
        e = S3ERR_ACCESS_DENIED;
    if (e == S3ERR_OK && asks_too_much(r))
        e = S3ERR_NOT_IMPLEMENTED;
    if (e == S3ERR_OK)
        e = body_open(&r->body, r->op->body, r->head, &signature, !r->op->sums_elsewhere);
    return e;
}

static enum req_next after(struct req *r, enum s3err e)
{
    if (e == S3ERR_OK)
        return REQ_BODY;
    req_fail(r, e);
    return REQ_REPLY;
}

enum req_next req_begin(struct req *r)
{
    enum s3err e = admit(r);
    if (e == S3ERR_OK && r->op->start)
        e = r->op->start(r);
    return after(r, e);
}

static enum s3err take(void *ctx, struct span bytes)
{
    struct req *r = ctx;
    return r->op->take(r, bytes);
}

enum req_next req_body(struct req *r, struct span bytes)
{
    return after(r, body_feed(&r->body, bytes, take, r));
}

void req_finish(struct req *r)
{
    enum s3err e = body_end(&r->body);
    if (e == S3ERR_OK)
        e = r->op->finish(r);
    if (e != S3ERR_OK)
        req_fail(r, e);
}

static void undo(struct req *r)
{
    store_put_abort(r->put);
    r->put = NULL;
}

void req_fail(struct req *r, enum s3err e)
{
    undo(r);
    struct reply_ids ids = req_ids(r);
    struct span resource = r->uri.path.p ? r->uri.path : span_of("/");
    reply_error(&r->reply, e, resource, &ids);
}

void req_fini(struct req *r)
{
    undo(r);
    body_fini(&r->body);
    reply_fini(&r->reply);
    keyring_unref(r->keys);
    r->keys = NULL;
}

struct reply_ids req_ids(const struct req *r)
{
    return (struct reply_ids){.request_id = r->id, .host_id = service_boot(r->service)};
}
