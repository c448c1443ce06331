/* fserr.h - errors of the filesystem as answers of S3: one table. Pure. */
#ifndef S3NODE_STORE_FSERR_H
#define S3NODE_STORE_FSERR_H

#include "s3node/wire/s3err.h"

/** @param error  a value of errno that has no meaning of its own where it came up
 *  @return the answer; S3ERR_INTERNAL for what is not in the table */
enum s3err fserr(int error);

#endif
