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

/** What to answer after something was written to the open bucket with the outcome `e`: that, or
 *  S3ERR_NO_SUCH_BUCKET if the directory is no longer the bucket of that name. Who removes a bucket
 * looks for objects after taking the name away, so what was published before this says S3ERR_OK is
 * not lost. */
enum s3err bucket_answer(struct store *s, struct span bucket, int fd, enum s3err e);

/** Finishes what a node that died left behind: half removed buckets, old temporary files. */
void bucket_tidy(struct store *s);

#endif
