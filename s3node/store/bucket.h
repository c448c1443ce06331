/* bucket.h - the directories of buckets, for the other files of this room. */
#ifndef S3NODE_STORE_BUCKET_H
#define S3NODE_STORE_BUCKET_H

#include "s3node/store/store.h"

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
