/* loop.h - one thread, one libevent loop, its own listening sockets and its own connections.
 * Everything here is touched by that thread only, but for loop_start, loop_wake and loop_join. */
#ifndef S3NODE_SERVE_LOOP_H
#define S3NODE_SERVE_LOOP_H

#include <pthread.h>

#include "base/err.h"
#include "s3node/serve/kit.h"
#include "s3node/serve/node.h"
#include "s3node/serve/stats.h"

struct conn;
struct event;
struct event_base;

struct listener {
    struct loop *loop;
    struct event *event;
    int fd;
};

struct loop {
    struct node *node;
    unsigned index; /* its slot of node->policy */
    pthread_t thread;
    struct event_base *base;
    struct mailbox *mail; /* jobs coming home from the pool */
    struct event *mail_event;
    struct listener *listeners;
    size_t n_listeners;
    struct event *resume_event; /* ends a pause of accepting */
    struct conn *conns;
    size_t n_conns;
    struct kits kits;
    struct stats *stats;
    int ended_fd;        /* eventfd written when the thread ends */
    struct job wake_job; /* posted by the main thread when the phase has changed */
};

/** Takes over the listening sockets `fds`. */
void loop_init(struct loop *l, struct node *node, unsigned index, const int *fds, size_t n_fds,
               int ended_fd);
void loop_fini(struct loop *l);

NODISCARD bool loop_start(struct loop *l, struct err *err);

/** Makes the loop look at node->phase: PHASE_CLOSING ends listening, and the loop with its last
 *  connection. Main thread. */
void loop_wake(struct loop *l);

void loop_join(struct loop *l);

/** Of the connection: it exists, it is gone. */
void loop_add(struct loop *l, struct conn *c);
void loop_remove(struct loop *l, struct conn *c);

/** The policy now in force, until policy_unpin. */
const struct policy *policy_pin(struct loop *l);
void policy_unpin(struct loop *l);

#endif
