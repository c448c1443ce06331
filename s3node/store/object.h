/* object.h - from an open file to what is known about the object; for the files of this room. */
#ifndef S3NODE_STORE_OBJECT_H
#define S3NODE_STORE_OBJECT_H

#include <sys/stat.h>

#include "s3node/store/meta.h"

/** Reads the record of an open object and fits it to the file: if another tool has made or changed
 * the file, the ETag is made up from what stat says (it looks like that of a multipart upload, so
 * clients do not take it for an MD5).
 *  @param arena  for headers, one of them always content-type; NULL: without headers
 *  @param out    `upload_id` and `key` are borrowed from the arena, and empty without one */
void object_read(int fd, const struct stat *st, struct span key, struct arena *arena,
                 struct meta *out);

/** The same as the store shows it to others. */
void object_info(const struct meta *m, struct store_info *out);

#endif
