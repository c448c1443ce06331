/* host.h - buckets in the Host header: virtual-hosted style, BUCKET.DOMAIN (S3 User Guide, "Virtual
 * hosting of buckets"). Pure. */
#ifndef S3NODE_WIRE_HOST_H
#define S3NODE_WIRE_HOST_H

#include <stddef.h>

#include "base/span.h"

/** What stands before one of the `domains` in `host` (a Host header, with or without port, any
 *  case). With domains inside each other the longest counts.
 *  @return the bucket, borrowed from `host`; a span with p == NULL for path style */
struct span host_bucket(struct span host, const char *const *domains, size_t n);

#endif
