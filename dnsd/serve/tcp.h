/* tcp.h - one thread that answers TCP on a libevent loop (RFC 7766, RFC 9210). What one connection
 * may do is in tcp_client.h, how many there may be in tcp_limits.h. */
#ifndef DNSD_SERVE_TCP_H
#define DNSD_SERVE_TCP_H

#include "base/err.h"
#include "dnsd/serve/source.h"
#include "dnsd/serve/tcp_counts.h"

struct tcp_server;

/** Starts a thread over `n` listening sockets, which are its own from now on. `reader` is its slot
 * in the source's publishers, `total` how many connections it may hold (tcp_limits_total).
 *  @return NULL with `err` if it cannot be made; the sockets stay the caller's */
struct tcp_server *tcp_start(const int *sockets, size_t n, const struct answer_source *source,
                             unsigned reader, size_t total, struct err *err);

/** Ends the thread; closes sockets and connections. */
void tcp_stop(struct tcp_server *t);

/** What it counts of its answers, COUNT_ANSWERS of them; any thread may read. */
counter *tcp_answer_counts(struct tcp_server *t);

/** What it counts of its connections, TCP_COUNTS of them; any thread may read. */
counter *tcp_counts(struct tcp_server *t);

#endif
