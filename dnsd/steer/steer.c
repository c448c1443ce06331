#include "dnsd/steer/steer.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/steer/model.h"

struct steer *steer_new(uint64_t seed, steer_change_fn *changed, void *arg)
{
    struct steer *s = NEW(struct steer);
    *s = (struct steer){.seed = seed, .changed = changed, .arg = arg, .first_id = 1};
    return s;
}

void steer_free(struct steer *s)
{
    if (!s)
        return;
    adopt_free_pools(s->pools, s->n_pools);
    free(s->targets);
    free(s->places);
    free(s);
}

static bool any_picked(const struct node *node)
{
    for (size_t i = 0; i < node->conf->n_addrs; i++)
        if (node->spots[i].picked)
            return true;
    return false;
}

static bool pool_pick(struct pool *pool)
{
    bool v4 = ladder_pick(pool, FAMILY_V4), v6 = ladder_pick(pool, FAMILY_V6);
    if (!v4 && !v6)
        return false;
    if (pool->view)
        service_view_release(pool->view);
    pool->view = NULL;
    for (size_t i = 0; i < pool->conf->n_nodes; i++)
        pool->nodes[i].answered = any_picked(&pool->nodes[i]);
    return true;
}

static size_t count_answering(const struct pool *pool)
{
    size_t n = 0;
    for (size_t i = 0; i < pool->conf->n_nodes; i++)
        n += pool->nodes[i].answered;
    return n;
}

/* Recomputes the word and the reason of a node and tells the log if the word changed. */
static void node_refresh(struct steer *s, struct pool *pool, struct node *node, int64_t wall_ms)
{
    enum node_state from = node->state, to = words_state(node);
    free(node->reason);
    node->reason = words_reason(node, to);
    if (from == to)
        return;
    node->state = to;
    node->since_wall_ms = wall_ms;
    if (s->changed)
        s->changed(s->arg, &(struct steer_change){pool->conf->name, node->conf->name, from, to,
                                                  node->reason, count_answering(pool),
                                                  pool->conf->n_nodes});
}

/* A node's own word on its administration: a word sets it, the next better word or a passed check
 * clears it. What is no check of the node (our own trouble, a tripwire) says nothing. */
static void take_word(struct node *node, const struct probe_report *r, bool passed)
{
    if (r->word == WORD_DRAIN || r->word == WORD_MAINT)
        node->admin.said = r->word;
    else if (r->word != WORD_NONE || passed)
        node->admin.said = WORD_NONE;
}

/* @return true if the latch moved; whether that changes the answers is for the ladder to say */
static bool take_load(struct node *node, const struct load_rule *rule, const struct probe_report *r)
{
    struct load_report load = r->load;
    if (load.word == WORD_NONE)
        load.word = r->word;
    return load_feed(&node->load, rule, &load, r->at_ms);
}

bool steer_repick(struct steer *s, struct pool *pool, int64_t wall_ms)
{
    for (size_t n = 0; n < pool->conf->n_nodes; n++)
        (void)ladder_place(pool, &pool->nodes[n]);
    bool changed = pool_pick(pool);
    for (size_t n = 0; n < pool->conf->n_nodes; n++)
        node_refresh(s, pool, &pool->nodes[n], wall_ms);
    return changed;
}

bool steer_report(struct steer *s, const struct probe_report *r, int64_t wall_ms)
{
    if (r->target < s->first_id || r->target - s->first_id >= s->n_targets)
        return false; /* of a configuration that is gone */
    const struct target_place *place = &s->places[r->target - s->first_id];
    struct pool *pool = &s->pools[place->pool];
    struct node *node = &pool->nodes[place->node];
    struct spot *spot = &node->spots[place->spot];

    bool passed = r->health.success_ms > spot->health.success_ms;
    spot->health = r->health;
    spot->checks = r->checks;
    memcpy(spot->evidence, r->evidence, sizeof spot->evidence);
    take_word(node, r, passed);
    take_load(node, &pool->conf->load, r);

    bool changed = ladder_place(pool, node) && pool_pick(pool);
    node_refresh(s, pool, node, wall_ms);
    return changed;
}

static bool expire_order(struct node *node, int64_t now_ms)
{
    if (!node->admin.until_ms || now_ms < node->admin.until_ms)
        return false;
    free(node->admin.reason);
    node->admin = (struct admin){.said = node->admin.said};
    return true;
}

bool steer_tick(struct steer *s, int64_t now_ms, int64_t wall_ms)
{
    bool changed = false;
    for (size_t p = 0; p < s->n_pools; p++) {
        struct pool *pool = &s->pools[p];
        bool older = false;
        for (size_t n = 0; n < pool->conf->n_nodes; n++) {
            struct node *node = &pool->nodes[n];
            older |= load_age(&node->load, &pool->conf->load, now_ms);
            older |= expire_order(node, now_ms);
        }
        if (older)
            changed |= steer_repick(s, pool, wall_ms);
    }
    return changed;
}

bool steer_first_round_done(const struct steer *s)
{
    for (size_t i = 0; i < s->n_targets; i++) {
        const struct target_place *at = &s->places[i];
        const struct spot *spot = &s->pools[at->pool].nodes[at->node].spots[at->spot];
        if (spot->checks == 0 && spot->health.op == OP_UNCHECKED)
            return false;
    }
    return true;
}
