/* status.h - a picture of the pools for people: the rows behind `_pool` TXT, the JSON, the page and
 * dnsctl. Immutable once built, published apart from the world and at most once a second.
 * Everything lives in one arena, the struct status itself too. */
#ifndef DNSD_DATA_STATUS_H
#define DNSD_DATA_STATUS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/net.h"

/* One word per node, by precedence: the first that applies. */
enum node_state {
    NODE_MAINT,
    NODE_DRAIN,
    NODE_DOWN,
    NODE_GOING_UP,
    NODE_UNCHECKED,
    NODE_FULL,
    NODE_GOING_DOWN,
    NODE_UP,
    NODE_STATES
};

extern const char *const node_state_words[NODE_STATES]; /* "maint", "drain", ... */

struct status_node {
    const char *name;
    const struct addr *addrs;
    size_t n_addrs;
    enum node_state state;
    const char *op, *admin, *load_state; /* the three axes in words */
    double load, limit;                  /* limit 0: unknown; load < 0: none reported */
    int64_t since_wall_ms;               /* of the state */
    const char *reason;                  /* one sentence: why it is in that state */
    bool answered;                       /* the answers contain it now */
};

struct status_pool {
    const char *name;
    const char *const *names; /* the DNS names */
    size_t n_names;
    int32_t service;
    size_t by_state[NODE_STATES];
    const char *warning; /* NULL, or what is wrong with the pool as a whole */
    const struct status_node *nodes;
    size_t n_nodes;
};

struct status {
    struct arena *arena;
    int64_t built_wall_ms;
    int64_t started_wall_ms;
    const struct status_pool *pools;
    size_t n_pools;
    struct status_text *text; /* ready-made TXT records, status_text.h */
};

void status_free(void *status); /* frees the arena; fits publish_new */

#endif
