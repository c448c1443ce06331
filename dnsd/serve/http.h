/* http.h - a small HTTP/1.1 server for pages that are read: GET and HEAD, no bodies, a bound on
 * connections (the one whose last request is oldest gives way), one reply at a time. On a libevent
 * loop; every call and callback on its thread. */
#ifndef DNSD_SERVE_HTTP_H
#define DNSD_SERVE_HTTP_H

#include "base/buf.h"

struct event_base;
struct http_server;

enum { HTTP_MAX_CONNECTIONS = 64, HTTP_IDLE_S = 10 };

struct http_reply {
    int status;       /* 200, 404, 503 */
    const char *type; /* Content-Type */
    struct buf body;
};

/** Fills `out` for a GET of `path` (without the query); `out` is 200 text/plain, empty, before. */
typedef void http_page_fn(void *arg, struct span path, struct http_reply *out);

/** Serves the listening socket `fd`, its own from now on.
 *  @return NULL without memory or descriptors; `fd` stays the caller's */
struct http_server *http_new(struct event_base *base, int fd, http_page_fn *page, void *arg);

/** Closes everything; the loop does not run any more. */
void http_free(struct http_server *h);

#endif
