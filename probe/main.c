/* probe - one check of one node as dnsd would do it, every step with its time, and what it means.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/conf_text.h"
#include "base/daemon.h"
#include "probe/command.h"
#include "probe/preset.h"

static const char usage[] =
    "Usage: probe TARGET [OPTION...]\n"
    "\n"
    "Checks one node as dnsd would: every step with its time, the verdict, the load, the reason.\n"
    "TARGET is host:port, an address, or http://host:port/path. A URL with a path of its own\n"
    "is checked by preset http, anything else by s3node (port 9000, path /-/ready), unless "
    "--preset\n"
    "says otherwise. Without --watch it checks once.\n"
    "Exit status: 0 up, 1 not up, 2 wrong usage.";

enum option {
    PRESET,
    PORT,
    PATH,
    METHOD,
    HOST,
    EXPECT,
    INTERVAL,
    TIMEOUT,
    TLS,
    WATCH,
    JSON,
    OPTIONS
};

static const struct option_row rows[] = {
    [PRESET] = {"preset", "NAME", "what the node is: s3node, http or tcp"},
    [PORT] = {"port", "PORT", "port to check, instead of the one in TARGET or of the preset"},
    [PATH] = {"path", "PATH", "request path"},
    [METHOD] = {"method", "METHOD", "request method: GET, HEAD, OPTIONS"},
    [HOST] = {"host", "HOST", "Host header; TARGET if not given"},
    [EXPECT] = {"expect", "LIST", "statuses that pass, such as 200,204"},
    [INTERVAL] = {"interval", "TIME", "with --watch: from check to check (1s)"},
    [TIMEOUT] = {"timeout", "TIME", "for the whole check (1s)"},
    [TLS] = {"tls", NULL, "check over TLS (not in this version)"},
    [WATCH] = {"watch", NULL, "check on, one line per check, until Ctrl-C"},
    [JSON] = {"json", NULL, "print JSON: one object, or one per line with --watch"},
    [OPTIONS] = {NULL, NULL, NULL},
};

/* --- the configuration, written as the YAML that dnsd would read -------------------------------
 */

static void add_key(struct buf *yaml, const char *key, const char *text)
{
    if (!text)
        return;
    buf_printf(yaml, "%s: ", key);
    conf_text_write(span_of(text), true, yaml);
    buf_text(yaml, "\n");
}

static void add_list(struct buf *yaml, const char *key, const char *text)
{
    struct span rest = span_of(text), part;
    if (!text)
        return;
    buf_printf(yaml, "%s:\n", key);
    while (span_split(&rest, ',', &part)) {
        buf_text(yaml, "  - ");
        conf_text_write(span_trim(part), true, yaml);
        buf_text(yaml, "\n");
    }
}

static const char *choose_preset(const struct option_value *values, const struct target_text *t)
{
    if (values[PRESET].text)
        return values[PRESET].text;
    bool own_path = t->path[0] && strcmp(t->path, preset_find(span_of("s3node"))->path) != 0;
    return own_path ? "http" : "s3node";
}

/* A name is asked for by name, as a client would; an address needs no help. */
static void add_host(struct buf *yaml, const struct option_value *values,
                     const struct target_text *t)
{
    struct addr ip;
    char host[TARGET_HOST + 8];
    if (values[HOST].text || addr_parse_ip(span_of(t->host), &ip)) {
        add_key(yaml, "host", values[HOST].text);
        return;
    }
    if (t->port)
        snprintf(host, sizeof host, "%s:%u", t->host, t->port);
    else
        snprintf(host, sizeof host, "%s", t->host);
    add_key(yaml, "host", host);
}

static void write_yaml(struct buf *yaml, const struct option_value *values,
                       const struct target_text *t)
{
    char port[8] = "";
    if (t->port)
        snprintf(port, sizeof port, "%u", t->port);
    add_key(yaml, "preset", choose_preset(values, t));
    add_key(yaml, "port", values[PORT].text ? values[PORT].text : t->port ? port : NULL);
    add_key(yaml, "path", values[PATH].text ? values[PATH].text : t->path[0] ? t->path : NULL);
    add_key(yaml, "method", values[METHOD].text);
    add_key(yaml, "interval", values[INTERVAL].text);
    add_key(yaml, "timeout", values[TIMEOUT].text);
    add_list(yaml, "expect_status", values[EXPECT].text);
    add_host(yaml, values, t);
}

/* Without --watch nobody waits for the next check: the interval only makes room for the timeout. */
static void configure(struct asked *a, struct arena *arena, const char *program,
                      const struct option_value *values)
{
    struct buf yaml = {0};
    struct errs errs = {0};
    struct err err;
    write_yaml(&yaml, values, &a->target);
    if (!conf_parse(buf_span(&yaml), program, probe_conf_rows, &a->conf, arena, &errs))
        options_fail(program, "%s", errs.items[0].text);
    if (!values[INTERVAL].text && a->conf.interval_ms < a->conf.timeout_ms)
        a->conf.interval_ms = a->conf.timeout_ms;
    if (!probe_conf_finish(&a->conf, &err))
        options_fail(program, "%s", err.text);
    buf_fini(&yaml);
}

/* --- one check -------------------------------------------------------------------------------- */

static void on_done(struct check *c)
{
    event_base_loopbreak(c->base);
}

static bool check_once(const struct asked *a)
{
    static const struct check_owner owner = {.done = on_done};
    struct event_base *base = event_base_new();
    struct check_stock stock = {0};
    struct check c;
    check_init(&c, base, &owner, &stock, &a->at, &a->conf);
    check_start(&c, false);
    if (c.phase != PHASE_IDLE)
        event_base_dispatch(base);
    show_check(a, &c);
    bool up = state_is_up(state_of(c.result.reason == REASON_OK, &c.result.load));
    check_fini(&c);
    check_stock_fini(&stock);
    event_base_free(base);
    return up;
}

static bool run(struct asked *a, bool go_on)
{
    struct err err;
    if (!resolve(a, &err)) {
        show_unresolved(a, &err);
        return false;
    }
    return go_on ? watch(a, daemon_signals()) : check_once(a);
}

int main(int argc, char **argv)
{
    struct option_value values[OPTIONS];
    struct asked a = {.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR")};
    struct err err;
    int n_words;
    options_parse(argc, argv, usage, rows, values, &n_words);
    if (n_words != 1)
        options_fail(argv[0], "one TARGET is needed, %d were given", n_words);
    if (values[TLS].text)
        options_fail(argv[0], "TLS checks are not in this version");
    if (!target_parse(span_of(argv[1]), &a.target, &err))
        options_fail(argv[0], "%s", err.text);
    struct arena *arena = arena_new();
    configure(&a, arena, argv[0], values);
    a.json = values[JSON].text;
    bool up = run(&a, values[WATCH].text);
    arena_free(arena);
    return up ? EXIT_GOOD : EXIT_FAILED;
}
