/* awschunk.h - decoder of `Content-Encoding: aws-chunked` bodies with unsigned chunks
 * (STREAMING-UNSIGNED-PAYLOAD-TRAILER): `HEX\r\n DATA \r\n ... 0\r\n trailer: value\r\n \r\n`.
 *
 * Pure; the caller owns input and state; memory is fixed but for the digest of a SHA256 trailer.
 * Verifies the decoded length and the checksum in the trailer. S3 API Reference, "Signature
 * calculations ... including trailing headers". Signed chunks are not decoded here (yet). */
#ifndef S3NODE_WIRE_AWSCHUNK_H
#define S3NODE_WIRE_AWSCHUNK_H

#include <stdint.h>

#include "base/span.h"
#include "s3node/wire/checksum.h"
#include "s3node/wire/s3err.h"

enum { AWSCHUNK_LINE = 512 /* longest chunk or trailer line, bytes */, AWSCHUNK_TRAILERS = 8 };

enum awschunk_event {
    AWSCHUNK_MORE,  /* all input used, nothing to report */
    AWSCHUNK_DATA,  /* `*data` borrows decoded bytes from the input */
    AWSCHUNK_ERROR, /* awschunk_end() says which */
};

enum awschunk_state {
    AWSCHUNK_IN_SIZE,
    AWSCHUNK_IN_DATA,
    AWSCHUNK_IN_DATA_END,
    AWSCHUNK_IN_TRAILER,
    AWSCHUNK_IN_END,
};

struct awschunk {
    enum awschunk_state state;
    enum s3err error;      /* the first one */
    uint64_t left;         /* data bytes missing from the current chunk */
    uint64_t decoded_left; /* data bytes missing from the body */
    int trailers;          /* lines read */
    bool announced;        /* a checksum trailer must come */
    struct checksum sum;   /* of the data; CHECKSUM_NONE once compared */
    char line[AWSCHUNK_LINE];
    size_t line_len;
};

/** Begins a body.
 *  @param decoded_len  x-amz-decoded-content-length, bytes
 *  @param trailer      value of x-amz-trailer, the name of the trailer announced; p == NULL: none
 *  @return S3ERR_OK, or S3ERR_CHECKSUM_NOT_IMPLEMENTED if the trailer is a checksum we cannot
 * verify */
enum s3err awschunk_init(struct awschunk *c, uint64_t decoded_len, struct span trailer);
void awschunk_fini(struct awschunk *c);

/** Feeds input; `*used` bytes of it were consumed. Call again with the rest until AWSCHUNK_MORE. */
enum awschunk_event awschunk_feed(struct awschunk *c, struct span in, size_t *used,
                                  struct span *data);

/** The HTTP body is over, or AWSCHUNK_ERROR was seen.
 *  @return S3ERR_OK if the body was complete and its checksum right; CHUNK_MALFORMED,
 * INCOMPLETE_BODY (not decoded_len bytes, or cut off), TRAILER_MALFORMED (also: announced and
 * missing), BAD_DIGEST, CHECKSUM_NOT_IMPLEMENTED */
enum s3err awschunk_end(const struct awschunk *c);

#endif
