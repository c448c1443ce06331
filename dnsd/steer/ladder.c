/* ladder.c - who answers: the eligible nodes, and when there are too few, whom to fall back to. */
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/steer/model.h"

/* When nothing else is left, nodes last seen well together fell together: most likely it was our
 * own network. */
enum { LAST_GOOD_WINDOW_MS = 10 * 1000 };

struct candidate {
    struct spot *spot;
    size_t order; /* place in the configuration */
};

/* --- how fit a spot is: the worst of what the three axes say --- */

static enum rung worst(enum rung a, enum rung b)
{
    return a > b ? a : b;
}

static enum rung admin_rung(const struct admin *a)
{
    if (a->order == ORDER_MAINT || a->said == WORD_MAINT)
        return RUNG_NONE;
    return a->order == ORDER_DRAIN || a->said == WORD_DRAIN ? RUNG_DRAINING : RUNG_ELIGIBLE;
}

static enum rung op_rung(const struct health *h)
{
    static const enum rung rungs[] = {[OP_UP] = RUNG_ELIGIBLE,
                                      [OP_GOING_DOWN] = RUNG_ELIGIBLE,
                                      [OP_GOING_UP] = RUNG_GOING_UP,
                                      [OP_UNCHECKED] = RUNG_UNCHECKED,
                                      [OP_DOWN] = RUNG_DOWN};
    return worst(rungs[h->op], h->suspect ? RUNG_SUSPECT : RUNG_ELIGIBLE);
}

static enum rung load_rung(const struct load *l)
{
    return l->state == LOAD_FULL ? RUNG_FULL : RUNG_ELIGIBLE;
}

static double fullness(const struct pool *pool, const struct load *l)
{
    double limit = l->last.limit > 0 ? l->last.limit : pool->conf->load.stop;
    return limit > 0 ? l->last.value / limit : l->last.value;
}

static struct standing standing_of(const struct pool *pool, const struct node *node,
                                   const struct health *h)
{
    struct standing now = {
        .rung = worst(worst(admin_rung(&node->admin), load_rung(&node->load)), op_rung(h))};
    if (now.rung == RUNG_FULL)
        now.key = fullness(pool, &node->load);
    if (now.rung == RUNG_DOWN)
        now.key = -(double)h->success_ms;
    return now;
}

bool ladder_place(const struct pool *pool, struct node *node)
{
    bool moved = false;
    for (size_t i = 0; i < node->conf->n_addrs; i++) {
        struct spot *spot = &node->spots[i];
        struct standing before = spot->standing;
        spot->standing = standing_of(pool, node, &spot->health);
        moved |= spot->standing.rung != before.rung || spot->standing.key != before.key;
    }
    return moved;
}

bool ladder_node_eligible(const struct node *node)
{
    for (size_t i = 0; i < node->conf->n_addrs; i++)
        if (node->spots[i].standing.rung == RUNG_ELIGIBLE)
            return true;
    return false;
}

/* --- who is picked --- */

static int by_standing(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    const struct standing *p = &x->spot->standing, *q = &y->spot->standing;
    if (p->rung != q->rung)
        return p->rung < q->rung ? -1 : 1;
    if (p->key != q->key)
        return p->key < q->key ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int by_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Collects who may be picked; nobody is yet. */
static size_t gather(struct pool *pool, uint8_t af, struct candidate *out, bool *family_exists)
{
    size_t n = 0, order = 0;
    for (size_t i = 0; i < pool->conf->n_nodes; i++) {
        struct node *node = &pool->nodes[i];
        for (size_t j = 0; j < node->conf->n_addrs; j++, order++) {
            struct spot *spot = &node->spots[j];
            if (spot->ip.family != af)
                continue;
            *family_exists = true;
            spot->picked = false;
            if (spot->standing.rung != RUNG_NONE)
                out[n++] = (struct candidate){spot, order};
        }
    }
    return n;
}

/* How many of the best candidates share the first rung and are as good as its best one. */
static size_t first_rung(const struct candidate *c, size_t n)
{
    size_t k = 0;
    for (; k < n; k++) {
        const struct standing *best = &c[0].spot->standing, *s = &c[k].spot->standing;
        if (s->rung != best->rung)
            break;
        if (s->rung == RUNG_DOWN && s->key > best->key + LAST_GOOD_WINDOW_MS)
            break;
    }
    return k;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Full nodes answer all together, not only the least loaded one: it would draw every client at
 * once. What tops up still serves: nobody is sent to a dead node, or to one that is to run empty,
 * because the others are few. */
static size_t choose(const struct pool *pool, const struct candidate *c, size_t n, bool *topped_up)
{
    size_t take = first_rung(c, n);
    while (take < least(n, pool->conf->min_nodes) && c[take].spot->standing.rung <= RUNG_FULL)
        take++;
    *topped_up = take > 0 && c[take - 1].spot->standing.rung != RUNG_ELIGIBLE;
    return least(take, LADDER_MAX_PICKS);
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
        qsort(c, n, sizeof *c, by_standing);
    next.n = choose(pool, c, n, &next.topped_up);
    if (next.n > 1)
        qsort(c, next.n, sizeof *c, by_order);
    next.addrs = NEW_ARRAY(struct addr, next.n);
    for (size_t i = 0; i < next.n; i++) {
        c[i].spot->picked = true;
        next.addrs[i] = c[i].spot->ip;
    }
    free(c);

    struct picks *now = &pool->picks[family];
    bool changed = !same(now, &next);
    free(changed ? now->addrs : next.addrs);
    if (changed)
        *now = next;
    return changed;
}
