/* ladder.c - who answers: the eligible nodes, and when there are too few, whom to fall back to. */
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/steer/model.h"

/* From best to worst. A node in maintenance stands on no rung. */
enum rung {
    RUNG_ELIGIBLE,
    RUNG_SUSPECT,
    RUNG_FULL, /* by lowest load */
    RUNG_DRAINING,
    RUNG_GOING_UP,
    RUNG_UNCHECKED,
    RUNG_DOWN, /* by latest success */
    RUNG_NONE,
};

/* When nothing else is left, nodes last seen well together fell together: most likely it was our
 * own network. */
enum { LAST_GOOD_WINDOW_MS = 10 * 1000 };

struct candidate {
    const struct addr *ip;
    enum rung rung;
    double key;   /* smaller is better, within a rung */
    size_t order; /* place in the configuration */
};

static bool in_maintenance(const struct node *node)
{
    return node->admin.order == ORDER_MAINT || node->admin.said == WORD_MAINT;
}

static bool draining(const struct node *node)
{
    return node->admin.order == ORDER_DRAIN || node->admin.said == WORD_DRAIN;
}

static enum rung rung_of(const struct node *node, const struct health *h)
{
    if (in_maintenance(node))
        return RUNG_NONE;
    switch (h->op) {
    case OP_DOWN:
        return RUNG_DOWN;
    case OP_GOING_UP:
        return RUNG_GOING_UP;
    case OP_UNCHECKED:
        return RUNG_UNCHECKED;
    case OP_UP:
    case OP_GOING_DOWN:
        break;
    }
    if (draining(node))
        return RUNG_DRAINING;
    if (h->suspect)
        return RUNG_SUSPECT;
    return node->load.state == LOAD_FULL ? RUNG_FULL : RUNG_ELIGIBLE;
}

bool ladder_node_eligible(const struct node *node)
{
    for (size_t i = 0; i < node->conf->n_addrs; i++)
        if (rung_of(node, &node->spots[i].health) == RUNG_ELIGIBLE)
            return true;
    return false;
}

static double key_of(const struct pool *pool, const struct node *node, const struct health *h,
                     enum rung rung)
{
    if (rung == RUNG_DOWN)
        return -(double)h->success_ms;
    if (rung != RUNG_FULL)
        return 0;
    double limit = node->load.last.limit > 0 ? node->load.last.limit : pool->conf->load.stop;
    return limit > 0 ? node->load.last.value / limit : node->load.last.value;
}

static int by_rung(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->rung != y->rung)
        return x->rung < y->rung ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int by_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->order < y->order ? -1 : x->order > y->order;
}

static size_t gather(const struct pool *pool, uint8_t af, struct candidate *out,
                     bool *family_exists)
{
    size_t n = 0, order = 0;
    for (size_t i = 0; i < pool->conf->n_nodes; i++) {
        const struct node *node = &pool->nodes[i];
        for (size_t j = 0; j < node->conf->n_addrs; j++, order++) {
            const struct spot *spot = &node->spots[j];
            if (spot->ip.family != af)
                continue;
            *family_exists = true;
            enum rung rung = rung_of(node, &spot->health);
            if (rung == RUNG_NONE)
                continue;
            out[n++] =
                (struct candidate){&spot->ip, rung, key_of(pool, node, &spot->health, rung), order};
        }
    }
    return n;
}

/* How many of the best candidates share the first rung and are as good as its best one. */
static size_t first_rung(const struct candidate *c, size_t n)
{
    size_t k = 0;
    while (k < n && c[k].rung == c[0].rung)
        if (c[k].rung == RUNG_DOWN && c[k].key > c[0].key + LAST_GOOD_WINDOW_MS)
            break;
        else
            k++;
    return k;
}

/* Full nodes answer all together, not only the least loaded one: it would draw every client at
 * once. */
static size_t choose(const struct pool *pool, const struct candidate *c, size_t n, bool *topped_up)
{
    size_t take = first_rung(c, n);
    if (take < pool->conf->min_nodes)
        take = n < pool->conf->min_nodes ? n : pool->conf->min_nodes;
    *topped_up = take > 0 && c[take - 1].rung != RUNG_ELIGIBLE;
    return take;
}

static bool same(const struct picks *a, const struct picks *b)
{
    if (a->n != b->n || a->family_exists != b->family_exists || a->topped_up != b->topped_up)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!addr_equal_ip(&a->addrs[i], &b->addrs[i]))
            return false;
    return true;
}

bool ladder_pick(struct pool *pool, int family)
{
    size_t most = 0;
    for (size_t i = 0; i < pool->conf->n_nodes; i++)
        most += pool->nodes[i].conf->n_addrs;
    struct candidate *c = NEW_ARRAY(struct candidate, most);
    struct picks next = {0};
    size_t n = gather(pool, family == FAMILY_V4 ? AF_INET : AF_INET6, c, &next.family_exists);
    if (n > 1)
        qsort(c, n, sizeof *c, by_rung);
    next.n = choose(pool, c, n, &next.topped_up);
    if (next.n > 1)
        qsort(c, next.n, sizeof *c, by_order);
    next.addrs = NEW_ARRAY(struct addr, next.n);
    for (size_t i = 0; i < next.n; i++)
        next.addrs[i] = *c[i].ip;
    free(c);

    struct picks *now = &pool->picks[family];
    bool changed = !same(now, &next);
    free(changed ? now->addrs : next.addrs);
    if (changed)
        *now = next;
    return changed;
}
