#include "dnsd/serve/tcp.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dnsd/serve/accept.h"
#include "dnsd/serve/thread.h"

enum { LENGTH_PREFIX = 2, LISTENERS_MAX = 64 };

struct tcp_client {
    TAILQ_ENTRY(tcp_client) by_use;
    struct tcp_server *server;
    struct bufferevent *stream;
    struct addr from;
    bool closing; /* nothing more will be read: close when the replies are written */
};

struct tcp_server {
    struct answer_ctx ctx;
    struct answer_source source;
    unsigned reader;
    struct thread thread;
    struct evconnlistener *listeners[LISTENERS_MAX];
    size_t n_listeners;
    TAILQ_HEAD(, tcp_client) clients; /* the one whose last question is oldest comes first */
    size_t n_clients;
    uint8_t reply[LENGTH_PREFIX + ANSWER_MAX];
};

static void client_close(struct tcp_client *c)
{
    TAILQ_REMOVE(&c->server->clients, c, by_use);
    c->server->n_clients--;
    bufferevent_free(c->stream);
    free(c);
}

static void client_used(struct tcp_client *c)
{
    TAILQ_REMOVE(&c->server->clients, c, by_use);
    TAILQ_INSERT_TAIL(&c->server->clients, c, by_use);
}

/* --- answering --- */

/* @return false if the message deserves no answer */
static bool answer_message(struct tcp_client *c, const uint8_t *message, size_t len)
{
    struct tcp_server *t = c->server;
    struct answer_query query = {message, len, c->from, .tcp = true, .wall_ms = clock_wall_ms()};
    const struct source_view view = source_pin(&t->source, t->reader, &t->ctx);
    size_t n = answer_packet(&t->ctx, view.world, view.status, clock_ms(), &query,
                             t->reply + LENGTH_PREFIX, ANSWER_MAX);
    source_unpin(&t->source, t->reader, &t->ctx);
    if (n == 0)
        return false;
    t->reply[0] = (uint8_t)(n >> 8);
    t->reply[1] = (uint8_t)n;
    bufferevent_write(c->stream, t->reply, LENGTH_PREFIX + n);
    return true;
}

static size_t unsent(const struct tcp_client *c)
{
    return evbuffer_get_length(bufferevent_get_output(c->stream));
}

/* Bytes of the next message with its prefix, 0 while it is not here as a whole. */
static size_t next_message(struct evbuffer *in)
{
    uint8_t prefix[LENGTH_PREFIX];
    if (evbuffer_copyout(in, prefix, sizeof prefix) < LENGTH_PREFIX)
        return 0;
    size_t len = LENGTH_PREFIX + ((size_t)prefix[0] << 8 | prefix[1]);
    return evbuffer_get_length(in) >= len ? len : 0;
}

/* Answers every whole message that has arrived, as long as the client reads its replies. Who sends
 * what deserves no answer speaks no DNS: it gets what it has asked before, and the end. */
static void answer_all(struct tcp_client *c)
{
    struct evbuffer *in = bufferevent_get_input(c->stream);
    size_t len;
    while (unsent(c) <= TCP_MAX_UNSENT && (len = next_message(in)) > 0) {
        const uint8_t *message = evbuffer_pullup(in, (ev_ssize_t)len);
        bool good = answer_message(c, message + LENGTH_PREFIX, len - LENGTH_PREFIX);
        evbuffer_drain(in, good ? len : evbuffer_get_length(in));
        c->closing |= !good;
        client_used(c);
    }
}

static void client_go_on(struct tcp_client *c)
{
    answer_all(c);
    if (c->closing && unsent(c) == 0)
        client_close(c);
    else if (c->closing || unsent(c) > TCP_MAX_UNSENT)
        bufferevent_disable(c->stream, EV_READ);
    else
        bufferevent_enable(c->stream, EV_READ);
}

/* --- events --- */

static void on_read(struct bufferevent *stream, void *arg)
{
    (void)stream;
    client_go_on(arg);
}

static void on_written(struct bufferevent *stream, void *arg)
{
    (void)stream;
    client_go_on(arg);
}

/* A half-closed client still gets its answers (RFC 7766 6.2.4); anything else ends it. */
static void on_event(struct bufferevent *stream, short what, void *arg)
{
    struct tcp_client *c = arg;
    (void)stream;
    if (!(what & BEV_EVENT_EOF)) {
        client_close(c);
        return;
    }
    c->closing = true;
    client_go_on(c);
}

static struct bufferevent *open_stream(struct event_base *base, int fd)
{
    const int on = 1;
    struct bufferevent *stream = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (!stream)
        close(fd);
    else /* or a reply waits for the acknowledgement of the one before (RFC 896) */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return stream;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer,
                      int len, void *arg)
{
    struct tcp_server *t = arg;
    (void)len;
    if (t->n_clients >= TCP_MAX_CONNECTIONS)
        client_close(TAILQ_FIRST(&t->clients));
    struct bufferevent *stream = open_stream(evconnlistener_get_base(listener), fd);
    if (!stream)
        return;
    struct tcp_client *c = NEW(struct tcp_client);
    *c = (struct tcp_client){.server = t, .stream = stream};
    addr_from_sockaddr(peer, &c->from);
    TAILQ_INSERT_TAIL(&t->clients, c, by_use);
    t->n_clients++;
    const struct timeval idle = {TCP_IDLE_S, 0};
    bufferevent_setcb(stream, on_read, on_written, on_event, c);
    bufferevent_setwatermark(stream, EV_READ, 0, LENGTH_PREFIX + ANSWER_MAX);
    bufferevent_set_timeouts(stream, &idle, &idle);
    bufferevent_enable(stream, EV_READ | EV_WRITE);
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
    while (!TAILQ_EMPTY(&t->clients))
        client_close(TAILQ_FIRST(&t->clients));
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

struct tcp_server *tcp_start(const int *sockets, size_t n, const struct answer_source *source,
                             unsigned reader, struct err *err)
{
    assert(n <= LISTENERS_MAX);
    struct tcp_server *t = NEW(struct tcp_server);
    t->source = *source;
    t->reader = reader;
    TAILQ_INIT(&t->clients);
    if (!thread_init(&t->thread, "tcp", close_all, t, err)) {
        free(t);
        return NULL;
    }
    if (listen_on(t, sockets, n, err) && thread_start(&t->thread, err))
        return t;
    close_listeners(t);
    thread_fini(&t->thread);
    free(t);
    return NULL;
}

void tcp_stop(struct tcp_server *t)
{
    thread_stop(&t->thread);
    free(t);
}

counter *tcp_counts(struct tcp_server *t)
{
    return t->ctx.counts;
}
