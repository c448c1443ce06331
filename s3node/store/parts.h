/* parts.h - the parts of an unfinished upload. The name of a part's file carries all there is to
 * know about it, so one look at the directory is enough:
 *
 *   p00007.MTIME.SIZE.MD5      number, nanoseconds in 16 hex digits, bytes, ETag
 *
 * A part that was sent again has several files; the latest counts. Blocks. */
#ifndef S3NODE_STORE_PARTS_H
#define S3NODE_STORE_PARTS_H

#include <stdint.h>

#include "s3node/store/store.h"
#include "s3node/store/upload.h"

enum { PART_NAME = 96 };

struct part_slot {
    int64_t mtime_ns;
    uint64_t size;
    char etag[STORE_ETAG_TEXT]; /* "" for a number that was not uploaded */
};

struct parts {
    struct part_slot *slots; /* by number, 0..UPLOAD_PART_MAX; untouched ones cost nothing */
};

/** Reads the directory of an upload. @return false with errno; parts_fini in any case */
NODISCARD bool parts_read(int dir, struct parts *out);
void parts_fini(struct parts *parts);

/** The file name of a part. */
void parts_name(uint32_t number, const struct part_slot *slot, char out[PART_NAME]);

#endif
