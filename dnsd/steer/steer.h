/* steer.h - which nodes answer, and why: the state of every node and the step from it to a world.
 *
 * Pure: no socket, no thread, no clock; reports, orders and time come in, worlds and pictures go
 * out. The control thread owns it; the scenarios own one with a clock of their own. Three axes per
 * node (docs/design.md): `op` per address from the checks, `admin` and `load` per node. */
#ifndef DNSD_STEER_STEER_H
#define DNSD_STEER_STEER_H

#include "dnsd/data/status.h"
#include "dnsd/data/world.h"
#include "probe/probe.h"

/* What the configuration says; borrowed from it until the next steer_configure. */
struct steer_node {
    const char *name;
    const struct addr *addrs; /* without port */
    size_t n_addrs;
};

struct steer_pool {
    const char *name;
    const char *const *names; /* DNS names bound to it */
    size_t n_names;
    uint32_t ttl_s, ttl_min_s;
    size_t answers; /* addresses in an answer, 0: all */
    size_t min_nodes;
    struct load_rule load;
    const struct probe_conf *probe;
    const struct steer_node *nodes;
    size_t n_nodes;
};

struct steer_conf {
    const struct steer_pool *pools; /* pool i is service i of the world */
    size_t n_pools;
};

/* One change of a node's state in one word, told to the caller's log. */
struct steer_change {
    const char *pool, *node;
    enum node_state from, to;
    const char *reason; /* one sentence */
    size_t answering;   /* nodes of the pool in the answers after the change */
    size_t nodes;
};
typedef void steer_change_fn(void *arg, const struct steer_change *change);

struct steer;

/** `seed` fixes the order of the answer sets. */
struct steer *steer_new(uint64_t seed, steer_change_fn *changed, void *arg);
void steer_free(struct steer *s);

/** Adopts a configuration. A node found before under the same name keeps its orders and load, an
 * address its health; another probe counts anew from that verdict. Every target gets a new id, so
 * reports still on their way for old ids are ignored. */
void steer_configure(struct steer *s, const struct steer_conf *conf, int64_t now_ms,
                     int64_t wall_ms);

/* One address to check under one probe. */
struct steer_target {
    uint32_t id;
    struct addr at; /* with the probe's port */
    const struct probe_conf *probe;
    struct health health;
};

/** All targets of the configuration; valid until the next steer_configure. */
const struct steer_target *steer_targets(const struct steer *s, size_t *n);

/** Takes in one report of the prober. @return true if the answers changed: build and publish a
 * world */
NODISCARD bool steer_report(struct steer *s, const struct probe_report *r, int64_t wall_ms);

/** Lets loads grow old. Call about once a second. @return true if the answers changed */
NODISCARD bool steer_tick(struct steer *s, int64_t now_ms, int64_t wall_ms);

/** True once every target was checked at least once, or was known before. */
bool steer_first_round_done(const struct steer *s);

/* What an operator orders: out of the answers but probed (drain), or out and never answered
 * (maint). */
enum steer_order { ORDER_NONE, ORDER_DRAIN, ORDER_MAINT };

enum steer_verdict {
    STEER_DONE,
    STEER_NO_SUCH_NODE,
    STEER_WOULD_EMPTY, /* no eligible node of a pool would be left, and `force` was not given */
};

struct steer_request {
    const char *node; /* name or address, globs allowed; POOL/NODE narrows */
    enum steer_order order;
    const char *reason; /* NULL or what the operator said */
    int64_t until_ms;   /* monotonic end of the order, 0: until cleared */
    bool force;
};

/** Gives or clears an order on every node that matches, all or none.
 *  `*matched` counts them; `*changed` is true if the answers changed. */
enum steer_verdict steer_order(struct steer *s, const struct steer_request *r, int64_t now_ms,
                               int64_t wall_ms, size_t *matched, bool *changed);

/** A world of the present state; images of services that did not change are shared with the one
 * before. */
struct world *steer_world(struct steer *s, struct zones *zones);

/** A picture of the present state, its TXT records included. */
struct status *steer_status(const struct steer *s, int64_t now_ms, int64_t wall_ms);

/** Calls `each` for every node that matches; the same words as the picture plus what led to them.
 */
struct buf;
size_t steer_why(const struct steer *s, const char *node, int64_t now_ms, struct buf *out);

#endif
