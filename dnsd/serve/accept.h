/* accept.h - a listening socket on a libevent loop that survives running out of descriptors: it
 * pauses for 100 ms instead of trying without end. On the loop's thread. */
#ifndef DNSD_SERVE_ACCEPT_H
#define DNSD_SERVE_ACCEPT_H

#include <event2/listener.h>

/** Watches `fd`, which listens already and stays the caller's to close. Accepted sockets are
 * nonblocking and close-on-exec. Free the listener only when the loop does not run any more.
 *  @return NULL without memory or descriptors */
struct evconnlistener *accept_new(struct event_base *base, int fd, evconnlistener_cb fn, void *arg);

#endif
