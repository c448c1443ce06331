#include "s3node/serve/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/daemon.h"
#include "base/log.h"
#include "base/mem.h"
#include "s3node/serve/access.h"
#include "s3node/serve/listen.h"
#include "s3node/serve/loop.h"

enum {
    POOL_THREADS = 32, /* most of them wait for a disk at any time */
    OWN_FILES = 64,    /* descriptors of loops, listeners, the root, the log */
    FILES_MIN = 256,
    HUSH_MS = 200,   /* for handshakes under way when listening ends */
    END_MS = 300000, /* for requests in flight after that */
};

struct server {
    struct node node;
    struct addr *listen; /* with the real ports */
    size_t n_listen;
    unsigned pool_threads;
    int64_t drain_ms;
    int ended_fd;   /* readable when a loop has ended */
    unsigned ended; /* loops */
};

static unsigned default_loops(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : (unsigned)n;
}

static void make_loops(struct server *s, const int *fds)
{
    struct node *n = &s->node;
    n->loops = NEW_ARRAY(struct loop, n->n_loops);
    for (unsigned i = 0; i < n->n_loops; i++)
        loop_init(&n->loops[i], n, i, fds + i * s->n_listen, s->n_listen, s->ended_fd);
}

static void note_addresses(struct server *s, const struct server_conf *conf, const int *fds)
{
    s->n_listen = conf->n_listen;
    s->listen = NEW_ARRAY(struct addr, conf->n_listen);
    for (size_t i = 0; i < conf->n_listen; i++) {
        s->listen[i] = conf->listen[i];
        s->listen[i].port = net_bound_port(fds[i]);
    }
}

/* Who may have how many of the descriptors: connections three quarters, guests an eighth, and files
 * the rest and whatever the others leave. */
static void share_files(struct node *n, size_t max_files)
{
    uint32_t free_files = (uint32_t)(max_files - OWN_FILES);
    n->guests_max = free_files / 8;
    n->open_max = free_files - free_files / 4;
}

struct server *server_new(const struct server_conf *conf, struct service *service, struct err *err)
{
    if (conf->max_files < FILES_MIN) {
        err_set(err, "only %zu files may be open; s3node needs %d: raise LimitNOFILE (ulimit -n)",
                conf->max_files, FILES_MIN);
        return NULL;
    }
    unsigned loops = conf->loops ? conf->loops : default_loops();
    int *fds = NEW_ARRAY(int, loops * conf->n_listen);
    if (!listen_open(conf->listen, conf->n_listen, loops, fds, err)) {
        free(fds);
        return NULL;
    }
    struct server *s = NEW(struct server);
    s->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
    s->drain_ms = conf->drain_ms;
    s->pool_threads = conf->pool_threads ? conf->pool_threads : POOL_THREADS;
    s->node.service = service;
    s->node.n_loops = loops;
    share_files(&s->node, conf->max_files);
    count_init(&s->node.count, conf->limits);
    s->node.policy = publish_new(loops, free);
    publish_set(s->node.policy, conf->policy);
    note_addresses(s, conf, fds);
    make_loops(s, fds);
    free(fds);
    return s;
}

struct addr server_address(const struct server *s, size_t i)
{
    return s->listen[i];
}

static void set_phase(struct server *s, enum phase phase)
{
    atomic_store(&s->node.phase, phase);
}

bool server_start(struct server *s, struct err *err)
{
    s->node.access = access_new();
    s->node.pool = iopool_new(s->pool_threads);
    set_phase(s, PHASE_SERVING);
    for (unsigned i = 0; i < s->node.n_loops; i++)
        if (!loop_start(&s->node.loops[i], err))
            return false;
    return true;
}

void server_apply(struct server *s, struct count_limits limits, int64_t drain_ms,
                  struct policy *policy)
{
    count_set_limits(&s->node.count, limits);
    s->drain_ms = drain_ms;
    publish_set(s->node.policy, policy);
    publish_reclaim(s->node.policy);
}

/* ---- the way down ---- */

enum wake { WAKE_TIME, WAKE_SIGNAL, WAKE_ENDED };

/* Waits for a signal, the end of a loop, or until `until_ms` (negative: for ever). */
static enum wake wait_for(struct server *s, int signals, int64_t until_ms, int *signal)
{
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN},
                           {.fd = s->ended_fd, .events = POLLIN}};
    int64_t left = until_ms < 0 ? -1 : until_ms - clock_ms();
    uint64_t one;
    if (until_ms >= 0 && left < 0)
        left = 0;
    poll(fds, COUNT(fds), (int)left);
    *signal = fds[0].revents ? daemon_next_signal(signals) : 0;
    if (*signal)
        return WAKE_SIGNAL;
    if (fds[1].revents && read(s->ended_fd, &one, sizeof one) == sizeof one) {
        s->ended++;
        return WAKE_ENDED;
    }
    return WAKE_TIME;
}

static bool stops(int signal)
{
    return signal == SIGTERM || signal == SIGINT;
}

/* Goes on serving for `ms`. @return false if told to stop now */
static bool serve_for(struct server *s, int signals, int64_t ms)
{
    int64_t until = clock_ms() + ms;
    int signal;
    while (clock_ms() < until)
        if (wait_for(s, signals, until, &signal) == WAKE_SIGNAL && stops(signal))
            return false;
    return true;
}

static void hush(struct server *s)
{
    for (unsigned i = 0; i < s->node.n_loops; i++)
        for (size_t j = 0; j < s->n_listen; j++)
            listen_hush(s->node.loops[i].listeners[j].fd);
}

/* Ends listening and waits for what is in flight. @return false if told to stop now, or too late */
static bool end_loops(struct server *s, int signals)
{
    int64_t until = clock_ms() + END_MS;
    int signal;
    set_phase(s, PHASE_CLOSING);
    for (unsigned i = 0; i < s->node.n_loops; i++)
        loop_wake(&s->node.loops[i]);
    while (s->ended < s->node.n_loops) {
        enum wake wake = wait_for(s, signals, until, &signal);
        if ((wake == WAKE_SIGNAL && stops(signal)) || clock_ms() >= until)
            return false;
    }
    return true;
}

static bool go_down(struct server *s, int signals)
{
    log_info("s3node: stopping; not ready from now on, serving for %g s more, then ending what is "
             "in flight (a second signal stops at once)",
             (double)s->drain_ms / 1000);
    daemon_notify("STOPPING=1");
    set_phase(s, PHASE_DRAINING);
    if (!serve_for(s, signals, s->drain_ms))
        return false;
    hush(s);
    return serve_for(s, signals, HUSH_MS) && end_loops(s, signals);
}

bool server_run(struct server *s, int signals, void (*reload)(void *ctx), void *ctx)
{
    for (int signal;;) {
        if (wait_for(s, signals, -1, &signal) != WAKE_SIGNAL)
            continue;
        if (signal == SIGHUP)
            reload(ctx);
        if (stops(signal))
            return go_down(s, signals);
    }
}

void server_free(struct server *s)
{
    if (!s)
        return;
    for (unsigned i = 0; i < s->ended; i++)
        loop_join(&s->node.loops[i]);
    iopool_free(s->node.pool);
    access_free(s->node.access);
    for (unsigned i = 0; i < s->node.n_loops; i++)
        loop_fini(&s->node.loops[i]);
    publish_free(s->node.policy);
    close(s->ended_fd);
    free(s->node.loops);
    free(s->listen);
    free(s);
}
