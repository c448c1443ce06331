/* server.h - the running node: listening sockets, loops, pool, and the way down. Main thread only.
 */
#ifndef S3NODE_SERVE_SERVER_H
#define S3NODE_SERVE_SERVER_H

#include "s3node/serve/node.h"

struct server_conf {
    const struct addr *listen;
    size_t n_listen;
    unsigned loops, pool_threads; /* 0: chosen by the machine */
    size_t max_files;             /* descriptors that the process may have */
    struct count_limits limits;
    int64_t drain_ms;
    struct policy *policy; /* taken over */
};

struct server;

/** Binds and listens; nothing is accepted yet. `service` is borrowed.
 *  @return NULL with `err`; nothing is left behind then */
struct server *server_new(const struct server_conf *conf, struct service *service, struct err *err);

/** Where listen address `i` was bound to, with the real port. */
struct addr server_address(const struct server *s, size_t i);

/** Starts the threads and says ready. */
NODISCARD bool server_start(struct server *s, struct err *err);

/** What a reload changes. `policy` is taken over. */
void server_apply(struct server *s, struct count_limits limits, int64_t drain_ms,
                  struct policy *policy);

/** Serves until a signal says to stop and the connections have ended. SIGTERM or SIGINT: drain; a
 *  second one: return at once. SIGHUP: calls `reload`.
 *  @param signals  of daemon_signals
 *  @return true if everything ended in order: server_free may follow; false after a second signal
 *  or when requests did not end in time: only the end of the process is left */
bool server_run(struct server *s, int signals, void (*reload)(void *ctx), void *ctx);

void server_free(struct server *s);

#endif
