/* node.h - what the loops of one process share. Built by server.c before the first thread starts;
 * afterwards only atomics change, and the policy, which is published. */
#ifndef S3NODE_SERVE_NODE_H
#define S3NODE_SERVE_NODE_H

#include <stdatomic.h>

#include "base/net.h"
#include "base/publish.h"
#include "s3node/op/service.h"
#include "s3node/serve/count.h"
#include "s3node/serve/iopool.h"
#include "s3node/serve/piece.h"

/* The life of the process. */
enum phase {
    PHASE_STARTING,
    PHASE_SERVING,
    PHASE_DRAINING, /* not ready; listening and serving, replies end their connections */
    PHASE_CLOSING,  /* no longer listening; what is in flight ends */
};

enum node_state { NODE_STARTING, NODE_READY, NODE_FULL, NODE_DRAIN, NODE_MAINT, NODE_FAILED };

enum access_level { ACCESS_OFF, ACCESS_ERRORS /* status 400 and above */, ACCESS_ALL };

/* What a reload replaces as a whole; one heap block. */
struct policy {
    int64_t idle_ms; /* a connection without a request is closed after this */
    enum access_level access;
    size_t n_inspect;
    struct prefix inspect[]; /* who may read /-/ beyond live and ready */
};

struct access_log;

struct node {
    struct service *service;
    struct iopool *pool;
    struct access_log *access;
    struct count count;
    struct publish *policy; /* of const struct policy; a loop reads with its own number */
    struct loop *loops;
    unsigned n_loops;
    uint32_t open_max;      /* connections beyond these are guests */
    uint32_t guests_max;    /* and beyond those they wait in the kernel's queue */
    _Atomic uint32_t open;  /* connections of any kind */
    piece_tally held;       /* bytes of all pieces */
    atomic_bool told_short; /* the log has said that descriptors are short */
    _Atomic int phase;
    _Atomic uint64_t accepts;  /* connections since the start */
    _Atomic uint64_t seq;      /* of the last report */
    _Atomic uint32_t inflight; /* S3 requests between head and end of reply */
};

/** The state a report gives now. A filesystem that hangs (failed) and `--maint` (maint) will be
 *  further inputs of it. */
static inline enum node_state node_state(struct node *n)
{
    switch ((enum phase)atomic_load(&n->phase)) {
    case PHASE_STARTING:
        return NODE_STARTING;
    case PHASE_DRAINING:
    case PHASE_CLOSING:
        return NODE_DRAIN;
    case PHASE_SERVING:
        break;
    }
    return count_view(&n->count).full ? NODE_FULL : NODE_READY;
}

#endif
