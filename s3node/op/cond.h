/* cond.h - If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since of GET and HEAD.
 * Pure. RFC 9110 13.2.2 for the order, S3 API Reference GetObject for the codes. */
#ifndef S3NODE_OP_COND_H
#define S3NODE_OP_COND_H

#include <stdint.h>

#include "base/http1.h"
#include "s3node/wire/s3err.h"

/** @param etag      of the object, without quotes
 *  @param mtime_ms  its Last-Modified; compared in whole seconds, as the headers have no more
 *  @return S3ERR_OK (send it), S3ERR_NOT_MODIFIED or S3ERR_PRECONDITION_FAILED */
enum s3err cond_check(const struct http1_head *head, const char *etag, int64_t mtime_ms);

/** Reads an IMF-fixdate (RFC 9110 5.6.7), `Fri, 20 Nov 2026 09:12:03 GMT`.
 *  @return seconds since 1970, or -1 if it is none (the condition is ignored then) */
int64_t cond_parse_date(struct span text);

#endif
