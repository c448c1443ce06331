/* s3err.h - the answers of S3 that are not a success, as a number each; S3ERR_OK is none of them.
 * Pure. The rows are in s3err.def (S3 API Reference, "Error responses"); wire and store return the
 * number, only op's reply turns it into a status and a document. */
#ifndef S3NODE_WIRE_S3ERR_H
#define S3NODE_WIRE_S3ERR_H

enum s3err {
    S3ERR_OK,
#define ERROR(name, code, status, message) S3ERR_##name,
#include "s3node/wire/s3err.def"
#undef ERROR
    S3ERR_COUNT,
};

struct s3err_row {
    const char *code;    /* "NoSuchKey" */
    int status;          /* HTTP status */
    const char *message; /* one sentence for people */
};

/** The row of `e`; of S3ERR_OK: code "", status 200. Never NULL. */
const struct s3err_row *s3err_row(enum s3err e);

#endif
