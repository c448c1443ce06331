/* reload.c - a new configuration: read on a thread of its own, adopted in one step or not at all.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "dnsd/dnsd.h"

struct reload {
    struct mail mail; /* first: the loader posts the reload itself when it is done */
    pthread_t thread;
    char *path;
    struct mailbox *done;
    struct control_client *client; /* who asked; NULL: a signal */
    bool again;                    /* a signal came meanwhile: the file may be newer */
    struct generation *loaded;     /* NULL: see errs */
    struct errs errs;
};

static void *load(void *arg)
{
    struct reload *r = arg;
    r->loaded = generation_load(r->path, &r->errs);
    mailbox_post(r->done, &r->mail);
    return NULL;
}

static void tell(struct control_client *client, bool ok, const char *text)
{
    if (!client)
        return;
    struct json *reply = json_new_object();
    json_set_bool(reply, "ok", ok);
    json_set_text(reply, ok ? "text" : "error", text);
    control_reply(client, reply);
}

void reload_start(struct dnsd *d, struct control_client *client)
{
    if (d->reload) {
        d->reload->again |= !client;
        tell(client, false, "a reload is under way already");
        return;
    }
    struct reload *r = NEW(struct reload);
    *r = (struct reload){
        .path = mem_text(span_of(d->config_path)), .done = d->loads, .client = client};
    int failed = pthread_create(&r->thread, NULL, load, r);
    if (failed) {
        log_error("reload: cannot start a loader thread: %s", strerror(failed));
        tell(client, false, "cannot start a loader thread");
        free(r->path);
        free(r);
        return;
    }
    pthread_setname_np(r->thread, "loader");
    d->reload = r;
}

static void reload_free(struct reload *r)
{
    errs_fini(&r->errs);
    free(r->path);
    free(r);
}

static void adopt(struct dnsd *d, struct generation *next)
{
    next->older = d->generation;
    generation_compare(next, d->fixed);
    d->generation = next;
    dnsd_adopt(d);
    publisher_changed(d->publisher);
}

static void report_errors(const struct reload *r)
{
    struct buf text = {0};
    char line[ERR_FILE + ERR_TEXT + 32];
    buf_printf(&text, "the configuration was not adopted, the running one stays:");
    for (size_t i = 0; i < r->errs.n; i++) {
        log_error("reload: %s", err_format(&r->errs.items[i], line, sizeof line));
        buf_printf(&text, "\n%s", line);
    }
    tell(r->client, false, buf_cstr(&text));
    buf_fini(&text);
}

static void report_warnings(const struct errs *warnings, struct buf *text)
{
    char line[ERR_FILE + ERR_TEXT + 32];
    for (size_t i = 0; i < warnings->n; i++) {
        log_warn("reload: %s", err_format(&warnings->items[i], line, sizeof line));
        buf_printf(text, "\n%s", line);
    }
}

static void report_success(struct dnsd *d, const struct reload *r)
{
    struct buf text = {0};
    generation_describe(d->generation, &text);
    log_info("reload: adopted %s: %s", r->path, buf_cstr(&text));
    report_warnings(&d->generation->warnings, &text);
    if (d->generation->pending.len) {
        log_warn("reload: pending until a restart: %s", buf_cstr(&d->generation->pending));
        buf_printf(&text, "\npending until a restart: %s", buf_cstr(&d->generation->pending));
    }
    tell(r->client, true, buf_cstr(&text));
    buf_fini(&text);
}

void reload_finish(struct dnsd *d, struct mail *mail)
{
    struct reload *r = (struct reload *)(void *)mail;
    bool again = r->again;
    pthread_join(r->thread, NULL);
    d->reload = NULL;
    if (r->loaded) {
        adopt(d, r->loaded);
        report_success(d, r);
    } else {
        report_errors(r);
    }
    reload_free(r);
    if (again)
        reload_start(d, NULL);
}

void reload_release_old(struct dnsd *d, struct generation *adopted)
{
    if (adopted != d->generation)
        return; /* a newer one is on its way and will release all before it */
    generation_free(adopted->older);
    adopted->older = NULL;
}

void reload_abandon(struct dnsd *d)
{
    if (!d->reload)
        return;
    pthread_join(d->reload->thread, NULL);
    (void)mailbox_take(d->loads); /* the reload itself, posted and not yet taken */
    tell(d->reload->client, false, "dnsd is stopping");
    generation_free(d->reload->loaded);
    reload_free(d->reload);
    d->reload = NULL;
}
