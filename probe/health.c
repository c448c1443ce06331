#include "probe/health.h"

#include <assert.h>

/* A suspicion that only our own faults keep from being settled ends after this long. */
enum { SUSPECT_MAX_MS = 1000 };

static bool answers(enum op op)
{
    return op == OP_UP || op == OP_GOING_DOWN;
}

static void pass(struct health *h, struct health_rule rule, int64_t now_ms)
{
    bool was_out = h->op == OP_DOWN || h->op == OP_GOING_UP;
    h->success_ms = now_ms;
    h->suspect = false;
    if (was_out && ++h->count < rule.rise) {
        h->op = OP_GOING_UP;
        return;
    }
    h->op = OP_UP;
    h->count = 0;
}

static void go_down(struct health *h)
{
    h->op = OP_DOWN;
    h->count = 0;
    h->suspect = false;
}

static void fail(struct health *h, struct health_rule rule, enum fault fault)
{
    if (!answers(h->op) || ++h->count >= rule.fall) {
        go_down(h); /* from GOING_UP as well: the way up starts over */
        return;
    }
    h->op = OP_GOING_DOWN;
    h->suspect |= fault == FAULT_HARD;
}

/* An inconclusive check proves nothing, but must not keep a suspicion alive for ever either. */
static void shrug(struct health *h, int64_t now_ms)
{
    if (now_ms - h->changed_ms >= SUSPECT_MAX_MS)
        h->suspect = false;
}

/* The node's own word outweighs what the check saw. */
static enum reason judge(enum reason reason, enum word word)
{
    if (word == WORD_STARTING || word == WORD_FAILED)
        return REASON_NODE_SAYS;
    return word == WORD_NONE ? reason : REASON_OK;
}

static void fold(struct health *h, struct health_rule rule, enum reason reason, int64_t now_ms)
{
    enum fault fault = reasons[reason].fault;
    if (fault == FAULT_LOCAL) {
        shrug(h, now_ms);
        return;
    }
    h->reason = reason;
    if (reason == REASON_NODE_SAYS)
        go_down(h);
    else if (fault == FAULT_NONE)
        pass(h, rule, now_ms);
    else
        fail(h, rule, fault);
}

bool health_feed(struct health *h, struct health_rule rule, enum reason reason, enum word word,
                 int64_t now_ms)
{
    assert(reason < REASON_COUNT);
    struct health before = *h;
    fold(h, rule, judge(reason, word), now_ms);
    bool changed = h->op != before.op || h->suspect != before.suspect;
    if (changed)
        h->changed_ms = now_ms;
    return changed;
}

bool health_suspect(struct health *h, int64_t now_ms)
{
    if (!answers(h->op) || h->suspect)
        return false;
    h->suspect = true;
    h->changed_ms = now_ms;
    return true;
}

int64_t health_delay(const struct health *h, const struct health_timing *t, int64_t now_ms)
{
    if (h->suspect && reasons[h->reason].fault == FAULT_HARD)
        return t->confirm_delay;
    if (h->suspect)
        return t->fastinter;
    switch (h->op) {
    case OP_UNCHECKED:
    case OP_GOING_DOWN:
    case OP_GOING_UP:
        return t->fastinter;
    case OP_DOWN:
        return now_ms - h->changed_ms >= t->down_after ? t->downinter : t->interval;
    case OP_UP:
        break;
    }
    return t->interval;
}

const char *op_word(enum op op)
{
    static const char *const words[] = {
        [OP_UNCHECKED] = "unchecked",   [OP_UP] = "up",
        [OP_GOING_DOWN] = "going_down", [OP_DOWN] = "down",
        [OP_GOING_UP] = "going_up",
    };
    return words[op];
}
