/* dnsd.c - the order in which the daemon comes up, runs and goes down. */
#include "dnsd/dnsd.h"

#include <assert.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/daemon.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "dnsd/serve/thread.h"

enum { TICK_MS = 1000, FIRST_ROUND_MS = 1000 };

/* --- what happens while it runs --- */

static void log_change(void *arg, const struct steer_change *c)
{
    (void)arg;
    enum log_level level =
        c->to <= NODE_DOWN && c->to != NODE_DRAIN ? LOG_LEVEL_WARN : LOG_LEVEL_INFO;
    log_write(level, "pool %s: node %s: %s -> %s: %s; %zu of %zu nodes answered", c->pool, c->node,
              node_state_words[c->from], node_state_words[c->to], c->reason, c->answering,
              c->nodes);
}

static void probe_targets(struct dnsd *d)
{
    size_t n;
    const struct steer_target *from = steer_targets(d->steer, &n);
    struct prober_target *targets = NEW_ARRAY(struct prober_target, n);
    for (size_t i = 0; i < n; i++)
        targets[i] = (struct prober_target){from[i].id, from[i].at, from[i].probe, from[i].health};
    prober_set_targets(d->prober, targets, n, d->generation);
    free(targets);
}

/* The secrets of the file, else one that lasts as long as the daemon. */
static struct cookie_secrets cookies_of(const struct dnsd *d)
{
    const struct conf_list *list = &d->generation->conf.cookies;
    struct cookie_secrets s = {.n = list->n};
    for (size_t i = 0; i < s.n; i++) {
        bool read =
            hex_decode(span_of(((const char *const *)list->items)[i]), s.keys[i], sizeof s.keys[i]);
        assert(read && "dnsd_conf_check has looked");
        (void)read;
    }
    if (s.n == 0) {
        s.n = 1;
        memcpy(s.keys[0], d->cookie_secret, sizeof d->cookie_secret);
    }
    return s;
}

/* One block, since its readers outlive the generation that it comes from. */
static struct answer_settings *settings_of(const struct dnsd *d)
{
    const struct dnsd_conf *conf = &d->generation->conf;
    size_t bytes = conf->inspect.n * sizeof(struct prefix);
    size_t identity_len = conf->identity ? strlen(conf->identity) + 1 : 0;
    struct answer_settings *s = mem_alloc(1, sizeof *s + bytes + identity_len);
    struct prefix *inspect = (struct prefix *)(s + 1);
    char *identity = (char *)inspect + bytes;
    if (bytes)
        memcpy(inspect, conf->inspect.items, bytes);
    if (identity_len)
        memcpy(identity, conf->identity, identity_len);
    *s = (struct answer_settings){.identity = identity_len ? identity : NULL,
                                  .inspect = inspect,
                                  .n_inspect = conf->inspect.n,
                                  .cookies = cookies_of(d),
                                  .rrl = {(uint32_t)conf->rrl.rate, d->rrl_seed}};
    return s;
}

void dnsd_adopt(struct dnsd *d)
{
    const struct generation *g = d->generation;
    steer_configure(d->steer, &g->steer, clock_ms(), clock_wall_ms());
    publisher_set_zones(d->publisher, g->zones);
    publisher_set_settings(d->publisher, settings_of(d));
    probe_targets(d);
}

/* The first answer waits for the first round of checks, a second at most. */
static bool begin(struct dnsd *d, struct err *err)
{
    const struct answer_source source = {.worlds = publisher_worlds(d->publisher),
                                         .statuses = publisher_statuses(d->publisher),
                                         .settings = publisher_settings(d->publisher)};
    struct buf text = {0};
    event_del(d->first_round_event);
    publisher_open(d->publisher);
    if (!answering_start(d->answering, &source, err))
        return false;
    atomic_store(&d->ready, true);
    generation_describe(d->generation, &text);
    log_info("dnsd: answering; %s", buf_cstr(&text));
    buf_fini(&text);
    daemon_notify("READY=1");
    return true;
}

static void begin_or_end(struct dnsd *d)
{
    struct err err;
    if (begin(d, &err))
        return;
    log_error("%s", err.text);
    d->exit_code = EXIT_FAILED;
    event_base_loopbreak(d->base);
}

static void on_first_round(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    begin_or_end(arg);
}

static void take_report(struct dnsd *d, const struct probe_report *report)
{
    if (steer_report(d->steer, report, clock_wall_ms()))
        publisher_changed(d->publisher);
    else
        publisher_picture(d->publisher);
    if (!atomic_load(&d->ready) && !d->exit_code && steer_first_round_done(d->steer))
        begin_or_end(d);
}

static void on_reports(evutil_socket_t fd, short what, void *arg)
{
    struct dnsd *d = arg;
    (void)fd, (void)what;
    for (struct mail *m = mailbox_take(d->reports), *next; m; m = next) {
        const struct prober_mail *mail = (const struct prober_mail *)(const void *)m;
        next = m->next;
        if (mail->kind == PROBER_REPORT)
            take_report(d, &mail->report);
        else
            reload_release_old(d, mail->generation);
        free(m);
    }
}

