#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "probe/check.h"
#include "probe/probe.h"

enum {
    BUCKETS = 1024,
    FIRST_PART = 10, /* first checks spread over this part of the interval */
    TRIPS_MAX = 3,   /* checks that a tripwire brings forward between two regular ones */
};

struct target {
    struct check check; /* first, so that a callback finds its target */
    struct probe_set *set;
    struct target *next; /* of the same bucket */
    uint32_t id;
    unsigned checks, trips;
    bool tripped; /* the next check comes from a tripwire */
    struct health health;
    struct event due;
};

struct probe_set {
    struct event_base *base;
    struct rand rand;
    probe_report_fn *report;
    void *arg;
    struct check_stock stock;
    struct target *buckets[BUCKETS];
};

/* --- when ------------------------------------------------------------------------------------- */

static void wait_ms(struct target *t, int64_t ms)
{
    if (ms < 0)
        ms = 0;
    struct timeval after = {ms / 1000, ms % 1000 * 1000};
    evtimer_add(&t->due, &after);
}

/* Chance spreads the steady pace only; confirming is never put off. */
static int64_t jittered(struct target *t, int64_t delay_ms)
{
    const struct probe_conf *conf = t->check.conf;
    int64_t span = delay_ms * conf->jitter_percent / 100;
    if (delay_ms < conf->interval_ms || span == 0)
        return delay_ms;
    return delay_ms - span + rand_below(&t->set->rand, (uint32_t)(2 * span + 1));
}

/* From the start of the last check to the start of the next: what outlived its delay is followed at
 * once. */
static void schedule(struct target *t)
{
    const struct probe_conf *conf = t->check.conf;
    const struct health_timing timing = probe_conf_timing(conf);
    int64_t now = clock_ms();
    int64_t delay = jittered(t, health_delay(&t->health, &timing, now));
    wait_ms(t, t->check.step_us[STEP_START] / 1000 + delay - now);
}

static void on_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct target *t = arg;
    bool tripped = t->tripped;
    t->tripped = false;
    if (!tripped)
        t->trips = 0;
    check_start(&t->check, tripped);
}

/* --- what is found out ------------------------------------------------------------------------ */

/* The caller's function may remove the target: nothing touches it afterwards. */
static void tell(struct target *t, struct probe_report *report)
{
    report->target = t->id;
    report->health = t->health;
    report->checks = t->checks;
    report->at_ms = clock_ms();
    t->set->report(t->set->arg, report);
}

static void tell_suspect(struct target *t, enum reason reason, const char *evidence)
{
    struct probe_report report = {.changed = true, .reason = reason};
    snprintf(report.evidence, sizeof report.evidence, "%s", evidence);
    tell(t, &report);
}

static void tell_result(struct target *t, bool changed)
{
    const struct check_result *result = &t->check.result;
    struct probe_report report = {
        .changed = changed,
        .reason = result->reason,
        .word = result->word,
        .load = result->load,
        .load_refused = result->load_refused,
        .rtt_us = check_rtt_us(&t->check),
    };
    memcpy(report.evidence, result->evidence, sizeof report.evidence);
    tell(t, &report);
}

static void on_done(struct check *c)
{
    struct target *t = (struct target *)c;
    struct health_rule rule = {(uint8_t)c->conf->rise, (uint8_t)c->conf->fall};
    bool changed = health_feed(&t->health, rule, c->result.reason, c->result.word, clock_ms());
    t->checks++;
    schedule(t);
    tell_result(t, changed);
}

/* A FIN, or bytes nobody asked for, is common and only brings the next check forward. A reset
 * withdraws first. A peer that always closes cannot make us check without end. */
static void on_tripped(struct check *c, enum check_trip why)
{
    struct target *t = (struct target *)c;
    bool changed = why == TRIP_RESET && health_suspect(&t->health, clock_ms());
    t->tripped = t->trips < TRIPS_MAX;
    if (t->tripped) {
        t->trips++;
        wait_ms(t, 0);
    } else if (changed) {
        schedule(t);
    }
    if (changed)
        tell_suspect(t, REASON_RESET, "idle connection reset");
}

static void on_silent(struct check *c)
{
    struct target *t = (struct target *)c;
    if (health_suspect(&t->health, clock_ms()))
        tell_suspect(t, REASON_CONNECT_TIMEOUT, "idle connection closed, connect gets no answer");
}

static const struct check_owner owner = {
    .done = on_done,
    .tripped = on_tripped,
    .silent = on_silent,
};

/* --- the set ---------------------------------------------------------------------------------- */

struct probe_set *probe_new(struct event_base *base, uint64_t seed, probe_report_fn *report,
                            void *arg)
{
    struct probe_set *set = NEW(struct probe_set);
    set->base = base;
    set->rand.s = seed;
    set->report = report;
    set->arg = arg;
    return set;
}

static void target_free(struct target *t)
{
    evtimer_del(&t->due);
    check_fini(&t->check);
    free(t);
}

void probe_free(struct probe_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct target *t = set->buckets[i], *next; t; t = next) {
            next = t->next;
            target_free(t);
        }
    }
    check_stock_fini(&set->stock);
    free(set);
}

/* Where the target `id` hangs, or where it would. */
static struct target **find(struct probe_set *set, uint32_t id)
{
    struct target **at = &set->buckets[id % BUCKETS];
    while (*at && (*at)->id != id)
        at = &(*at)->next;
    return at;
}

void probe_add(struct probe_set *set, uint32_t id, const struct addr *at,
               const struct probe_conf *conf, const struct health *health)
{
    struct target **place = find(set, id);
    assert(!*place);
    struct target *t = *place = NEW(struct target);
    t->set = set;
    t->id = id;
    if (health)
        t->health = *health;
    check_init(&t->check, set->base, &owner, &set->stock, at, conf);
    evtimer_assign(&t->due, set->base, on_due, t);
    wait_ms(t, rand_below(&set->rand, (uint32_t)(conf->interval_ms / FIRST_PART + 1)));
}

void probe_remove(struct probe_set *set, uint32_t id)
{
    struct target **place = find(set, id), *t = *place;
    if (!t)
        return;
    *place = t->next;
    target_free(t);
}
