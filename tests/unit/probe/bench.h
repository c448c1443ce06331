/* bench.h - a set with one target, the fake node that it checks, and the reports so far. */
#ifndef TESTS_UNIT_PROBE_BENCH_H
#define TESTS_UNIT_PROBE_BENCH_H

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/clock.h"
#include "probe/probe.h"
#include "tests/unit/probe/fake_node.h"

enum { BENCH_REPORTS = 64, BENCH_FILL = 4, BENCH_TARGET = 7, BENCH_PATIENCE_MS = 20000 };

struct bench {
    struct event_base *base;
    struct fake_node node;
    struct arena *arena;
    struct probe_conf conf;
    struct probe_set *set;
    struct probe_report reports[BENCH_REPORTS], last;
    size_t n; /* reports so far; beyond BENCH_REPORTS only `last` is kept */
    bool remove_at_once;
    int filler[BENCH_FILL];
    int64_t started_ms;
    struct event *watchdog;
};

static void bench_report(void *arg, const struct probe_report *r)
{
    struct bench *b = arg;
    assert_int_equal(r->target, BENCH_TARGET);
    b->last = *r;
    if (b->n < BENCH_REPORTS)
        b->reports[b->n] = *r;
    b->n++;
    if (b->remove_at_once)
        probe_remove(b->set, BENCH_TARGET);
}

/* Only ends a turn of the loop that nothing else would end. */
static void bench_bark(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what, (void)arg;
}

/* Timeouts that no test asked for are those of a patient operator: a quick interval would bring
 * them down with it, and a loaded machine is not what these tests are about. */
static void bench_be_patient(struct probe_conf *c)
{
    if (!c->given.timeout_connect)
        c->timeout_connect_ms = BENCH_PATIENCE_MS;
    if (!c->given.timeout_response)
        c->timeout_response_ms = BENCH_PATIENCE_MS;
    if (!c->given.timeout)
        c->timeout_ms = BENCH_PATIENCE_MS;
}

static void bench_configure(struct bench *b, const char *yaml)
{
    struct errs errs = {0};
    struct err err;
    b->arena = arena_new();
    if (!conf_parse(span_of(yaml), "test", probe_conf_rows, &b->conf, b->arena, &errs))
        fail_msg("%s: %s", yaml, errs.items[0].text);
    if (!probe_conf_finish(&b->conf, &err))
        fail_msg("%s: %s", yaml, err.text);
    bench_be_patient(&b->conf);
}

static void bench_start_with(struct bench *b, const char *yaml, const struct fake_script *script,
                             const struct health *health)
{
    memset(b, 0, sizeof *b);
    b->started_ms = clock_ms();
    memset(b->filler, -1, sizeof b->filler);
    b->base = event_base_new();
    b->watchdog = event_new(b->base, -1, EV_PERSIST, bench_bark, NULL);
    struct timeval second = {1, 0};
    event_add(b->watchdog, &second);
    bench_configure(b, yaml);
    fake_start(&b->node, b->base, 1, script);
    b->set = probe_new(b->base, 42, bench_report, b);
    int64_t interval_ms = b->conf.interval_ms;
    b->conf.interval_ms = 1; /* the first check within a tenth of that */
    probe_add(b->set, BENCH_TARGET, &b->node.at, &b->conf, health);
    b->conf.interval_ms = interval_ms;
}

static void bench_start(struct bench *b, const char *yaml, const struct fake_script *script)
{
    bench_start_with(b, yaml, script, NULL);
}

static void bench_stop(struct bench *b)
{
    probe_free(b->set);
    fake_die(&b->node, FIN);
    for (size_t i = 0; i < BENCH_FILL; i++)
        if (b->filler[i] >= 0)
            close(b->filler[i]);
    event_free(b->watchdog);
    event_base_free(b->base);
    arena_free(b->arena);
}

/* One turn of the loop; a test that waits for what never comes fails here. */
static void bench_turn(struct bench *b)
{
    if (clock_ms() - b->started_ms > BENCH_PATIENCE_MS)
        fail_msg("after %zu reports nothing more came; the last: %s", b->n, b->last.evidence);
    event_base_loop(b->base, EVLOOP_ONCE);
}

static void bench_run(struct bench *b, size_t reports)
{
    while (b->n < reports)
        bench_turn(b);
}

static void __attribute__((unused)) bench_run_until_accepted(struct bench *b, int accepted)
{
    while (b->node.accepted < accepted)
        bench_turn(b);
}

/* Everything that is ready now, without waiting for a timer. */
static void __attribute__((unused)) bench_settle(struct bench *b)
{
    for (int i = 0; i < 50; i++)
        event_base_loop(b->base, EVLOOP_NONBLOCK);
}

/* Nobody accepts and the queue is full: the kernel drops every SYN from now on. */
static void __attribute__((unused)) bench_fill_backlog(struct bench *b)
{
    struct sockaddr_storage ss;
    socklen_t len = addr_to_sockaddr(&b->node.at, &ss);
    event_del(b->node.accept);
    for (size_t i = 0; i < BENCH_FILL; i++) {
        b->filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        assert_true(connect(b->filler[i], (struct sockaddr *)&ss, len) == 0 ||
                    errno == EINPROGRESS);
    }
}

/* No descriptor can be opened from now on. @return the limit before */
static struct rlimit __attribute__((unused)) bench_limit_files(void)
{
    struct rlimit before;
    int next = dup(0);
    assert_true(next >= 0);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit now = {(rlim_t)next, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
    return before;
}

#endif
