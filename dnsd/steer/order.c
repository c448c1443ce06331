/* order.c - what operators order: drain, maintenance, enable. */
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/steer/model.h"

/* True if the pool has eligible nodes now and none of them would be left. */
static bool would_empty(const struct pool *pool, const char *pattern)
{
    size_t eligible = 0, left = 0;
    for (size_t i = 0; i < pool->conf->n_nodes; i++) {
        const struct node *node = &pool->nodes[i];
        if (!ladder_node_eligible(node))
            continue;
        eligible++;
        left += !match_node(pattern, pool, node);
    }
    return eligible > 0 && left == 0;
}

static bool give(struct node *node, const struct steer_request *r)
{
    free(node->admin.reason);
    node->admin.order = r->order;
    node->admin.until_ms = r->order == ORDER_NONE ? 0 : r->until_ms;
    node->admin.reason = r->order != ORDER_NONE && r->reason ? mem_text(span_of(r->reason)) : NULL;
    return true;
}

enum steer_verdict steer_order(struct steer *s, const struct steer_request *r, int64_t now_ms,
                               int64_t wall_ms, size_t *matched, bool *changed)
{
    (void)now_ms;
    *matched = 0;
    *changed = false;
    for (size_t p = 0; p < s->n_pools; p++)
        if (r->order != ORDER_NONE && !r->force && would_empty(&s->pools[p], r->node))
            return STEER_WOULD_EMPTY;
    for (size_t p = 0; p < s->n_pools; p++) {
        struct pool *pool = &s->pools[p];
        size_t here = 0;
        for (size_t n = 0; n < pool->conf->n_nodes; n++)
            if (match_node(r->node, pool, &pool->nodes[n]))
                here += give(&pool->nodes[n], r);
        if (here == 0)
            continue;
        *matched += here;
        *changed |= steer_repick(s, pool, wall_ms);
    }
    return *matched ? STEER_DONE : STEER_NO_SUCH_NODE;
}
