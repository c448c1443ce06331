#include "s3node/store/fserr.h"

#include <errno.h>
#include <stddef.h>

#include "base/span.h"

enum s3err fserr(int error)
{
    static const struct {
        int error;
        enum s3err answer;
    } rows[] = {
        {ENOSPC, S3ERR_INSUFFICIENT_STORAGE},
        {EDQUOT, S3ERR_INSUFFICIENT_STORAGE},
        {EROFS, S3ERR_READ_ONLY},
        {EFBIG, S3ERR_ENTITY_TOO_LARGE},
        {ENAMETOOLONG, S3ERR_KEY_TOO_LONG},
        {E2BIG, S3ERR_METADATA_TOO_LARGE},
        {EACCES, S3ERR_ACCESS_DENIED},
        {EPERM, S3ERR_ACCESS_DENIED},
        {ELOOP, S3ERR_ACCESS_DENIED},
        {EMFILE, S3ERR_SLOW_DOWN},
        {ENFILE, S3ERR_SLOW_DOWN},
        {EAGAIN, S3ERR_SLOW_DOWN},
        {ESTALE, S3ERR_SLOW_DOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].error == error)
            return rows[i].answer;
    return S3ERR_INTERNAL;
}
