#include "stage.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

enum { START_MS = 1000000, FIRST_CHECK_SPREAD_MS = 10 };

/* A timeout that is noticed this late says that the prober stood still (probe/check.c). */
enum { STALL_MS = 500 };

/* A fixed date, so that pictures repeat: 2026-11-20T09:00:00Z at the start of every story. */
static const int64_t START_WALL_MS = INT64_C(1795165200000);

static int64_t wall_ms(const struct stage *s)
{
    return START_WALL_MS + s->now_ms - START_MS;
}

void stage_publish(struct stage *s, bool changed)
{
    if (changed || !s->world) {
        if (s->world)
            world_free(s->world);
        s->world = steer_world(s->steer, s->generation->zones);
        s->worlds++;
    }
    if (s->status)
        status_free(s->status);
    s->status = steer_status(s->steer, s->now_ms, wall_ms(s));
}

/* --- checks --- */

static void check_start(struct stage *s, struct actor *a)
{
    const struct probe_conf *c = a->target.probe;
    a->checking = true;
    a->started_ms = s->now_ms;
    a->next_ms = s->now_ms + (a->part.silent ? c->timeout_response_ms : 0);
}

static struct probe_report report_of(struct actor *a, int64_t now_ms)
{
    struct probe_report r = {.target = a->target.id, .at_ms = now_ms, .checks = ++a->checks};
    r.word = a->part.word;
    if (a->part.load_given && a->part.reason == REASON_OK)
        r.load = (struct load_report){.given = true,
                                      .boot = a->boot + 1,
                                      .seq = a->seq += !a->part.frozen,
                                      .word = a->part.word,
                                      .value = a->part.load,
                                      .limit = a->part.limit};
    snprintf(r.evidence, sizeof r.evidence, "the story says so");
    return r;
}

static void deliver(struct stage *s, struct actor *a, struct probe_report *r)
{
    r->health = a->target.health;
    a->changes += r->changed;
    stage_publish(s, steer_report(s->steer, r, wall_ms(s)));
}

static void check_end(struct stage *s, struct actor *a)
{
    const struct probe_conf *c = a->target.probe;
    const struct health_rule rule = {(uint8_t)c->rise, (uint8_t)c->fall};
    const struct health_timing timing = probe_conf_timing(c);
    struct probe_report r = report_of(a, s->now_ms);
    bool stalled = a->part.silent && s->now_ms - a->next_ms > STALL_MS;
    enum reason reason = stalled ? REASON_LOCAL : a->part.reason;
    r.changed = health_feed(&a->target.health, rule, reason, a->part.word, s->now_ms);
    a->checking = false;
    int64_t next = a->started_ms + health_delay(&a->target.health, &timing, s->now_ms);
    a->next_ms = next > s->now_ms ? next : s->now_ms;
    deliver(s, a, &r);
}

static struct actor *next_due(struct stage *s, int64_t to_ms)
{
    struct actor *first = NULL;
    for (size_t i = 0; i < s->n_actors; i++)
        if (s->actors[i].next_ms <= to_ms && (!first || s->actors[i].next_ms < first->next_ms))
            first = &s->actors[i];
    return first;
}

void stage_run_until(struct stage *s, int64_t to_ms)
{
    to_ms += START_MS;
    for (struct actor *a; !s->asleep && (a = next_due(s, to_ms));) {
        if (a->next_ms > s->now_ms)
            s->now_ms = a->next_ms;
        if (a->checking)
            check_end(s, a);
        else
            check_start(s, a);
    }
    s->now_ms = to_ms;
    stage_publish(s, steer_tick(s->steer, s->now_ms, wall_ms(s)));
}

/* --- the cast --- */

