#include "dnsd/serve/tcp.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rand.h"
#include "dnsd/serve/accept.h"
#include "dnsd/serve/tcp_client.h"
#include "dnsd/serve/thread.h"

enum { LISTENERS_MAX = 64 };

struct tcp_server {
    struct tcp_shared shared;
    struct thread thread;
    struct evconnlistener *listeners[LISTENERS_MAX];
    size_t n_listeners;
};

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer,
                      int len, void *arg)
{
    struct tcp_server *t = arg;
    struct addr from;
    (void)len;
    addr_from_sockaddr(peer, &from);
    tcp_client_open(&t->shared, evconnlistener_get_base(listener), fd, &from);
}

/* --- start and end --- */

static void close_listeners(struct tcp_server *t)
{
    while (t->n_listeners > 0)
        evconnlistener_free(t->listeners[--t->n_listeners]);
}

static void close_all(struct event_base *base, void *arg)
{
    struct tcp_server *t = arg;
    (void)base;
    tcp_client_close_all(&t->shared);
    for (size_t i = 0; i < t->n_listeners; i++)
        close(evconnlistener_get_fd(t->listeners[i]));
    close_listeners(t);
}

static bool listen_on(struct tcp_server *t, const int *sockets, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct evconnlistener *l = accept_new(t->thread.base, sockets[i], on_accept, t);
        if (!l)
            return err_set(err, "cannot watch the TCP sockets: out of memory or descriptors");
        t->listeners[t->n_listeners++] = l;
    }
    return true;
}

static void server_free(struct tcp_server *t)
{
    tcp_limits_free(t->shared.limits);
    free(t);
}

struct tcp_server *tcp_start(const int *sockets, size_t n, const struct answer_source *source,
                             unsigned reader, size_t total, struct err *err)
{
    assert(n <= LISTENERS_MAX);
    struct tcp_server *t = NEW(struct tcp_server);
    t->shared.source = *source;
    t->shared.reader = reader;
    t->shared.limits = tcp_limits_new(total, rand_seed());
    if (!thread_init(&t->thread, "tcp", close_all, t, err)) {
        server_free(t);
        return NULL;
    }
    if (listen_on(t, sockets, n, err) && thread_start(&t->thread, err))
        return t;
    close_listeners(t);
    thread_fini(&t->thread);
    server_free(t);
    return NULL;
}

void tcp_stop(struct tcp_server *t)
{
    thread_stop(&t->thread);
    server_free(t);
}

counter *tcp_answer_counts(struct tcp_server *t)
{
    return t->shared.ctx.counts;
}

counter *tcp_counts(struct tcp_server *t)
{
    return t->shared.counts;
}
