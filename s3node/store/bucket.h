/* bucket.h - the directories of buckets, for the other files of this room. */
#ifndef S3NODE_STORE_BUCKET_H
#define S3NODE_STORE_BUCKET_H

#include "s3node/store/store.h"
#include "s3node/wire/s3name.h"

enum { BUCKET_NAME = S3NAME_BUCKET_MAX + 1 };

/** The name as a C string. @return false if no bucket can be called so */
NODISCARD bool bucket_name(struct span bucket, char out[BUCKET_NAME]);

/** Opens a bucket's directory. @param fd  the caller closes it
 *  @return S3ERR_OK, S3ERR_INVALID_BUCKET_NAME, S3ERR_NO_SUCH_BUCKET, or an error of the filesystem
 */
enum s3err bucket_open(struct store *s, struct span bucket, int *fd);

/** Whether the open directory is still the bucket of that name. What was published before this is
 * true will be seen by whoever removes the bucket. */
bool bucket_is_current(struct store *s, struct span bucket, int fd);

/** Finishes what a node that died left behind: half removed buckets, old temporary files. */
void bucket_tidy(struct store *s);

#endif
