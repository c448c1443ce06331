/* place.h - where an object is in its bucket: finding it, putting one there, taking it away, while
 * other threads, processes and hosts do the same.
 *
 * The rules that make this safe without a lock on every write:
 *   - an object is at its path, or at its alias when the path is a directory; where both are files,
 *     the path is the newer one and counts;
 *   - nothing ever moves from an alias to a path;
 *   - a file becomes a directory (`a` when `a/b` is written) by one rename to its alias, then
 * mkdir. Both, and every other mkdir, hold the lock of the bucket: so no rename can catch a
 * directory;
 *   - an empty directory may be removed by anybody at any time; writers make it again.
 * Loops over the actions of others are bounded; then S3ERR_SLOW_DOWN. */
#ifndef S3NODE_STORE_PLACE_H
#define S3NODE_STORE_PLACE_H

#include <sys/stat.h>

#include "s3node/store/store.h"

/** Opens the object for reading. @param bucket  descriptor of the bucket
 *  @return S3ERR_OK with `*fd` and `*st` of a regular file, S3ERR_NO_SUCH_KEY, or an error of the
 *  filesystem */
enum s3err place_open(int bucket, struct span key, int *fd, struct stat *st);

/** Renames the finished file `temp` (relative to the bucket) to the place of `key`. */
enum s3err place_publish(struct store *s, int bucket, const char *temp, struct span key);

/** Removes the object, if there is one, and the directories that it leaves empty. */
enum s3err place_remove(struct store *s, int bucket, struct span key);

#endif
