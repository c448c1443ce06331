/* answering.h - all answering threads: `threads` of UDP and as many of TCP, each with its own
 * SO_REUSEPORT socket on every listen address. The sockets are opened first, so that a port in use
 * is found before anything runs; queries that arrive before answering_start wait in the kernel's
 * queues. The number of sockets never changes afterwards. */
#ifndef DNSD_SERVE_ANSWERING_H
#define DNSD_SERVE_ANSWERING_H

#include "base/err.h"
#include "base/net.h"
#include "dnsd/serve/source.h"

struct answering;

enum { ANSWERING_MAX_THREADS = 64, ANSWERING_MAX_LISTEN = 32 };

/** Opens the sockets of `n` addresses (1..32) for `threads` (1..64). @return NULL with `err` and
 * the remedy */
struct answering *answering_open(const struct addr *listen, size_t n, size_t threads,
                                 struct err *err);

/** Reader slots that the threads need in a publisher. */
unsigned answering_readers(size_t threads);

/** Starts answering from `source`, whose reader slots 0..answering_readers-1 are the threads'.
 * @return false with `err` */
NODISCARD bool answering_start(struct answering *a, const struct answer_source *source,
                               struct err *err);

/** The counters of all threads, COUNT_ANSWERS each; valid until answering_stop. */
counter *const *answering_counts(const struct answering *a, size_t *n);

/** The same of TCP connections, TCP_COUNTS each. */
counter *const *answering_tcp_counts(const struct answering *a, size_t *n);

/** Answers what has arrived, ends the threads, closes the sockets. */
void answering_stop(struct answering *a);

#endif
