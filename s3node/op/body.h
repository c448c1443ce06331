/* body.h - what arrives as a request body, checked on its way: aws-chunked framing, the signed
 * SHA-256, Content-MD5, x-amz-checksum-*, the size. Nothing may become visible before body_end
 * said OK. Pure but for the heap; one owner per struct. */
#ifndef S3NODE_OP_BODY_H
#define S3NODE_OP_BODY_H

#include <stdint.h>

#include "base/digest.h"
#include "base/http1.h"
#include "s3node/wire/awschunk.h"
#include "s3node/wire/checksum.h"
#include "s3node/wire/s3err.h"
#include "s3node/wire/sigv4.h"

#define BODY_OBJECT_MAX ((uint64_t)5 << 30) /* one PUT or part: 5 GiB */

enum body_kind {
    BODY_NONE,   /* ignored if there is one */
    BODY_SMALL,  /* collected in memory: an XML document */
    BODY_STREAM, /* handed on as it comes */
};

/** Takes decoded bytes. @return S3ERR_OK, or what ends the request */
typedef enum s3err body_sink_fn(void *ctx, struct span bytes);

struct body {
    enum body_kind kind;
    uint64_t size, max; /* decoded bytes so far, and at most */
    bool framed;        /* aws-chunked */
    struct awschunk frames;
    struct digest *sha256; /* NULL: not signed */
    uint8_t want_sha256[SHA256_LEN];
    struct checksum sum;
    struct span want_sum; /* base64, into the head */
    bool has_md5;
    uint8_t want_md5[MD5_LEN];
    struct buf small; /* BODY_SMALL: the document */
};

/** Reads what the head says about the body.
 *  @param sums_apply  x-amz-checksum-* describes this body (not so for CompleteMultipartUpload)
 *  @return S3ERR_OK; MISSING_CONTENT_LENGTH, ENTITY_TOO_LARGE, MESSAGE_TOO_LONG, INVALID_DIGEST,
 *  INVALID_REQUEST (two checksums), CHECKSUM_NOT_IMPLEMENTED, SIGNED_CHUNKS_NOT_IMPLEMENTED */
enum s3err body_open(struct body *b, enum body_kind kind, const struct http1_head *head,
                     const struct sigv4 *signature, bool sums_apply);
void body_fini(struct body *b); /* a zeroed one too */

/** Takes bytes as they come off the wire (transfer coding removed) and gives the decoded ones to
 *  `sink` (BODY_STREAM; else NULL). @return S3ERR_OK, or what is wrong with them */
enum s3err body_feed(struct body *b, struct span in, body_sink_fn *sink, void *ctx);

/** The last byte was fed. @return S3ERR_OK; INCOMPLETE_BODY, SHA256_MISMATCH, BAD_DIGEST */
enum s3err body_end(struct body *b);

/** Compares Content-MD5, if it was sent, with an ETag: 32 hex digits.
 *  @return S3ERR_OK or S3ERR_BAD_DIGEST */
enum s3err body_check_md5(const struct body *b, const char *md5_hex);

#endif
