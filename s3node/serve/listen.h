/* listen.h - the listening sockets of all loops, and how they are given up without losing a
 * connection. */
#ifndef S3NODE_SERVE_LISTEN_H
#define S3NODE_SERVE_LISTEN_H

#include "base/err.h"
#include "base/net.h"

/** Opens one socket for each of `loops` at each of the addresses; fds[loop * n + i] listens on
 *  at[i]. A port 0 is chosen by the kernel and then the same for all loops.
 *  @return false with `err`, nothing open */
NODISCARD bool listen_open(const struct addr *at, size_t n, unsigned loops, int *fds,
                           struct err *err);

/** From now on the kernel drops what would begin another connection; those whose handshake is under
 *  way still arrive. After a moment the queue can be emptied and the socket closed, and no client
 *  has seen its connection accepted and then reset. */
void listen_hush(int fd);

#endif
