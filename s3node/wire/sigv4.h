/* sigv4.h - who signed this request: AWS Signature Version 4 in the Authorization header.
 * Pure but for the heap: now, the region and the secret of a key come from the caller; no policy
 * here. S3 API Reference, "Authenticating Requests: Using the Authorization Header".
 *
 * The body is not looked at: when `payload` is SIGV4_PAYLOAD_SHA256 the caller must hash what it
 * receives and compare with `payload_sha256` before anything becomes visible
 * (S3ERR_SHA256_MISMATCH). */
#ifndef S3NODE_WIRE_SIGV4_H
#define S3NODE_WIRE_SIGV4_H

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/http1.h"
#include "s3node/wire/s3err.h"
#include "s3node/wire/uri.h"

enum { SIGV4_SKEW_MS = 15 * 60 * 1000 };

enum sigv4_payload {
    SIGV4_PAYLOAD_UNSIGNED,              /* UNSIGNED-PAYLOAD, or an anonymous request */
    SIGV4_PAYLOAD_SHA256,                /* 64 hex digits */
    SIGV4_PAYLOAD_CHUNKS_TRAILER,        /* STREAMING-UNSIGNED-PAYLOAD-TRAILER */
    SIGV4_PAYLOAD_SIGNED_CHUNKS,         /* STREAMING-AWS4-HMAC-SHA256-PAYLOAD */
    SIGV4_PAYLOAD_SIGNED_CHUNKS_TRAILER, /* STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER */
};

/** Finds the secret of `access_key`; it stays valid until sigv4_verify returns.
 *  @return false if there is no such key */
typedef bool sigv4_secret_fn(const void *ctx, struct span access_key, struct span *secret);

struct sigv4_check {
    const struct http1_head *head;
    const struct uri *uri; /* of head->target */
    const char *region;    /* ours; another one in the credential scope is refused */
    int64_t now_wall_ms;
    sigv4_secret_fn *secret_of;
    const void *secret_ctx;
};

struct sigv4 {
    struct span access_key; /* into the head; p == NULL: nobody signed (anonymous) */
    enum sigv4_payload payload;
    uint8_t payload_sha256[SHA256_LEN]; /* for SIGV4_PAYLOAD_SHA256 */
};

/** Verifies the request. A request without any signature is S3ERR_OK with no access key: whether
 *  strangers may do what it asks is the caller's decision.
 *  @return S3ERR_OK; ACCESS_DENIED_DATE no usable date; ACCESS_DENIED_UNSIGNED_HEADER host or an
 *  x-amz-* header is not signed; AUTH_UNSUPPORTED another mechanism; AUTH_MALFORMED and its
 *  _DATE _REGION _SERVICE; INVALID_ACCESS_KEY_ID; INVALID_CONTENT_SHA256; MISSING_CONTENT_SHA256;
 *  PRESIGNED_NOT_IMPLEMENTED; REQUEST_TIME_TOO_SKEWED; SIGNATURE_DOES_NOT_MATCH */
enum s3err sigv4_verify(const struct sigv4_check *check, struct sigv4 *out);

#endif
