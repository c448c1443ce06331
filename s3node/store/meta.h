/* meta.h - the record kept with an object in one extended attribute, `user.s3n`. Pure.
 *
 *   "S3N1"  (tag, one byte; length, two bytes, big endian; value)...  CRC-32, four bytes, big
 * endian
 *
 * Readers pass over tags they do not know, so that records can grow. Size and modification time are
 * in it to notice that another tool has changed the file since. */
#ifndef S3NODE_STORE_META_H
#define S3NODE_STORE_META_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "s3node/store/store.h"

#define META_XATTR "user.s3n"

enum {
    META_HEADERS_MAX = 2800, /* bytes: what ext4 keeps beside the rest */
    META_BLOB_MAX = 4096,
};

struct meta {
    uint64_t size;
    int64_t mtime_ns;
    char etag[STORE_ETAG_TEXT];
    struct span upload_id;  /* the upload it was put together from; p == NULL: none */
    struct span key;        /* of an unfinished upload; p == NULL otherwise */
    struct store_meta kept; /* headers of the object */
};

/** What the headers take in the record: names, values and 4 bytes for each. */
size_t meta_headers_len(const struct store_meta *headers);

/** Appends the record. */
void meta_encode(const struct meta *m, struct buf *out);

/** Reads a record.
 *  @param blob   stays borrowed by what is read
 *  @param arena  for the list of headers; NULL: headers are left out
 *  @return false if it is damaged or not a record */
NODISCARD bool meta_decode(struct span blob, struct arena *arena, struct meta *out);

#endif
