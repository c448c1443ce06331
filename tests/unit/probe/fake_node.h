/* fake_node.h - a node that misbehaves as told, on a loopback port that the kernel chooses, in the
 * same loop as the checks under test. Sockets by hand, so that FIN and RST are exactly what is
 * sent. */
#ifndef TESTS_UNIT_PROBE_FAKE_NODE_H
#define TESTS_UNIT_PROBE_FAKE_NODE_H

#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/net.h"
#include "tests/unit/test.h"

enum fake_after { STAY, FIN, RST };

struct fake_script {
    const char *reply; /* to every request; NULL: silence */
    size_t len;        /* bytes of it; 0: all of it */
    bool endless;      /* `more` follows again and again */
    const char *more;
    bool slowly;           /* a byte every 5 ms */
    enum fake_after after; /* what follows the reply */
    bool close_at_accept;
    bool close_second; /* the second request on a connection is answered by `after` alone */
};

struct fake_conn {
    struct fake_node *node;
    struct fake_conn *next;
    int fd, requests;
    size_t sent;
    struct event *read, *write;
};

struct fake_node {
    struct event_base *base;
    struct fake_script script;
    struct addr at;
    int listener;
    struct event *accept;
    struct fake_conn *conns;
    int accepted, requests;
};

static void fake_close(struct fake_conn *c, enum fake_after how)
{
    struct linger hard = {1, 0};
    struct fake_conn **at = &c->node->conns;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    event_free(c->read);
    event_free(c->write);
    if (how == RST)
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(c->fd);
    free(c);
}

static void fake_close_all(struct fake_node *n, enum fake_after how)
{
    while (n->conns)
        fake_close(n->conns, how);
}

static bool fake_send(struct fake_conn *c, const char *p, size_t len)
{
    return send(c->fd, p, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static void fake_stream(struct fake_conn *c)
{
    const struct fake_script *s = &c->node->script;
    struct timeval soon = {0, 5000};
    if (s->slowly && c->sent < strlen(s->reply)) {
        if (fake_send(c, s->reply + c->sent++, 1))
            evtimer_add(c->write, &soon);
    } else if (s->endless && fake_send(c, s->more, strlen(s->more))) {
        event_add(c->write, NULL);
    }
}

static void fake_on_write(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    fake_stream(arg);
}

static void fake_answer(struct fake_conn *c)
{
    const struct fake_script *s = &c->node->script;
    bool mute = !s->reply || (s->close_second && c->requests > 1);
    enum fake_after after = s->close_second && c->requests == 1 ? STAY : s->after;
    c->sent = 0;
    if (!mute && !s->slowly)
        fake_send(c, s->reply, s->len ? s->len : strlen(s->reply));
    if (after != STAY)
        fake_close(c, after);
    else if (s->endless || s->slowly)
        fake_stream(c);
}

static void fake_on_read(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct fake_conn *c = arg;
    char request[4096];
    ssize_t n = recv(fd, request, sizeof request, 0);
    if (n <= 0) {
        fake_close(c, FIN);
        return;
    }
    c->requests++;
    c->node->requests++;
    fake_answer(c);
}

static void fake_on_accept(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct fake_node *n = arg;
    int conn = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (conn < 0)
        return;
    n->accepted++;
    struct fake_conn *c = NEW(struct fake_conn);
    *c = (struct fake_conn){.node = n, .next = n->conns, .fd = conn};
    n->conns = c;
    short kind = n->script.slowly ? 0 : EV_WRITE;
    c->read = event_new(n->base, conn, EV_READ | EV_PERSIST, fake_on_read, c);
    c->write = event_new(n->base, kind ? conn : -1, kind, fake_on_write, c);
    event_add(c->read, NULL);
    if (n->script.close_at_accept)
        fake_close(c, n->script.after);
}

static void fake_start(struct fake_node *n, struct event_base *base, int backlog,
                       const struct fake_script *script)
{
    struct addr any = {0};
    struct err err;
    assert_true(addr_parse_port(span_of("127.0.0.1:0"), true, &any));
    *n = (struct fake_node){.base = base, .script = *script};
    n->listener = net_listen_tcp(&any, 0, backlog, &err);
    if (n->listener < 0)
        fail_msg("%s", err.text);
    n->at = any;
    n->at.port = net_bound_port(n->listener);
    n->accept = event_new(base, n->listener, EV_READ | EV_PERSIST, fake_on_accept, n);
    event_add(n->accept, NULL);
}

/* Connects are refused from now on; connections live on. */
static void fake_stop_listening(struct fake_node *n)
{
    if (n->listener < 0)
        return;
    event_free(n->accept);
    close(n->listener);
    n->listener = -1;
}

/* The process dies: the kernel closes everything. */
static void fake_die(struct fake_node *n, enum fake_after how)
{
    fake_stop_listening(n);
    fake_close_all(n, how);
}

#endif
