#include "s3node/serve/count.h"

/* The word: bit 0 the latch, bits 1..31 settled connections, bits 32..62 connections. */
enum { SETTLED_AT = 1, CONNS_AT = 32 };
#define NUMBER 0x7fffffffu

static struct count_view unpack(uint64_t word)
{
    return (struct count_view){
        .conns = (uint32_t)(word >> CONNS_AT) & NUMBER,
        .settled = (uint32_t)(word >> SETTLED_AT) & NUMBER,
        .full = word & 1,
    };
}

static uint64_t pack(struct count_view v)
{
    return (uint64_t)v.conns << CONNS_AT | (uint64_t)v.settled << SETTLED_AT | v.full;
}

static bool latch(bool full, uint32_t settled, struct count_limits l)
{
    return full ? settled >= l.resume : settled >= l.limit;
}

/* Adds to both numbers and lets the latch look; true if it moved. */
static bool change(struct count *c, int conns, int settled)
{
    uint64_t old = atomic_load(&c->word), new;
    struct count_view v;
    do {
        v = unpack(old);
        v.conns += (uint32_t)conns;
        v.settled += (uint32_t)settled;
        v.full = latch(v.full, v.settled, count_limits(c));
        new = pack(v);
    } while (!atomic_compare_exchange_weak(&c->word, &old, new));
    return v.full != (bool)(old & 1);
}

void count_init(struct count *c, struct count_limits limits)
{
    atomic_init(&c->word, 0);
    count_set_limits(c, limits);
}

void count_set_limits(struct count *c, struct count_limits limits)
{
    atomic_store(&c->limits, (uint64_t)limits.limit << 32 | limits.resume);
    atomic_store(&c->hard, limits.hard);
    change(c, 0, 0);
}

struct count_limits count_limits(const struct count *c)
{
    uint64_t pair = atomic_load(&c->limits);
    return (struct count_limits){
        .limit = (uint32_t)(pair >> 32),
        .resume = (uint32_t)pair,
        .hard = atomic_load(&c->hard),
    };
}

bool count_move(struct count *c, enum tally *at, enum tally to)
{
    if (*at == to)
        return false;
    int conns = (to != TALLY_OUT) - (*at != TALLY_OUT);
    int settled = (to == TALLY_SETTLED) - (*at == TALLY_SETTLED);
    *at = to;
    return change(c, conns, settled);
}

struct count_view count_view(const struct count *c)
{
    return unpack(atomic_load(&c->word));
}

bool count_over(const struct count *c)
{
    uint32_t hard = atomic_load(&c->hard);
    return hard > 0 && count_view(c).settled > hard;
}