static bool plays(const struct stage *s, const struct actor *a, const char *name)
{
    char ip[ADDR_TEXT];
    if (strcmp(name, "all") == 0 || strcmp(name, addr_ip_text(&a->target.at, ip)) == 0)
        return true;
    const struct steer_conf *conf = &s->generation->steer;
    for (size_t p = 0; p < conf->n_pools; p++)
        for (size_t n = 0; n < conf->pools[p].n_nodes; n++) {
            const struct steer_node *node = &conf->pools[p].nodes[n];
            if (strcmp(node->name, name) != 0)
                continue;
            for (size_t i = 0; i < node->n_addrs; i++)
                if (addr_equal_ip(&node->addrs[i], &a->target.at))
                    return true;
        }
    return false;
}

size_t stage_cast(struct stage *s, const char *name, const struct part *part)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_actors; i++)
        if (plays(s, &s->actors[i], name)) {
            s->actors[i].part = *part;
            n++;
        }
    return n;
}

size_t stage_freeze(struct stage *s, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_actors; i++)
        if (plays(s, &s->actors[i], name)) {
            s->actors[i].part.frozen = true;
            n++;
        }
    return n;
}

size_t stage_restart(struct stage *s, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_actors; i++)
        if (plays(s, &s->actors[i], name)) {
            s->actors[i].boot++;
            s->actors[i].seq = 0;
            n++;
        }
    return n;
}

static void trip(struct stage *s, struct actor *a, enum tripwire how)
{
    if (how == TRIP_RST) {
        struct probe_report r = report_of(a, s->now_ms);
        r.changed = health_suspect(&a->target.health, s->now_ms);
        deliver(s, a, &r);
    }
    if (!a->checking)
        a->next_ms = s->now_ms; /* connect afresh at once */
}

void stage_trip(struct stage *s, const char *name, enum tripwire how)
{
    for (size_t i = 0; i < s->n_actors; i++)
        if (plays(s, &s->actors[i], name))
            trip(s, &s->actors[i], how);
}

/* --- setting --- */

static const struct actor *same_actor(const struct actor *old, size_t n,
                                      const struct steer_target *t)
{
    for (size_t i = 0; i < n; i++)
        if (addr_equal_ip(&old[i].target.at, &t->at) && old[i].target.at.port == t->at.port)
            return &old[i];
    return NULL;
}

static void set_actors(struct stage *s)
{
    size_t n;
    const struct steer_target *targets = steer_targets(s->steer, &n);
    struct actor *actors = NEW_ARRAY(struct actor, n);
    for (size_t i = 0; i < n; i++) {
        const struct actor *before = same_actor(s->actors, s->n_actors, &targets[i]);
        actors[i].next_ms = s->now_ms + (int64_t)i % FIRST_CHECK_SPREAD_MS;
        if (before)
            actors[i] = *before;
        actors[i].target = targets[i];
    }
    free(s->actors);
    s->actors = actors;
    s->n_actors = n;
}

static bool adopt(struct stage *s, const char *path)
{
    struct errs errs = {0};
    struct generation *g = generation_load(path, &errs);
    errs_print(&errs, stdout);
    errs_fini(&errs);
    if (!g)
        return false;
    g->older = s->generation;
    s->generation = g;
    steer_configure(s->steer, &g->steer, s->now_ms, wall_ms(s));
    generation_free(g->older);
    g->older = NULL;
    s->settings = (struct answer_settings){.identity = g->conf.identity,
                                           .inspect = g->conf.inspect.items,
                                           .n_inspect = g->conf.inspect.n};
    s->ctx.settings = &s->settings;
    set_actors(s);
    return true;
}

bool stage_open(struct stage *s, const char *path)
{
    *s = (struct stage){.now_ms = START_MS, .steer = steer_new(1, NULL, NULL)};
    if (!adopt(s, path))
        return false;
    stage_publish(s, true);
    return true;
}

bool stage_reload(struct stage *s, const char *path)
{
    if (!adopt(s, path))
        return false;
    stage_publish(s, true);
    return true;
}

void stage_close(struct stage *s)
{
    free(s->actors);
    if (s->status)
        status_free(s->status);
    if (s->world)
        world_free(s->world);
    steer_free(s->steer);
    generation_free(s->generation);
}
