/* why.c - everything that led to a node's state, in lines for a person. */
#include "base/buf.h"
#include "base/clock.h"
#include "dnsd/steer/model.h"

static void why_spot(struct buf *out, const struct pool *pool, const struct spot *spot,
                     int64_t now_ms)
{
    char at[ADDR_TEXT];
    const struct health *h = &spot->health;
    const struct probe_conf *probe = pool->conf->probe;
    buf_printf(out, "  check  %s: %s%s", addr_ip_text(&spot->ip, at), op_word(h->op),
               h->suspect ? ", suspect: withdrawn until a check passes" : "");
    if (h->op == OP_GOING_DOWN)
        buf_printf(out, " (%u of %d failures)", h->count, (int)probe->fall);
    if (h->op == OP_GOING_UP)
        buf_printf(out, " (%u of %d passes)", h->count, (int)probe->rise);
    buf_printf(out, "; last: %s", spot->checks ? spot->evidence : "none yet");
    if (h->op != OP_UP && h->success_ms)
        buf_printf(out, "; last passed %.1f s ago", (double)(now_ms - h->success_ms) / 1000);
    buf_printf(out, "; %u checks\n", spot->checks);
}

static void why_admin(struct buf *out, const struct node *node, int64_t now_ms)
{
    static const char *const orders[] = {
        [ORDER_NONE] = "ready", [ORDER_DRAIN] = "drain", [ORDER_MAINT] = "maint"};
    const struct admin *a = &node->admin;
    buf_printf(out, "  admin  operator: %s", orders[a->order]);
    if (a->reason)
        buf_printf(out, " (%s)", a->reason);
    if (a->until_ms)
        buf_printf(out, " for %.0f s more",
                   a->until_ms > now_ms ? (double)(a->until_ms - now_ms) / 1000 : 0);
    buf_printf(out, "; the node says: %s\n",
               a->said == WORD_NONE ? "nothing against it" : word_text(a->said));
}

static void why_load(struct buf *out, const struct pool *pool, const struct node *node,
                     int64_t now_ms)
{
    const struct load *l = &node->load;
    const struct load_rule *rule = &pool->conf->load;
    if (l->state == LOAD_UNKNOWN) {
        buf_text(out, "  load   unknown: no report that counts\n");
        return;
    }
    buf_printf(out, "  load   %s", l->state == LOAD_FULL ? "full" : "normal");
    if (l->last.given) {
        buf_printf(out, ": %.0f", l->last.value);
        if (l->last.limit > 0)
            buf_printf(out, " of %.0f", l->last.limit);
        buf_text(out, " connections");
    }
    buf_printf(out, ", reported %.1f s ago; ", (double)(now_ms - l->at_ms) / 1000);
    if (l->last.word != WORD_NONE)
        buf_printf(out, "the node decides itself (it says %s)\n", word_text(l->last.word));
    else
        buf_printf(out, "out at %.0f, back below %.0f\n", rule->stop, rule->resume);
}

static void why_node(struct buf *out, const struct pool *pool, const struct node *node,
                     int64_t now_ms)
{
    char since[CLOCK_TEXT];
    buf_printf(out, "%s/%s: %s since %s, %s the answers\n", pool->conf->name, node->conf->name,
               node_state_words[node->state], clock_rfc3339(node->since_wall_ms, since),
               node->answered ? "in" : "not in");
    buf_printf(out, "  why    %s\n", node->reason);
    for (size_t i = 0; i < node->conf->n_addrs; i++)
        why_spot(out, pool, &node->spots[i], now_ms);
    why_admin(out, node, now_ms);
    why_load(out, pool, node, now_ms);
}

size_t steer_why(const struct steer *s, const char *pattern, int64_t now_ms, struct buf *out)
{
    size_t matched = 0;
    for (size_t p = 0; p < s->n_pools; p++)
        for (size_t n = 0; n < s->pools[p].conf->n_nodes; n++) {
            const struct node *node = &s->pools[p].nodes[n];
            if (!match_node(pattern, &s->pools[p], node))
                continue;
            why_node(out, &s->pools[p], node, now_ms);
            matched++;
        }
    return matched;
}
