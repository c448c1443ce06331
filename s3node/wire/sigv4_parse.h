/* sigv4_parse.h - the Authorization header and the date of a signed request, taken apart. Pure;
 * spans borrow from the head. A part of sigv4. */
#ifndef S3NODE_WIRE_SIGV4_PARSE_H
#define S3NODE_WIRE_SIGV4_PARSE_H

#include <stdint.h>

#include "base/http1.h"
#include "base/span.h"

enum { SIGV4_STAMP_LEN = 16 /* 20130524T000000Z */, SIGV4_DAY_LEN = 8 };

struct sigv4_auth {
    struct span access_key;
    struct span scope; /* DATE/REGION/SERVICE/aws4_request */
    struct span day, region, service;
    struct span signed_headers; /* names between ';' as sent */
    struct span signature;      /* 64 hex digits */
};

/** Reads what follows "AWS4-HMAC-SHA256 ": Credential, SignedHeaders and Signature, once each, in
 * any order.
 *  @return false if it is anything else */
NODISCARD bool sigv4_parse_auth(struct span text, struct sigv4_auth *out);

struct sigv4_date {
    int64_t wall_ms;
    char stamp[SIGV4_STAMP_LEN + 1]; /* as it is signed; begins with the day */
};

/** The time of the request: x-amz-date (`20130524T000000Z`), else Date (that form or RFC 9110's).
 *  @return false if there is none that can be read */
NODISCARD bool sigv4_parse_date(const struct http1_head *head, struct sigv4_date *out);

#endif
