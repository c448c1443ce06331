/* udp.h - one thread that answers UDP: poll, recvmmsg, answer_packet, sendmmsg, and nothing else.
 * It allocates nothing and takes no lock after its start; the world is pinned once a batch. */
#ifndef DNSD_SERVE_UDP_H
#define DNSD_SERVE_UDP_H

#include "base/err.h"
#include "dnsd/serve/source.h"

struct udp_server;

/** Starts a thread over `n` bound sockets, which are its own from now on. `reader` is its slot in
 * the source's publishers.
 *  @return NULL with `err` if the thread cannot be made; the sockets stay the caller's */
struct udp_server *udp_start(const int *sockets, size_t n, const struct answer_source *source,
                             unsigned reader, struct err *err);

/** Answers what has arrived, ends the thread, closes the sockets. */
void udp_stop(struct udp_server *u);

/** Its counters, COUNT_ANSWERS of them; any thread may read. */
counter *udp_counts(struct udp_server *u);

#endif
