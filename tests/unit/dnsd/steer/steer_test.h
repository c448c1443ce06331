/* steer_test.h - one pool under a real steer, with nodes put into any situation by one word.
 * Situations: up going_down suspect full/N (N of 100 connections) drain going_up unchecked down/S
 * (S seconds since the last success) maint; joined with + they all hold: full/50+suspect. */
#ifndef TESTS_UNIT_DNSD_STEER_STEER_TEST_H
#define TESTS_UNIT_DNSD_STEER_STEER_TEST_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "dnsd/steer/model.h"
#include "tests/unit/test.h"

enum { STAGE_NODES = 8, STAGE_ADDRS = 4, STAGE_NOW = 1000 * 1000, STAGE_WALL = 7000 * 1000 };

struct stage {
    struct steer *steer;
    struct zones *zones;
    struct addr addrs[STAGE_NODES][STAGE_ADDRS];
    struct steer_node nodes[STAGE_NODES];
    struct probe_conf probe;
    struct steer_pool pool;        /* change it, then stage_configure */
    struct steer_pool in_force[2]; /* steer borrows one of them until the next configuration */
    unsigned generation;
    int64_t now_ms;
    unsigned checks, n_changes;
    char last_change[256]; /* "s3/a: up -> down (why) 1/3" */
};

static inline void stage_changed(void *arg, const struct steer_change *c)
{
    struct stage *s = arg;
    s->n_changes++;
    snprintf(s->last_change, sizeof s->last_change, "%s/%s: %s -> %s (%s) %zu/%zu", c->pool,
             c->node, node_state_words[c->from], node_state_words[c->to], c->reason, c->answering,
             c->nodes);
}

/* Adds a node from "name=address,address". */
static inline void stage_node(struct stage *s, const char *spec)
{
    struct steer_node *node = &s->nodes[s->pool.n_nodes];
    struct addr *addrs = s->addrs[s->pool.n_nodes++];
    struct span rest = span_of(strchr(spec, '=') + 1), one;
    *node =
        (struct steer_node){.name = mem_text(span_bytes(spec, strcspn(spec, "="))), .addrs = addrs};
    while (span_split(&rest, ',', &one))
        assert_true(addr_parse_ip(one, &addrs[node->n_addrs++]));
}

/** Adopts s->pool as a reload does. */
static inline void stage_configure(struct stage *s)
{
    struct steer_pool *next = &s->in_force[++s->generation % 2];
    *next = s->pool;
    steer_configure(s->steer, &(struct steer_conf){next, 1}, s->now_ms, STAGE_WALL);
}

/** Nodes by specs, ended by NULL. Free with stage_close. */
static inline struct stage *stage_open(const char *const *specs)
{
    static const char *const names[] = {"s3.example.com"};
    struct stage *s = NEW(struct stage);
    s->now_ms = STAGE_NOW;
    s->probe = (struct probe_conf){.port = 9000, .interval_ms = 1000, .rise = 2, .fall = 3};
    s->pool = (struct steer_pool){.name = "s3",
                                  .names = names,
                                  .n_names = 1,
                                  .ttl_s = 5,
                                  .ttl_min_s = 1,
                                  .min_nodes = 1,
                                  .load = {.stop = 100, .resume = 80, .expire_ms = 10000},
                                  .probe = &s->probe,
                                  .nodes = s->nodes};
    s->zones = zones_new();
    zones_finish(s->zones);
    s->steer = steer_new(1, stage_changed, s);
    for (size_t i = 0; specs[i]; i++)
        stage_node(s, specs[i]);
    stage_configure(s);
    return s;
}

static inline void stage_close(struct stage *s)
{
    steer_free(s->steer);
    zones_release(s->zones);
    for (size_t i = 0; i < s->pool.n_nodes; i++)
        free((char *)(uintptr_t)s->nodes[i].name);
    free(s);
}

/* The target of address `k` of node `i`. */
static inline uint32_t stage_target(const struct stage *s, size_t i, size_t k)
{
    size_t n, at = k;
    for (size_t j = 0; j < i; j++)
        at += s->nodes[j].n_addrs;
    const struct steer_target *targets = steer_targets(s->steer, &n);
    assert_true(at < n);
    return targets[at].id;
}

static inline void stage_word(struct probe_report *r, struct span word, int64_t now_ms)
{
    struct span name;
    span_split(&word, '/', &name);
    double n = word.p ? atof(word.p) : 0;
    if (span_is(name, "suspect"))
        r->health.suspect = true;
    else if (span_is(name, "full"))
        r->load = (struct load_report){true, 0, 0, WORD_FULL, n, 100};
    else if (span_is(name, "drain"))
        r->word = WORD_DRAIN;
    else if (span_is(name, "maint"))
        r->word = WORD_MAINT;
    else {
        enum op op = OP_UNCHECKED;
        while (!span_is(name, op_word(op)))
            op++;
        r->health.op = op;
    }
    if (span_is(name, "down"))
        r->health.success_ms = now_ms - (int64_t)(n * 1000);
}

/** A report that puts address `k` of a node into a situation. @return steer_report's answer */
static inline bool stage_put(struct stage *s, size_t node, size_t k, const char *situation)
{
    struct probe_report r = {.target = stage_target(s, node, k),
                             .at_ms = s->now_ms,
                             .checks = ++s->checks,
                             .health = {.op = OP_UP, .success_ms = s->now_ms}};
    struct span rest = span_of(situation), word;
    r.load = (struct load_report){true, 0, 0, WORD_READY, 10, 100};
    while (span_split(&rest, '+', &word))
        stage_word(&r, word, s->now_ms);
    snprintf(r.evidence, sizeof r.evidence, "test: %s", situation);
    s->now_ms++;
    return steer_report(s->steer, &r, STAGE_WALL + 1);
}

/** Puts every address of the nodes into the situations, one a node, divided by blanks. */
static inline void stage_put_all(struct stage *s, const char *situations)
{
    struct span rest = span_of(situations), word;
    for (size_t i = 0; span_split(&rest, ' ', &word); i++) {
        char *text = mem_text(word);
        for (size_t k = 0; k < s->nodes[i].n_addrs; k++)
            (void)stage_put(s, i, k, text);
        free(text);
    }
}

/** The word of a node in a fresh picture. */
static inline enum node_state stage_state(const struct stage *s, size_t node)
{
    struct status *status = steer_status(s->steer, s->now_ms, STAGE_WALL);
    enum node_state state = status->pools[0].nodes[node].state;
    status_free(status);
    return state;
}

#endif
