#include "dnsd/serve/admin.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "dnsd/serve/accept.h"
#include "dnsd/serve/pages.h"
#include "dnsd/serve/thread.h"

enum { MAX_HEAD = 16 * 1024, MAX_BODY = 0, TIMEOUT_S = 10, BACKLOG = 64 };

struct admin {
    struct thread thread;
    struct admin_source source;
    struct evhttp *http;
    int fd;
};

/* --- the pages: each fills `out` and gives the status; `status` is NULL until the first picture
 * --- */

static int page_live(struct admin *a, const struct status *status, struct buf *out)
{
    (void)a, (void)status;
    buf_text(out, "ok\n");
    return HTTP_OK;
}

static int page_ready(struct admin *a, const struct status *status, struct buf *out)
{
    (void)status;
    bool ready = atomic_load(a->source.ready);
    buf_text(out, ready ? "ok\n" : "the first round of checks is not over\n");
    return ready ? HTTP_OK : HTTP_SERVUNAVAIL;
}

static int page_pools(struct admin *a, const struct status *status, struct buf *out)
{
    (void)a;
    struct json *v = pages_pools(status);
    json_write(v, JSON_PRETTY, out);
    json_free(v);
    return HTTP_OK;
}

static int page_metrics(struct admin *a, const struct status *status, struct buf *out)
{
    pages_metrics(status, &a->source, out);
    return HTTP_OK;
}

static int page_html(struct admin *a, const struct status *status, struct buf *out)
{
    (void)a;
    pages_html(status, out);
    return HTTP_OK;
}

static const struct page {
    const char *path, *type;
    bool needs_status;
    int (*fill)(struct admin *a, const struct status *status, struct buf *out);
} pages[] = {
    {"/", "text/html; charset=utf-8", true, page_html},
    {"/api/v1/pools", "application/json", true, page_pools},
    {"/metrics", "text/plain; version=0.0.4; charset=utf-8", true, page_metrics},
    {"/live", "text/plain", false, page_live},
    {"/ready", "text/plain", false, page_ready},
};

static const struct page *find_page(const char *path)
{
    for (size_t i = 0; path && i < COUNT(pages); i++)
        if (strcmp(pages[i].path, path) == 0)
            return &pages[i];
    return NULL;
}

/* evhttp would send a body after HEAD too, and then no length. */
static void send_page(struct evhttp_request *req, int code, const char *type,
                      const struct buf *text)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    struct evbuffer *body = evbuffer_new();
    char length[24];
    snprintf(length, sizeof length, "%zu", text->len);
    evhttp_add_header(headers, "Content-Length", length);
    evhttp_add_header(headers, "Content-Type", type);
    evhttp_add_header(headers, "Cache-Control", "no-store");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    if (evhttp_request_get_command(req) != EVHTTP_REQ_HEAD)
        evbuffer_add(body, text->p, text->len);
    evhttp_send_reply(req, code, NULL, body);
    evbuffer_free(body);
}

static void on_request(struct evhttp_request *req, void *arg)
{
    struct admin *a = arg;
    const struct page *page = find_page(evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req)));
    struct buf text = {0};
    int code = HTTP_NOTFOUND;
    const struct status *status = publish_pin(a->source.statuses, a->source.reader);
    if (page && page->needs_status && !status) {
        code = HTTP_SERVUNAVAIL;
        buf_text(&text, "no picture yet; the first round of checks is not over\n");
    } else if (page)
        code = page->fill(a, status, &text);
    else
        buf_text(&text, "no such page; there are / /api/v1/pools /metrics /live /ready\n");
    publish_unpin(a->source.statuses, a->source.reader);
    send_page(req, code, page && code == HTTP_OK ? page->type : "text/plain", &text);
    buf_fini(&text);
}

static void at_end(struct event_base *base, void *arg)
{
    struct admin *a = arg;
    (void)base;
    evhttp_free(a->http); /* and the listener */
    close(a->fd);
}

/* @return false with `err`; `fd` stays the caller's then */
static bool serve(struct admin *a, int fd, struct err *err)
{
    a->http = evhttp_new(a->thread.base);
    if (!a->http)
        return err_set(err, "cannot make the admin server: out of memory");
    struct evconnlistener *listener = accept_new(a->thread.base, fd, NULL, NULL);
    if (!listener || !evhttp_bind_listener(a->http, listener)) {
        if (listener)
            evconnlistener_free(listener);
        evhttp_free(a->http);
        return err_set(err, "cannot watch the admin socket: out of memory or descriptors");
    }
    evhttp_set_allowed_methods(a->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_max_headers_size(a->http, MAX_HEAD);
    evhttp_set_max_body_size(a->http, MAX_BODY);
    evhttp_set_timeout(a->http, TIMEOUT_S);
    evhttp_set_gencb(a->http, on_request, a);
    return true;
}

struct admin *admin_start(const struct addr *at, const struct admin_source *source, struct err *err)
{
    int fd = net_listen_tcp(at, 0, BACKLOG, err);
    if (fd < 0)
        return NULL;
    struct admin *a = NEW(struct admin);
    *a = (struct admin){.source = *source, .fd = fd};
    if (!thread_init(&a->thread, "admin", at_end, a, err))
        goto no_thread;
    if (!serve(a, fd, err))
        goto no_server;
    if (thread_start(&a->thread, err))
        return a;
    evhttp_free(a->http);
no_server:
    thread_fini(&a->thread);
no_thread:
    close(fd);
    free(a);
    return NULL;
}

uint16_t admin_port(const struct admin *a)
{
    return net_bound_port(a->fd);
}

void admin_stop(struct admin *a)
{
    thread_stop(&a->thread);
    free(a);
}
