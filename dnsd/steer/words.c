/* words.c - states and reasons in the words that a person reads. */
#include "base/buf.h"
#include "base/mem.h"
#include "dnsd/steer/model.h"

/* How near an op is to answering, to choose the address that speaks for its node. */
static int nearness(const struct health *h)
{
    static const int rank[] = {
        [OP_DOWN] = 0, [OP_UNCHECKED] = 1, [OP_GOING_UP] = 2, [OP_GOING_DOWN] = 4, [OP_UP] = 5};
    return h->suspect ? 3 : rank[h->op];
}

const struct spot *words_best_spot(const struct node *node)
{
    const struct spot *best = &node->spots[0];
    for (size_t i = 1; i < node->conf->n_addrs; i++)
        if (nearness(&node->spots[i].health) > nearness(&best->health))
            best = &node->spots[i];
    return best;
}

static enum node_state admin_state(const struct node *node)
{
    if (node->admin.order == ORDER_MAINT || node->admin.said == WORD_MAINT)
        return NODE_MAINT;
    if (node->admin.order == ORDER_DRAIN || node->admin.said == WORD_DRAIN)
        return NODE_DRAIN;
    return NODE_UP;
}

static enum node_state op_state(const struct health *h)
{
    static const enum node_state states[] = {[OP_UNCHECKED] = NODE_UNCHECKED,
                                             [OP_UP] = NODE_UP,
                                             [OP_GOING_DOWN] = NODE_GOING_DOWN,
                                             [OP_DOWN] = NODE_DOWN,
                                             [OP_GOING_UP] = NODE_GOING_UP};
    return h->suspect && h->op == OP_UP ? NODE_GOING_DOWN : states[h->op];
}

/* The states are listed by precedence: the smallest of what the three axes say wins. */
enum node_state words_state(const struct node *node)
{
    enum node_state state = admin_state(node);
    enum node_state op = op_state(&words_best_spot(node)->health);
    if (op < state)
        state = op;
    if (node->load.state == LOAD_FULL && NODE_FULL < state)
        state = NODE_FULL;
    return state;
}

const char *words_admin(const struct node *node)
{
    enum node_state state = admin_state(node);
    return state == NODE_UP ? "ready" : node_state_words[state];
}

static void add_admin(struct buf *b, const struct node *node, const char *what,
                      enum steer_order order)
{
    if (node->admin.order != order)
        buf_printf(b, "the node itself says %s", what);
    else if (node->admin.reason)
        buf_printf(b, "operator: %s", node->admin.reason);
    else
        buf_printf(b, "by order of an operator");
}

static void add_load(struct buf *b, const struct node *node)
{
    const struct load_report *r = &node->load.last;
    buf_text(b, r->word == WORD_FULL ? "the node says full" : "at its limit");
    if (r->given && r->limit > 0)
        buf_printf(b, ": %.0f of %.0f connections", r->value, r->limit);
    else if (r->given && r->value >= 0)
        buf_printf(b, ": %.0f connections", r->value);
}

/* What the last check saw says more than its kind. */
static void add_check(struct buf *b, const struct spot *spot)
{
    if (spot->checks == 0 && spot->health.op == OP_UNCHECKED)
        buf_text(b, "not checked yet");
    else
        buf_text(b, spot->evidence[0] ? spot->evidence : reasons[spot->health.reason].sentence);
}

char *words_reason(const struct node *node, enum node_state state)
{
    struct buf b = {0};
    if (state == NODE_MAINT)
        add_admin(&b, node, "maintenance", ORDER_MAINT);
    else if (state == NODE_DRAIN)
        add_admin(&b, node, "drain", ORDER_DRAIN);
    else if (state == NODE_FULL)
        add_load(&b, node);
    else
        add_check(&b, words_best_spot(node));
    char *text = mem_text(buf_span(&b));
    buf_fini(&b);
    return text;
}
