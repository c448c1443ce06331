/* range.h - the Range header of GET and HEAD against an object of known size. Pure. RFC 9110 14.
 * As S3 does, anything but one well-formed byte range is ignored and the whole object is sent. */
#ifndef S3NODE_WIRE_RANGE_H
#define S3NODE_WIRE_RANGE_H

#include <stdint.h>

#include "base/span.h"

enum range_kind {
    RANGE_WHOLE,         /* 200: no range, or one to ignore */
    RANGE_PART,          /* 206 */
    RANGE_UNSATISFIABLE, /* 416, S3ERR_INVALID_RANGE */
};

struct range {
    uint64_t first,
        len; /* bytes; all of the object for RANGE_WHOLE; 0, 0 for RANGE_UNSATISFIABLE */
};

/** Resolves `bytes=a-b`, `bytes=a-`, `bytes=-n`.
 *  @param header  the value of Range; p == NULL: absent
 *  @param size    of the object, bytes */
enum range_kind range_resolve(struct span header, uint64_t size, struct range *out);

#endif
