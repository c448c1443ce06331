/* order.c - what operators order: drain, maintenance, enable. */
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/steer/model.h"

enum { REASON_MAX = 200 /* bytes */ };

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

/* What an operator says stands in logs, pages and TXT records: one line, not too long. */
static char *one_line(const char *reason)
{
    char *line = mem_text(span_first(span_of(reason), REASON_MAX));
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            *p = ' ';
    return line;
}

static void give(struct node *node, const struct steer_request *r)
{
    bool ordered = r->order != ORDER_NONE;
    free(node->admin.reason);
    node->admin.order = r->order;
    node->admin.until_ms = ordered ? r->until_ms : 0;
    node->admin.reason = ordered && r->reason ? one_line(r->reason) : NULL;
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
            if (match_node(r->node, pool, &pool->nodes[n])) {
                give(&pool->nodes[n], r);
                here++;
            }
        if (here == 0)
            continue;
        *matched += here;
        *changed |= steer_repick(s, pool, wall_ms);
    }
    return *matched ? STEER_DONE : STEER_NO_SUCH_NODE;
}
