/* tcp.h - one thread that answers TCP on a libevent loop (RFC 7766): pipelining, several queries a
 * segment, replies in one write, an idle limit, a bound on connections (the one whose last
 * question is oldest gives way) and on unsent replies. */
#ifndef DNSD_SERVE_TCP_H
#define DNSD_SERVE_TCP_H

#include "base/err.h"
#include "dnsd/serve/source.h"

enum { TCP_MAX_CONNECTIONS = 1000, TCP_IDLE_S = 10, TCP_MAX_UNSENT = 64 * 1024 };

struct tcp_server;

/** Starts a thread over `n` listening sockets, which are its own from now on. `reader` is its slot
 * in the source's publishers.
 *  @return NULL with `err` if it cannot be made; the sockets stay the caller's */
struct tcp_server *tcp_start(const int *sockets, size_t n, const struct answer_source *source,
                             unsigned reader, struct err *err);

/** Ends the thread; closes sockets and connections. */
void tcp_stop(struct tcp_server *t);

/** Its counters, COUNT_ANSWERS of them; any thread may read. */
counter *tcp_counts(struct tcp_server *t);

#endif
