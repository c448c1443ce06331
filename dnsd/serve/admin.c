#include "dnsd/serve/admin.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "dnsd/serve/http.h"
#include "dnsd/serve/pages.h"
#include "dnsd/serve/thread.h"

enum { BACKLOG = 64, GOOD = 200, NOT_FOUND = 404, NOT_YET = 503 };

struct admin {
    struct thread thread;
    struct admin_source source;
    struct http_server *http;
    uint16_t port;
};

/* --- the pages: each fills `out` and gives the status; `status` is NULL until the first picture
 * --- */

static int page_live(struct admin *a, const struct status *status, struct buf *out)
{
    (void)a, (void)status;
    buf_text(out, "ok\n");
    return GOOD;
}

static int page_ready(struct admin *a, const struct status *status, struct buf *out)
{
    (void)status;
    bool ready = atomic_load(a->source.ready);
    buf_text(out, ready ? "ok\n" : "the first round of checks is not over\n");
    return ready ? GOOD : NOT_YET;
}

static int page_pools(struct admin *a, const struct status *status, struct buf *out)
{
    (void)a;
    struct json *v = pages_pools(status);
    json_write(v, JSON_PRETTY, out);
    json_free(v);
    return GOOD;
}

static int page_metrics(struct admin *a, const struct status *status, struct buf *out)
{
    pages_metrics(status, &a->source, out);
    return GOOD;
}

static int page_html(struct admin *a, const struct status *status, struct buf *out)
{
    (void)a;
    pages_html(status, out);
    return GOOD;
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

static const struct page *find_page(struct span path)
{
    for (size_t i = 0; i < COUNT(pages); i++)
        if (span_is(path, pages[i].path))
            return &pages[i];
    return NULL;
}

static void fill(struct admin *a, const struct page *page, const struct status *status,
                 struct http_reply *out)
{
    if (!page) {
        out->status = NOT_FOUND;
        buf_text(&out->body, "no such page; there are / /api/v1/pools /metrics /live /ready\n");
    } else if (page->needs_status && !status) {
        out->status = NOT_YET;
        buf_text(&out->body, "no picture yet; the first round of checks is not over\n");
    } else {
        out->type = page->type;
        out->status = page->fill(a, status, &out->body);
    }
}

static void on_request(void *arg, struct span path, struct http_reply *out)
{
    struct admin *a = arg;
    const struct status *status = publish_pin(a->source.statuses, a->source.reader);
    fill(a, find_page(path), status, out);
    publish_unpin(a->source.statuses, a->source.reader);
}

static void at_end(struct event_base *base, void *arg)
{
    struct admin *a = arg;
    (void)base;
    http_free(a->http);
}

/* @return false with `err`; `fd` is closed then */
static bool serve(struct admin *a, int fd, struct err *err)
{
    a->http = http_new(a->thread.base, fd, on_request, a);
    if (!a->http) {
        close(fd);
        return err_set(err, "cannot watch the admin socket: out of memory or descriptors");
    }
    if (thread_start(&a->thread, err))
        return true;
    http_free(a->http);
    return false;
}

struct admin *admin_start(const struct addr *at, const struct admin_source *source, struct err *err)
{
    int fd = net_listen_tcp(at, 0, BACKLOG, err);
    if (fd < 0)
        return NULL;
    struct admin *a = NEW(struct admin);
    *a = (struct admin){.source = *source, .port = net_bound_port(fd)};
    if (!thread_init(&a->thread, "admin", at_end, a, err)) {
        close(fd);
        free(a);
        return NULL;
    }
    if (serve(a, fd, err))
        return a;
    thread_fini(&a->thread);
    free(a);
    return NULL;
}

uint16_t admin_port(const struct admin *a)
{
    return a->port;
}

void admin_stop(struct admin *a)
{
    thread_stop(&a->thread);
    free(a);
}
