#include "dnsd/answer/rrl.h"

#include "base/rand.h"

enum { IN_USE = 0x80, IS_V4 = 0x40, CLASS_BITS = 8, NET_V4 = 3, NET_V6 = 7 /* bytes */ };

/* The network and the class as one number that no other pair has, and that is not 0. */
static uint64_t who(const struct addr *from, enum rrl_class class)
{
    bool v4 = from->family == AF_INET;
    uint64_t net = 0;
    for (size_t i = 0; i < (v4 ? NET_V4 : NET_V6); i++)
        net = net << 8 | from->ip[i];
    return net << CLASS_BITS | IN_USE | (v4 ? IS_V4 : 0) | (uint64_t) class;
}

/* Replies in the second that is running; a second that is over counts nothing. Right also where
 * 32 bits of milliseconds wrap. */
static uint32_t count_now(const struct rrl_slot *s, uint32_t now_ms)
{
    return now_ms - s->start_ms < RRL_SECOND_MS ? s->n : 0;
}

/* The slot of `id`, or the one that may be forgotten, made its. */
static struct rrl_slot *slot_of(struct rrl_slot *set, uint64_t id, uint32_t now_ms)
{
    struct rrl_slot *least = set;
    for (struct rrl_slot *s = set; s < set + RRL_WAYS; s++) {
        if (s->who == id)
            return s;
        if (count_now(s, now_ms) < count_now(least, now_ms))
            least = s;
    }
    *least = (struct rrl_slot){.who = id, .start_ms = now_ms};
    return least;
}

enum rrl_action rrl_take(struct rrl *table, const struct rrl_rule *rule, const struct addr *from,
                         enum rrl_class class, int64_t now_ms)
{
    uint64_t id = who(from, class);
    uint32_t now = (uint32_t)now_ms;
    struct rand spread = {id ^ rule->seed};
    struct rrl_slot *s = slot_of(table->slots[rand_below(&spread, RRL_SETS)], id, now);
    if (now - s->start_ms >= RRL_SECOND_MS)
        *s = (struct rrl_slot){.who = id, .start_ms = now};
    if (s->n++ < rule->rate)
        return RRL_SEND;
    return (s->n - rule->rate) % RRL_SLIP == 0 ? RRL_SHORTEN : RRL_DROP;
}
