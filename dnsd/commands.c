/* commands.c - what dnsctl can ask: one table of verbs. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf_value.h"
#include "dnsd/dnsd.h"
#include "dnsd/serve/pages.h"

static struct json *success(void)
{
    struct json *reply = json_new_object();
    json_set_bool(reply, "ok", true);
    return reply;
}

static struct json *failure(const char *fmt, ...) PRINTF_LIKE(1, 2);

static struct json *failure(const char *fmt, ...)
{
    struct buf text = {0};
    va_list args;
    va_start(args, fmt);
    buf_vprintf(&text, fmt, args);
    va_end(args);
    struct json *reply = json_new_object();
    json_set_bool(reply, "ok", false);
    json_set_text(reply, "error", buf_cstr(&text));
    buf_fini(&text);
    return reply;
}

static struct json *success_text(const struct buf *text)
{
    struct json *reply = success();
    json_set_text(reply, "text", buf_cstr(text));
    return reply;
}

/* --- looking --- */

static struct json *run_status(struct dnsd *d, const struct json *request)
{
    (void)request;
    struct status *status = steer_status(d->steer, clock_ms(), clock_wall_ms());
    struct json *reply = pages_pools(status);
    json_set_bool(reply, "ok", true);
    if (d->generation->pending.len)
        json_set_text(reply, "pending", buf_cstr(&d->generation->pending));
    status_free(status);
    return reply;
}

static struct json *run_why(struct dnsd *d, const struct json *request)
{
    const char *node = json_get_text(request, "node", "");
    struct buf text = {0};
    size_t matched = steer_why(d->steer, node, clock_ms(), &text);
    struct json *reply = matched ? success_text(&text) : failure("no node matches \"%s\"", node);
    buf_fini(&text);
    return reply;
}

/* --- changing --- */

/* The end of an order in monotonic milliseconds: 0 for none. */
static bool read_until(const struct json *request, int64_t *until_ms, struct err *err)
{
    static const struct conf_field row = {
        .kind = CONF_DURATION, .key = "for", .min = 1, .max = INT64_C(366) * 86400000};
    const char *text = json_get_text(request, "for", NULL);
    int64_t for_ms = 0;
    *until_ms = 0;
    if (!text)
        return true;
    if (!conf_value_read(&row, span_of(text), &for_ms, NULL, err))
        return false;
    *until_ms = clock_ms() + for_ms;
    return true;
}

static struct json *give_order(struct dnsd *d, const struct json *request, enum steer_order order,
                               const char *done)
{
    struct err err;
    struct steer_request r = {.node = json_get_text(request, "node", ""),
                              .order = order,
                              .reason = json_get_text(request, "reason", NULL),
                              .force = json_get_bool(request, "force", false)};
    if (!read_until(request, &r.until_ms, &err))
        return failure("--for: %s", err.text);
    size_t matched;
    bool changed;
    switch (steer_order(d->steer, &r, clock_ms(), clock_wall_ms(), &matched, &changed)) {
    case STEER_NO_SUCH_NODE:
        return failure("no node matches \"%s\"", r.node);
    case STEER_WOULD_EMPTY:
        return failure("refused: no eligible node of the pool would be left; use --force to do it "
                       "all the same");
    case STEER_DONE:
        break;
    }
    if (changed)
        publisher_changed(d->publisher);
    else
        publisher_picture(d->publisher);
    struct buf text = {0};
    buf_printf(&text, "%s: %zu node%s\n", done, matched, matched == 1 ? "" : "s");
    struct json *reply = success_text(&text);
    json_set_int(reply, "nodes", (int64_t)matched);
    buf_fini(&text);
    return reply;
}

static struct json *run_drain(struct dnsd *d, const struct json *request)
{
    return give_order(d, request, ORDER_DRAIN, "drained");
}

static struct json *run_disable(struct dnsd *d, const struct json *request)
{
    return give_order(d, request, ORDER_MAINT, "in maintenance");
}

static struct json *run_enable(struct dnsd *d, const struct json *request)
{
    return give_order(d, request, ORDER_NONE, "enabled");
}

/* --- the table --- */

static const struct command {
    const char *name;
    bool changes; /* only for those who may */
    struct json *(*run)(struct dnsd *d,
                        const struct json *request); /* NULL: it replies later by itself */
    void (*start)(struct dnsd *d, struct control_client *client);
} commands[] = {
    {"status", false, run_status, NULL}, {"why", false, run_why, NULL},
    {"drain", true, run_drain, NULL},    {"disable", true, run_disable, NULL},
    {"enable", true, run_enable, NULL},  {"reload", true, NULL, reload_start},
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

void commands_answer(void *arg, const struct json *request, bool may_change,
                     struct control_client *client)
{
    const char *name = json_get_text(request, "command", "");
    const struct command *c = find_command(name);
    if (!c)
        control_reply(client, failure("this dnsd knows no command \"%s\"", name));
    else if (c->changes && !may_change)
        control_reply(
            client,
            failure(
                "you may look but not change: ask as root, as dnsd's user, or as a member of the "
                "group of its control socket"));
    else if (c->start)
        c->start(arg, client);
    else
        control_reply(client, c->run(arg, request));
}
