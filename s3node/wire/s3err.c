#include "s3node/wire/s3err.h"

#include <assert.h>

static const struct s3err_row rows[S3ERR_COUNT] = {
    [S3ERR_OK] = {"", 200, ""},
#define ERROR(name, code, status, message) [S3ERR_##name] = {code, status, message},
#include "s3node/wire/s3err.def"
#undef ERROR
};

const struct s3err_row *s3err_row(enum s3err e)
{
    assert(e < S3ERR_COUNT);
    return &rows[e];
}
