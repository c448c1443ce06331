/* upload_find.h - opens the upload that a client names, for the files of this room. */
#ifndef S3NODE_STORE_UPLOAD_FIND_H
#define S3NODE_STORE_UPLOAD_FIND_H

#include "s3node/store/meta.h"
#include "s3node/store/root.h"
#include "s3node/store/upload.h"

enum { UPLOAD_PATH = sizeof SYS_MPU + UPLOAD_ID_TEXT };

struct upload_found {
    int bucket, dir;        /* descriptors */
    char path[UPLOAD_PATH]; /* of the directory in the bucket */
    struct meta meta;       /* of the object to be; lives in the arena */
};

/** @return S3ERR_OK (then upload_close is due), S3ERR_NO_SUCH_UPLOAD, S3ERR_NO_SUCH_BUCKET, or an
 *  error of the filesystem */
enum s3err upload_open(struct store *s, const struct upload *u, struct arena *arena,
                       struct upload_found *out);
void upload_close(struct upload_found *found);

/** Takes the upload away from everybody at once and removes its parts. */
enum s3err upload_remove(struct store *s, const struct upload_found *found);

#endif
