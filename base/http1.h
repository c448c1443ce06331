/* http1.h - HTTP/1.1 messages from a byte stream: heads whole, bodies as they come (RFC 9110,
 * 9112), over llhttp.
 *
 * Pure: no I/O, no clock. The caller owns the input and the parser; head text is copied into the
 * parser's own fixed buffer, so a head is valid until the next message starts and memory per
 * connection is known. Strict: what could be read in two ways (two lengths, length with chunked,
 * bare LF, obs-fold, no Host or two) is an error, never a guess. A 1xx response is a head
 * and DONE like any other; trailers and chunk extensions are read past; an upgrade is never made.
 */
#ifndef BASE_HTTP1_H
#define BASE_HTTP1_H

#include <stdint.h>

#include "base/span.h"

enum http1_kind { HTTP1_REQUEST, HTTP1_RESPONSE };

enum http1_event {
    HTTP1_MORE,  /* all input used, nothing to report */
    HTTP1_HEAD,  /* a head is complete: http1_head() */
    HTTP1_BODY,  /* `*body` borrows decoded body bytes from the input */
    HTTP1_DONE,  /* the message is complete; the next feed starts another one */
    HTTP1_ERROR, /* not HTTP, or over a bound: http1_reason(); the connection cannot go on */
};

enum { HTTP1_MAX_HEADERS = 100, HTTP1_MAX_HEAD = 16 * 1024 /* start line and headers, bytes */ };

struct http1_header {
    struct span name, value; /* value without blanks around it */
};

struct http1_head {
    struct span method, target; /* request; the target as sent */
    int status;                 /* response */
    uint8_t minor;              /* HTTP/1.minor */
    bool keep_alive;            /* the connection may carry another message (RFC 9112 9.3) */
    bool chunked, has_length;
    bool expect_continue;
    uint64_t length; /* Content-Length, bytes, when has_length */
    struct http1_header headers[HTTP1_MAX_HEADERS];
    size_t n_headers;
};

struct http1;

struct http1 *http1_new(enum http1_kind kind);
void http1_free(struct http1 *h);

/** Back to the state before the first byte. */
void http1_reset(struct http1 *h);

/** A response without a body whatever its headers say is expected (to HEAD). Call before each such
 * response; 1xx responses before it do not count. */
void http1_expect_no_body(struct http1 *h);

/** Feeds input; `*used` bytes of it were consumed. Call again with the rest, even an empty one,
 * until HTTP1_MORE. A server that stops reading at HTTP1_DONE has the pipelined rest. */
enum http1_event http1_feed(struct http1 *h, struct span in, size_t *used, struct span *body);

/** The peer closed. @return HTTP1_DONE if that ends a response body in a legal way, HTTP1_MORE if
 * no message was begun, HTTP1_ERROR if one was cut off */
enum http1_event http1_eof(struct http1 *h);

/** The head of the current message, from HTTP1_HEAD until the next message begins. */
const struct http1_head *http1_head(const struct http1 *h);

/** Why HTTP1_ERROR, in words. */
const char *http1_reason(const struct http1 *h);

/** True if the error is a head over HTTP1_MAX_HEAD or HTTP1_MAX_HEADERS (431 rather than 400). */
bool http1_too_large(const struct http1 *h);

/** The value of the header `name` (any case); `*count` (may be NULL) says how often it stands
 * there.
 *  @return the first one, or a span with p == NULL */
struct span http1_find(const struct http1_head *head, const char *name, size_t *count);

#endif
