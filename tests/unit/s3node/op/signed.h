/* signed.h - requests as a client signs them, run against a store on a real filesystem. */
#ifndef TESTS_UNIT_S3NODE_OP_SIGNED_H
#define TESTS_UNIT_S3NODE_OP_SIGNED_H

#include "base/digest.h"
#include "s3node/op/req.h"
#include "tests/unit/s3node/store/fixture.h"

static const char day[] = "20261120", stamp[] = "20261120T091203Z";
static const int64_t now_ms = 1795165923000;

/* What a test asks; NULL or zero: the usual. */
struct ask {
    const char *access; /* "" : nobody signs */
    const char *method, *path, *query;
    const char *headers[5][2]; /* x-amz-* in lower case, each once: they are signed */
    const char *body;          /* NULL: none */
    const char *host;          /* NULL: a host that names no bucket */
};

/* HMAC chain of SigV4: the four parts of the scope, then the string to sign. */
static inline void sign(const char *secret, struct span text, char hex[2 * SHA256_LEN + 1])
{
    const char *const scope[] = {day, "us-east-1", "s3", "aws4_request"};
    char first[80];
    uint8_t key[SHA256_LEN];
    snprintf(first, sizeof first, "AWS4%s", secret);
    hmac_sha256(span_of(first), span_of(scope[0]), key);
    for (size_t i = 1; i < COUNT(scope); i++)
        hmac_sha256(span_bytes(key, sizeof key), span_of(scope[i]), key);
    hmac_sha256(span_bytes(key, sizeof key), text, key);
    hex_encode(key, sizeof key, hex);
}

static inline int by_name(const void *a, const void *b)
{
    const struct http1_header *x = a, *y = b;
    return strcasecmp(x->name.p, y->name.p);
}

/* What must be signed of `head`: Host and x-amz-*, sorted, each once.
 * @param names  gets `a;b;c`
 * @return `a:value\nb:value\n` */
static inline const char *canonical_headers(const struct http1_head *head, struct arena *arena,
                                            const char **names)
{
    struct http1_header sorted[HTTP1_MAX_HEADERS];
    const char *lines = "";
    *names = "";
    memcpy(sorted, head->headers, head->n_headers * sizeof sorted[0]);
    qsort(sorted, head->n_headers, sizeof sorted[0], by_name);
    for (size_t i = 0; i < head->n_headers; i++) {
        if (!span_is(sorted[i].name, "host") && !span_starts(sorted[i].name, "x-amz-"))
            continue;
        lines = arena_printf(arena, "%s%s:%s\n", lines, sorted[i].name.p, sorted[i].value.p);
        *names = arena_printf(arena, "%s%s%s", *names, **names ? ";" : "", sorted[i].name.p);
    }
    return lines;
}

static inline const char *authorization(const struct ask *ask, const struct http1_head *head,
                                        struct arena *arena)
{
    char hash[2 * SHA256_LEN + 1], hex[2 * SHA256_LEN + 1];
    uint8_t digest[SHA256_LEN];
    const char *names, *lines = canonical_headers(head, arena, &names);
    const char *canonical = arena_printf(arena, "%s\n%s\n%s\n%s\n%s\nUNSIGNED-PAYLOAD", ask->method,
                                         ask->path, ask->query ? ask->query : "", lines, names);
    sha256(span_of(canonical), digest);
    const char *text = arena_printf(arena, "AWS4-HMAC-SHA256\n%s\n%s/us-east-1/s3/aws4_request\n%s",
                                    stamp, day, hex_encode(digest, sizeof digest, hash));
    sign("secret", span_of(text), hex);
    return arena_printf(arena,
                        "AWS4-HMAC-SHA256 Credential=%s/%s/us-east-1/s3/aws4_request, "
                        "SignedHeaders=%s, Signature=%s",
                        ask->access ? ask->access : "admin", day, names, hex);
}

static inline void add(struct http1_head *head, const char *name, const char *value)
{
    head->headers[head->n_headers++] = (struct http1_header){span_of(name), span_of(value)};
}

static inline struct http1_head *head_of(const struct ask *ask, struct arena *arena)
{
    struct http1_head *head = ARENA_NEW(arena, struct http1_head);
    head->method = span_of(ask->method);
    head->target = span_of(arena_printf(arena, "%s%s%s", ask->path, ask->query ? "?" : "",
                                        ask->query ? ask->query : ""));
    head->has_length = ask->body != NULL;
    head->length = ask->body ? strlen(ask->body) : 0;
    add(head, "host", ask->host ? ask->host : "h");
    add(head, "x-amz-date", stamp);
    add(head, "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    for (size_t i = 0; i < COUNT(ask->headers) && ask->headers[i][0]; i++)
        add(head, ask->headers[i][0], ask->headers[i][1]);
    if (!ask->access || *ask->access)
        add(head, "Authorization", authorization(ask, head, arena));
    return head;
}

/* A service with three keys, all of the secret "secret". */
static inline struct service *service_for(struct store *store)
{
    static struct span mine[] = {{"bucket", 6}, {"mine-*", 6}};
    const struct key keys[] = {
        {.access = span_of("admin"), .secret = span_of("secret"), .mode = KEY_ADMIN},
        {.access = span_of("app"),
         .secret = span_of("secret"),
         .buckets = mine,
         .n_buckets = COUNT(mine),
         .mode = KEY_READWRITE},
        {.access = span_of("viewer"), .secret = span_of("secret"), .mode = KEY_READONLY},
    };
    static const char *const domains[] = {"s3.example.com"};
    const struct service_names names = {"us-east-1", domains, COUNT(domains)};
    return service_new(store, &names, keyring_new(keys, COUNT(keys)));
}

/* Runs a request to its reply, which is to be looked at and then given to req_fini. */
static inline void run(struct service *service, struct arena *arena, const struct ask *ask,
                       struct req *r)
{
    req_init(r, service, arena, head_of(ask, arena), now_ms);
    if (req_begin(r) == REQ_REPLY)
        return;
    if (ask->body && req_body(r, span_of(ask->body)) == REQ_REPLY)
        return;
    req_finish(r);
}

#endif
