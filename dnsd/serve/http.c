#include "dnsd/serve/http.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/http1.h"
#include "base/mem.h"
#include "dnsd/serve/accept.h"

enum { MAX_INPUT = 32 * 1024 };

struct http_client {
    TAILQ_ENTRY(http_client) by_use;
    struct http_server *server;
    struct bufferevent *stream;
    struct http1 *parser;
    bool closing; /* nothing more will be read: close when the reply is written */
};

struct http_server {
    struct evconnlistener *listener;
    int fd;
    http_page_fn *page;
    void *arg;
    TAILQ_HEAD(, http_client) clients; /* the one whose last request is oldest comes first */
    size_t n_clients;
};

static void client_close(struct http_client *c)
{
    TAILQ_REMOVE(&c->server->clients, c, by_use);
    c->server->n_clients--;
    bufferevent_free(c->stream);
    http1_free(c->parser);
    free(c);
}

/* --- replies --- */

static const char *status_text(int status)
{
    static const struct {
        int status;
        const char *text;
    } rows[] = {{200, "OK"},
                {400, "Bad Request"},
                {404, "Not Found"},
                {405, "Method Not Allowed"},
                {413, "Content Too Large"},
                {431, "Request Header Fields Too Large"},
                {503, "Service Unavailable"}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].status == status)
            return rows[i].text;
    return "Unknown";
}

static void send_reply(struct http_client *c, const struct http_reply *r, bool with_body)
{
    char date[CLOCK_TEXT];
    struct evbuffer *out = bufferevent_get_output(c->stream);
    evbuffer_add_printf(out,
                        "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n%s%s\r\n",
                        r->status, status_text(r->status), clock_http_date(clock_wall_ms(), date),
                        r->type, r->body.len, r->status == 405 ? "Allow: GET, HEAD\r\n" : "",
                        c->closing ? "Connection: close\r\n" : "");
    if (with_body)
        evbuffer_add(out, r->body.p, r->body.len);
}

/* Ends the conversation with a sentence. */
static void refuse(struct http_client *c, int status, const char *why)
{
    struct http_reply r = {.status = status, .type = "text/plain"};
    buf_printf(&r.body, "%s\n", why);
    c->closing = true;
    send_reply(c, &r, true);
    buf_fini(&r.body);
}

/* --- requests --- */

/* The path of a target in origin-form or absolute-form (RFC 9112 3.2), without its query. */
static struct span path_of(struct span target)
{
    if (span_starts(target, "http://")) {
        target = span_skip(target, 7);
        while (target.len > 0 && target.p[0] != '/')
            target = span_skip(target, 1);
    }
    struct span path = target;
    (void)span_split(&target, '?', &path);
    return path;
}

static void client_used(struct http_client *c)
{
    TAILQ_REMOVE(&c->server->clients, c, by_use);
    TAILQ_INSERT_TAIL(&c->server->clients, c, by_use);
}

static void answer(struct http_client *c)
{
    const struct http1_head *head = http1_head(c->parser);
    client_used(c);
    bool get = span_is(head->method, "GET");
    c->closing |= !head->keep_alive;
    if (!get && !span_is(head->method, "HEAD")) {
        refuse(c, 405, "nothing can be changed here");
        return;
    }
    struct http_reply r = {.status = 200, .type = "text/plain"};
    c->server->page(c->server->arg, path_of(head->target), &r);
    send_reply(c, &r, get);
    buf_fini(&r.body);
}

static void take_event(struct http_client *c, enum http1_event event)
{
    const struct http1_head *head = http1_head(c->parser);
    if (event == HTTP1_ERROR)
        refuse(c, http1_too_large(c->parser) ? 431 : 400, http1_reason(c->parser));
    else if (event == HTTP1_HEAD && (head->chunked || head->length > 0))
        refuse(c, 413, "requests have no body here");
    else if (event == HTTP1_DONE)
        answer(c);
}

/* One request at a time: the next one stays in the input until the reply to this one was read. */
static void client_go_on(struct http_client *c)
{
    struct evbuffer *in = bufferevent_get_input(c->stream);
    struct evbuffer *out = bufferevent_get_output(c->stream);
    enum http1_event event = HTTP1_HEAD;
    while (event != HTTP1_MORE && !c->closing && evbuffer_get_length(out) == 0) {
        size_t used, len = evbuffer_get_length(in);
        struct span body, bytes = span_bytes(evbuffer_pullup(in, -1), len);
        event = http1_feed(c->parser, bytes, &used, &body);
        evbuffer_drain(in, used);
        take_event(c, event);
    }
    if (c->closing && evbuffer_get_length(out) == 0)
        client_close(c);
    else if (c->closing)
        bufferevent_disable(c->stream, EV_READ);
}

static void on_ready(struct bufferevent *stream, void *arg)
{
    (void)stream;
    client_go_on(arg);
}

/* Who has sent its last request still gets the reply; anything else ends it. */
static void on_event(struct bufferevent *stream, short what, void *arg)
{
    struct http_client *c = arg;
    bool pending = evbuffer_get_length(bufferevent_get_output(stream)) > 0;
    c->closing = true;
    if (!(what & BEV_EVENT_EOF) || !pending)
        client_close(c);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer,
                      int len, void *arg)
{
    struct http_server *h = arg;
    (void)peer, (void)len;
    if (h->n_clients >= HTTP_MAX_CONNECTIONS)
        client_close(TAILQ_FIRST(&h->clients));
    struct bufferevent *stream =
        bufferevent_socket_new(evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);
    if (!stream) {
        close(fd);
        return;
    }
    struct http_client *c = NEW(struct http_client);
    *c = (struct http_client){.server = h, .stream = stream, .parser = http1_new(HTTP1_REQUEST)};
    TAILQ_INSERT_TAIL(&h->clients, c, by_use);
    h->n_clients++;
    const struct timeval idle = {HTTP_IDLE_S, 0};
    bufferevent_setcb(stream, on_ready, on_ready, on_event, c);
    bufferevent_setwatermark(stream, EV_READ, 0, MAX_INPUT);
    bufferevent_set_timeouts(stream, &idle, &idle);
    bufferevent_enable(stream, EV_READ | EV_WRITE);
}

struct http_server *http_new(struct event_base *base, int fd, http_page_fn *page, void *arg)
{
    struct http_server *h = NEW(struct http_server);
    *h = (struct http_server){.fd = fd, .page = page, .arg = arg};
    TAILQ_INIT(&h->clients);
    h->listener = accept_new(base, fd, on_accept, h);
    if (h->listener)
        return h;
    free(h);
    return NULL;
}

void http_free(struct http_server *h)
{
    while (!TAILQ_EMPTY(&h->clients))
        client_close(TAILQ_FIRST(&h->clients));
    evconnlistener_free(h->listener);
    close(h->fd);
    free(h);
}
