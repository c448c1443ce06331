/* put.h - a file being written, for the files of this room: objects and parts of uploads are both
 * one temporary file, sealed with its record and then published, each in its own way. */
#ifndef S3NODE_STORE_PUT_H
#define S3NODE_STORE_PUT_H

#include "base/digest.h"
#include "s3node/store/meta.h"
#include "s3node/store/root.h"

struct store_put {
    struct store *s;
    int bucket, fd; /* the bucket's directory; the temporary file */
    char temp[TEMP_NAME];
    struct digest *md5; /* NULL once the ETag is known */
    struct meta meta;
    struct arena *arena; /* owns the spans of `meta` and those below */
    struct span bucket_name, key;
    enum s3err (*publish)(struct store_put *put); /* moves `temp` to where it belongs */
    struct span upload_dir;                       /* of a part: its directory in the bucket */
    uint32_t part_number;
};

/** Opens the bucket and creates the temporary file; to be published as the object `key`. Release
 *  with store_put_abort or store_put_commit. */
enum s3err put_new(struct store *s, struct span bucket, struct span key,
                   const struct store_meta *kept, struct store_put **out);

#endif
