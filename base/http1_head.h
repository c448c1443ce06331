/* http1_head.h - the parts of an HTTP/1.1 head that two programs must not read in two ways: the
 * start line, and the headers that say how long the message is. For http1.c alone; pure. */
#ifndef BASE_HTTP1_HEAD_H
#define BASE_HTTP1_HEAD_H

#include "base/http1.h"

/** Reads the start line, without its CRLF, into `method`, `target` or `status`, and `minor`: single
 * blanks, HTTP/1.0 or HTTP/1.1, nothing else (RFC 9112 3, 4). @return false if it is none */
NODISCARD bool http1_head_start(struct http1_head *head, enum http1_kind kind, struct span line);

/** Reads the headers that say how the message goes on into `chunked`, `has_length`, `length` and
 * `expect_continue`. @return NULL, or why two programs could disagree (RFC 9112 3.2, 6.1, 6.3) */
NODISCARD const char *http1_head_framing(struct http1_head *head, enum http1_kind kind);

#endif
