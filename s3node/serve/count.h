/* count.h - how many connections a node has, and whether it is full: one atomic word, one latch.
 *
 * A connection counts from accept, stops counting when its first request is for /-/, and counts
 * again with its first S3 request. It is *settled* once its first request head is in or 100 ms
 * have passed; only settled connections move the latch, so that a health probe never fills a node.
 * The latch closes at `limit` settled connections or more and opens at fewer than `resume`.
 *
 * Connections, settled connections and the latch change together in one compare-and-swap, so a
 * reading is always of one moment and no order of events leaves a latch behind. Any thread. */
#ifndef S3NODE_SERVE_COUNT_H
#define S3NODE_SERVE_COUNT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { COUNT_SETTLE_MS = 100 };

struct count_limits {
    uint32_t limit;  /* full at this many settled connections; at least 1 */
    uint32_t resume; /* ready again below this many; at most `limit` */
    uint32_t hard;   /* more than this many are refused; 0: never */
};

/* How one connection stands in the count; its owner keeps it. */
enum tally {
    TALLY_OUT,     /* not counted */
    TALLY_NEW,     /* counted; what it wants is not known yet */
    TALLY_SETTLED, /* counted, and the latch has looked */
};

struct count {
    _Atomic uint64_t word;   /* connections, settled connections, latch */
    _Atomic uint64_t limits; /* limit and resume: a pair that changes at once */
    _Atomic uint32_t hard;
};

struct count_view {
    uint32_t conns;   /* that count */
    uint32_t settled; /* of these, seen by the latch */
    bool full;
};

void count_init(struct count *c, struct count_limits limits);

/** New limits for what happens from now on; the latch looks at once. */
void count_set_limits(struct count *c, struct count_limits limits);
struct count_limits count_limits(const struct count *c);

/** Moves one connection from `*at` to `to`.
 *  @return true if the latch closed or opened by this */
bool count_move(struct count *c, enum tally *at, enum tally to);

/** All of one moment. */
struct count_view count_view(const struct count *c);

/** True if there are more connections than the hard limit allows. */
bool count_over(const struct count *c);

#endif
