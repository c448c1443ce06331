/* req.h - one S3 request from its head to its reply. Lives in its connection's arena; one owner at
 * a time: the loop hands it to a pool thread for each step and gets it back. Every step may block.
 */
#ifndef S3NODE_OP_REQ_H
#define S3NODE_OP_REQ_H

#include "base/arena.h"
#include "s3node/op/op.h"
#include "s3node/op/reply.h"
#include "s3node/op/service.h"

struct req {
    struct service *service;
    struct arena *arena;
    const struct http1_head *head; /* valid as long as the request */
    int64_t now_wall_ms;           /* when the head was complete */
    char id[REQUEST_ID_TEXT];

    struct uri uri;
    enum resource resource;
    struct span bucket, key; /* decoded; empty where the resource has none */
    const struct op *op;     /* NULL until routed */
    struct keyring *keys;    /* keeps `who` alive */
    const struct key *who;   /* NULL until authenticated */

    struct body body;
    struct store_put *put; /* an object or part being written */
    struct reply reply;
};

enum req_next {
    REQ_BODY,  /* go on with req_body (there may be none) */
    REQ_REPLY, /* the reply is ready: an error */
};

/** Prepares; never blocks. */
void req_init(struct req *r, struct service *service, struct arena *arena,
              const struct http1_head *head, int64_t now_wall_ms);

/** Head: whose request it is, what it asks, whether that is allowed; then the operation's start. */
enum req_next req_begin(struct req *r);

/** Bytes of the body, transfer coding removed. */
enum req_next req_body(struct req *r, struct span bytes);

/** The body is complete (or there was none): the reply is ready when this returns. */
void req_finish(struct req *r);

/** Makes the reply that error, undoing what was begun. */
void req_fail(struct req *r, enum s3err e);

/** Frees what the request holds outside the arena; undoes what was begun and not finished. Blocks
 *  only for that: never once there is a reply. */
void req_fini(struct req *r);

struct reply_ids req_ids(const struct req *r);

#endif
