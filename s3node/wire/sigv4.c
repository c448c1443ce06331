#include "s3node/wire/sigv4.h"

#include <stdlib.h>

#include "s3node/wire/sigv4_parse.h"

static const char algorithm[] = "AWS4-HMAC-SHA256";

/* ---- what the body will be ---- */

static enum s3err parse_payload(struct span value, struct sigv4 *out)
{
    static const struct {
        const char *text;
        enum sigv4_payload payload;
    } kinds[] = {
        {"UNSIGNED-PAYLOAD", SIGV4_PAYLOAD_UNSIGNED},
        {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", SIGV4_PAYLOAD_CHUNKS_TRAILER},
        {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", SIGV4_PAYLOAD_SIGNED_CHUNKS},
        {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", SIGV4_PAYLOAD_SIGNED_CHUNKS_TRAILER},
    };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (span_is(value, kinds[i].text)) {
            out->payload = kinds[i].payload;
            return S3ERR_OK;
        }
    }
    out->payload = SIGV4_PAYLOAD_SHA256;
    return hex_decode(value, out->payload_sha256, SHA256_LEN) ? S3ERR_OK
                                                              : S3ERR_INVALID_CONTENT_SHA256;
}

/* ---- which headers are signed ---- */

static bool is_signed(struct span names, struct span header)
{
    for (struct span name; span_split(&names, ';', &name);)
        if (name.len == header.len && strncasecmp(name.p, header.p, name.len) == 0)
            return true;
    return false;
}

/* host and every x-amz-* header must be signed, or somebody on the way could change what the
 * request means. */
static bool covers(const struct http1_head *head, struct span names)
{
    if (!is_signed(names, span_of("host")))
        return false;
    for (size_t i = 0; i < head->n_headers; i++) {
        struct span name = head->headers[i].name;
        if (span_is_nocase(span_first(name, 6), "x-amz-") && !is_signed(names, name))
            return false;
    }
    return true;
}

static bool few_names(struct span names)
{
    size_t n = 0;
    for (struct span name; span_split(&names, ';', &name);)
        n++;
    return n <= HTTP1_MAX_HEADERS;
}

/* ---- the canonical request ---- */

/* The value without outer blanks and with inner runs of them as one space. */
static void add_value(struct span value, struct buf *out)
{
    bool blank = false;
    value = span_trim(value);
    for (size_t i = 0; i < value.len; i++) {
        bool now = value.p[i] == ' ' || value.p[i] == '\t';
        if (!now)
            buf_add(out, value.p + i, 1);
        else if (!blank)
            buf_add(out, " ", 1);
        blank = now;
    }
}

static void add_header(const struct http1_head *head, struct span name, struct buf *out)
{
    const char *separator = ":";
    buf_add(out, name.p, name.len);
    for (size_t i = 0; i < head->n_headers; i++) {
        const struct http1_header *h = &head->headers[i];
        if (h->name.len != name.len || strncasecmp(h->name.p, name.p, name.len) != 0)
            continue;
        buf_text(out, separator);
        add_value(h->value, out);
        separator = ",";
    }
    buf_text(out, *separator == ':' ? ":\n" : "\n");
}

static void canonical_request(const struct sigv4_check *check, struct span signed_headers,
                              struct span payload, struct buf *out)
{
    struct span names = signed_headers;
    buf_add(out, check->head->method.p, check->head->method.len);
    buf_text(out, "\n");
    uri_encode(check->uri->path, "/", out);
    buf_text(out, "\n");
    uri_canonical_query(check->uri, NULL, out);
    buf_text(out, "\n");
    for (struct span name; span_split(&names, ';', &name);)
        add_header(check->head, name, out);
    buf_text(out, "\n");
    buf_add(out, signed_headers.p, signed_headers.len);
    buf_text(out, "\n");
    buf_add(out, payload.p, payload.len);
}

/* ---- the signature ---- */

static void string_to_sign(const struct sigv4_date *date, struct span scope, struct span canonical,
                           struct buf *out)
{
    uint8_t hash[SHA256_LEN];
    char hex[2 * SHA256_LEN + 1];
    sha256(canonical, hash);
    buf_printf(out, "%s\n%s\n%.*s\n%s", algorithm, date->stamp, (int)scope.len, scope.p,
               hex_encode(hash, sizeof hash, hex));
}

/* HMAC over HMAC: day, region, service, "aws4_request", then the text itself. */
static void sign(struct span secret, const struct sigv4_auth *auth, struct span text,
                 uint8_t out[SHA256_LEN])
{
    struct buf first = {0};
    buf_text(&first, "AWS4");
    buf_add(&first, secret.p, secret.len);
    hmac_sha256(buf_span(&first), auth->day, out);
    explicit_bzero(first.p, first.len);
    buf_fini(&first);
    const struct span steps[] = {auth->region, auth->service, span_of("aws4_request"), text};
    for (size_t i = 0; i < COUNT(steps); i++) {
        uint8_t next[SHA256_LEN];
        hmac_sha256(span_bytes(out, SHA256_LEN), steps[i], next);
        memcpy(out, next, sizeof next);
    }
}

static enum s3err compare_signature(const struct sigv4_check *check, const struct sigv4_auth *auth,
                                    const struct sigv4_date *date, struct span secret)
{
    struct buf canonical = {0}, text = {0};
    uint8_t ours[SHA256_LEN];
    char hex[2 * SHA256_LEN + 1];
    canonical_request(check, auth->signed_headers,
                      http1_find(check->head, "x-amz-content-sha256", NULL), &canonical);
    string_to_sign(date, auth->scope, buf_span(&canonical), &text);
    sign(secret, auth, buf_span(&text), ours);
    buf_fini(&canonical);
    buf_fini(&text);
    hex_encode(ours, sizeof ours, hex);
    return equal_constant_time(span_of(hex), auth->signature) ? S3ERR_OK
                                                              : S3ERR_SIGNATURE_DOES_NOT_MATCH;
}

/* ---- the checks, in the order in which S3 answers ---- */

static enum s3err check_scope(const struct sigv4_check *check, const struct sigv4_auth *auth,
                              const struct sigv4_date *date)
{
    if (!span_is(auth->service, "s3"))
        return S3ERR_AUTH_MALFORMED_SERVICE;
    if (!span_is(auth->region, check->region))
        return S3ERR_AUTH_MALFORMED_REGION;
    if (!span_equal(auth->day, span_bytes(date->stamp, SIGV4_DAY_LEN)))
        return S3ERR_AUTH_MALFORMED_DATE;
    int64_t skew_ms = date->wall_ms - check->now_wall_ms;
    return llabs(skew_ms) <= SIGV4_SKEW_MS ? S3ERR_OK : S3ERR_REQUEST_TIME_TOO_SKEWED;
}

static enum s3err verify_header(const struct sigv4_check *check, struct span header,
                                struct sigv4 *out)
{
    struct sigv4_auth auth;
    struct sigv4_date date;
    struct span secret;
    if (!sigv4_parse_auth(span_skip(header, sizeof algorithm), &auth) ||
        !few_names(auth.signed_headers))
        return S3ERR_AUTH_MALFORMED;
    if (!sigv4_parse_date(check->head, &date))
        return S3ERR_ACCESS_DENIED_DATE;
    enum s3err e = check_scope(check, &auth, &date);
    if (e != S3ERR_OK)
        return e;
    if (!check->secret_of(check->secret_ctx, auth.access_key, &secret))
        return S3ERR_INVALID_ACCESS_KEY_ID;
    if (!covers(check->head, auth.signed_headers))
        return S3ERR_ACCESS_DENIED_UNSIGNED_HEADER;
    if (!http1_find(check->head, "x-amz-content-sha256", NULL).p)
        return S3ERR_MISSING_CONTENT_SHA256;
    e = compare_signature(check, &auth, &date, secret);
    if (e == S3ERR_OK)
        out->access_key = auth.access_key;
    return e;
}

static enum s3err without_header(const struct sigv4_check *check)
{
    static const char *const presigned[] = {"X-Amz-Algorithm", "X-Amz-Signature", "Signature"};
    for (size_t i = 0; i < COUNT(presigned); i++)
        if (uri_param(check->uri, presigned[i]).p)
            return S3ERR_PRESIGNED_NOT_IMPLEMENTED;
    return S3ERR_OK;
}

enum s3err sigv4_verify(const struct sigv4_check *check, struct sigv4 *out)
{
    size_t count = 0, hashes = 0;
    struct span header = http1_find(check->head, "authorization", &count);
    struct span payload = http1_find(check->head, "x-amz-content-sha256", &hashes);
    *out = (struct sigv4){.payload = SIGV4_PAYLOAD_UNSIGNED};
    if (count > 1)
        return S3ERR_AUTH_MALFORMED;
    if (hashes > 1 || (payload.p && parse_payload(payload, out) != S3ERR_OK))
        return S3ERR_INVALID_CONTENT_SHA256;
    if (count == 0)
        return without_header(check);
    if (!span_starts(header, algorithm) || header.len <= sizeof algorithm - 1 ||
        header.p[sizeof algorithm - 1] != ' ')
        return S3ERR_AUTH_UNSUPPORTED;
    return verify_header(check, header, out);
}
