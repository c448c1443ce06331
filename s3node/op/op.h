/* op.h - the operation table: every request that a node answers is one row. Nothing else in the
 * program looks at a method or a subresource to decide what to do.
 *
 * An operation runs in up to three steps, each of which may block (pool threads only): `start`
 * once the signature is verified and before the client is told to go on, `body` for each piece of a
 * streamed body, `finish` when the body is complete and every digest was right. A step returns
 * S3ERR_OK or the error that becomes the reply; `finish` fills the reply. */
#ifndef S3NODE_OP_OP_H
#define S3NODE_OP_OP_H

#include "base/http1.h"
#include "s3node/op/body.h"
#include "s3node/wire/uri.h"

struct req;

enum resource { RESOURCE_SERVICE, RESOURCE_BUCKET, RESOURCE_OBJECT };

enum perm {
    PERM_ANY_KEY, /* whoever has a valid key */
    PERM_READ,    /* the key covers the bucket */
    PERM_WRITE,   /* and is not readonly */
};

typedef enum s3err op_step_fn(struct req *r);
typedef enum s3err op_body_fn(struct req *r, struct span bytes);

struct op {
    const char *name; /* as in the S3 API Reference: "PutObject" */
    const char *method;
    enum resource resource;
    const char *sub;    /* query parameter that selects the row; NULL: no subresource */
    const char *header; /* request header that selects it; NULL: none needed */
    enum perm perm;
    enum body_kind body;
    op_step_fn *start;   /* NULL: nothing to do */
    op_body_fn *take;    /* BODY_STREAM */
    op_step_fn *finish;  /* NULL: known, and not implemented */
    bool sums_elsewhere; /* x-amz-checksum-* does not describe the request body */
};

/** @param op  the row, also when it is not implemented; NULL if no row fits
 *  @return S3ERR_OK, S3ERR_NOT_IMPLEMENTED or S3ERR_METHOD_NOT_ALLOWED */
enum s3err op_route(struct span method, enum resource resource, const struct uri *uri,
                    const struct http1_head *head, const struct op **op);

/** Rows are numbered 0..op_count() - 1, for counters and for the tests of the table. */
size_t op_count(void);
const struct op *op_at(size_t i);
size_t op_index(const struct op *op);

#endif
