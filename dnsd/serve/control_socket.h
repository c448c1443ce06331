/* control_socket.h - makes the Unix socket of dnsctl at its path. Main thread, before others run:
 * it changes the umask for a moment. */
#ifndef DNSD_SERVE_CONTROL_SOCKET_H
#define DNSD_SERVE_CONTROL_SOCKET_H

#include "base/err.h"

/** A nonblocking socket that listens at `path` with mode 0660. A dead socket there is replaced, one
 * that somebody answers on and everything that is no socket is left alone.
 *  @return the descriptor, or -1 with `err` and the remedy */
int control_socket(const char *path, int backlog, struct err *err);

#endif