static void on_loads(evutil_socket_t fd, short what, void *arg)
{
    struct dnsd *d = arg;
    (void)fd, (void)what;
    for (struct mail *m = mailbox_take(d->loads), *next; m; m = next) {
        next = m->next;
        reload_finish(d, m);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct dnsd *d = arg;
    (void)fd, (void)what;
    if (steer_tick(d->steer, clock_ms(), clock_wall_ms()))
        publisher_changed(d->publisher);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
    struct dnsd *d = arg;
    (void)what;
    for (int sig; (sig = daemon_next_signal(fd)) != 0;) {
        if (sig == SIGHUP)
            reload_start(d, NULL);
        else if (sig == SIGTERM || sig == SIGINT)
            event_base_loopbreak(d->base);
        else
            log_warn("SIGUSR2: replacing the running binary is not in this version");
    }
}

/* --- start --- */

static struct event *watch(struct dnsd *d, int fd, event_callback_fn fn)
{
    struct event *e = event_new(d->base, fd, EV_READ | EV_PERSIST, fn, d);
    event_add(e, NULL);
    return e;
}

static struct event *every_ms(struct dnsd *d, int64_t ms, short flags, event_callback_fn fn)
{
    const struct timeval period = {ms / 1000, ms % 1000 * 1000};
    struct event *e = event_new(d->base, -1, flags, fn, d);
    event_add(e, &period);
    return e;
}

static_assert((int)DNSD_MAX_THREADS == (int)ANSWERING_MAX_THREADS &&
                  (int)DNSD_MAX_LISTEN == (int)ANSWERING_MAX_LISTEN,
              "--check allows what can be opened");

static size_t count_threads(const struct dnsd_conf *conf)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = conf->threads > 0 ? (size_t)conf->threads : cores > 0 ? (size_t)cores : 1;
    return n < ANSWERING_MAX_THREADS ? n : ANSWERING_MAX_THREADS;
}

/* Everything that can be refused (ports, paths) before anything runs. */
static bool open_doors(struct dnsd *d, struct err *err)
{
    const struct dnsd_conf *conf = &d->generation->conf;
    size_t threads = count_threads(conf);
    d->answering = answering_open(conf->listen.items, conf->listen.n, threads, err);
    if (!d->answering)
        return false;
    d->admin_reader = answering_readers(threads);
    d->publisher = publisher_new(d->base, d->steer, d->admin_reader + 1);
    d->control =
        conf->control ? control_start(d->base, conf->control, commands_answer, d, err) : NULL;
    if (conf->control && !d->control)
        return false;
    const struct admin_source source = {.statuses = publisher_statuses(d->publisher),
                                        .reader = d->admin_reader,
                                        .answering = d->answering,
                                        .ready = &d->ready,
                                        .worlds = publisher_count(d->publisher),
                                        .waiting = publisher_waiting(d->publisher)};
    d->admin = conf->admin.family ? admin_start(&conf->admin, &source, err) : NULL;
    return !conf->admin.family || d->admin;
}

static bool start(struct dnsd *d, int signals, struct err *err)
{
    d->base = thread_loop();
    d->reports = mailbox_new();
    d->loads = mailbox_new();
    d->fixed = generation_fixed(d->generation, d->arena);
    rand_secret(d->cookie_secret, sizeof d->cookie_secret);
    d->rrl_seed = rand_seed();
    d->steer = steer_new(rand_seed(), log_change, d);
    if (!open_doors(d, err))
        return false;
    d->prober = prober_start(rand_seed(), d->reports, err);
    if (!d->prober)
        return false;
    d->reports_event = watch(d, mailbox_fd(d->reports), on_reports);
    d->loads_event = watch(d, mailbox_fd(d->loads), on_loads);
    d->signal_event = watch(d, signals, on_signal);
    d->tick_event = every_ms(d, TICK_MS, EV_PERSIST, on_tick);
    d->first_round_event = every_ms(d, FIRST_ROUND_MS, 0, on_first_round);
    dnsd_adopt(d);
    /* no nodes at all: nothing to wait for */
    return !steer_first_round_done(d->steer) || begin(d, err);
}

/* --- end: who reads first, then who writes --- */

static void free_event(struct event *e)
{
    if (e)
        event_free(e);
}

static void stop(struct dnsd *d)
{
    reload_abandon(d);
    if (d->control)
        control_stop(d->control);
    if (d->admin)
        admin_stop(d->admin);
    if (d->answering)
        answering_stop(d->answering);
    if (d->prober)
        prober_stop(d->prober);
    free_event(d->reports_event);
    free_event(d->loads_event);
    free_event(d->signal_event);
    free_event(d->tick_event);
    free_event(d->first_round_event);
    if (d->publisher)
        publisher_free(d->publisher);
    steer_free(d->steer);
    mailbox_free(d->reports);
    mailbox_free(d->loads);
    event_base_free(d->base);
    generation_free(d->generation);
    arena_free(d->arena);
}

/* From here on a second SIGTERM or SIGINT ends the process at once, whatever still hangs. */
static void let_signals_through(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int dnsd_run(const char *config_path, struct generation *first, int signals)
{
    struct err err;
    struct dnsd d = {.config_path = config_path, .generation = first, .arena = arena_new()};
    net_raise_file_limit();
    if (start(&d, signals, &err)) {
        event_base_dispatch(d.base);
        daemon_notify("STOPPING=1");
        log_info("dnsd: stopping");
    } else {
        log_error("%s", err.text);
        d.exit_code = EXIT_FAILED;
    }
    let_signals_through();
    stop(&d);
    close(signals);
    return d.exit_code;
}
