/* rrl.h - how many replies a second a network gets, so that queries with a forged source cannot
 * make this server flood somebody. Pure; time is an argument. One table per context, of a fixed
 * size; a full set of it forgets whom it has counted least, so that who is flooded stays known. */
#ifndef DNSD_ANSWER_RRL_H
#define DNSD_ANSWER_RRL_H

#include "base/net.h"

enum { RRL_SETS = 2048, RRL_WAYS = 4, RRL_SECOND_MS = 1000, RRL_SLIP = 2 };

/* Replies of different classes do not count together: a flood of one kind leaves the others. */
enum rrl_class { RRL_ANSWER, RRL_NODATA, RRL_NXDOMAIN, RRL_REFERRAL, RRL_ERROR };

enum rrl_action {
    RRL_SEND,
    RRL_SHORTEN, /* above the rate, every RRL_SLIP-th: no records, so that a true client can show
                    itself */
    RRL_DROP,    /* above the rate, the others */
};

struct rrl_rule {
    uint32_t rate; /* replies a second for one network and class; 0: no limit */
    uint64_t seed; /* unpredictable, so that nobody can choose whom the table forgets */
};

struct rrl_slot {
    uint64_t who;      /* network and class; 0: free */
    uint32_t start_ms; /* of the second that `n` is counted in */
    uint32_t n;
};

struct rrl {
    struct rrl_slot slots[RRL_SETS][RRL_WAYS];
};

/** Counts a reply to `from`, whose network is its /24 or /56. `now_ms` never steps back. */
enum rrl_action rrl_take(struct rrl *table, const struct rrl_rule *rule, const struct addr *from,
                         enum rrl_class class, int64_t now_ms);

#endif
