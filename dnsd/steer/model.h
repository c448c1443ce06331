/* model.h - the state that steer keeps; private to this room. */
#ifndef DNSD_STEER_MODEL_H
#define DNSD_STEER_MODEL_H

#include "dnsd/steer/steer.h"

/* What the node itself or an operator asked for. Only who set a thing clears it. */
struct admin {
    enum steer_order order; /* the operator's */
    int64_t until_ms;
    char *reason;   /* heap, or NULL */
    enum word said; /* the node's own: WORD_DRAIN, WORD_MAINT, or WORD_NONE */
};

/* From best to worst. Who stands on the last one is never answered. */
enum rung {
    RUNG_ELIGIBLE,
    RUNG_SUSPECT,
    RUNG_FULL, /* by lowest load */
    RUNG_DRAINING,
    RUNG_GOING_UP,
    RUNG_UNCHECKED,
    RUNG_DOWN, /* by latest success */
    RUNG_NONE, /* in maintenance */
};

struct standing {
    enum rung rung;
    double key; /* smaller is better, within a rung */
};

/* One address of a node. */
struct spot {
    struct addr ip;
    struct standing standing;
    bool picked;     /* the answers contain it now */
    uint32_t target; /* index into steer.targets */
    struct health health;
    unsigned checks;
    char evidence[PROBE_EVIDENCE];
};

struct node {
    const struct steer_node *conf;
    struct spot *spots; /* conf->n_addrs */
    struct admin admin;
    struct load load;
    enum node_state state;
    int64_t since_wall_ms;
    char *reason; /* heap: why it is in that state, in one sentence */
    bool answered;
};

/* The addresses that answer for one family, in the order of the configuration. */
struct picks {
    struct addr *addrs;
    size_t n;
    bool family_exists; /* some node has an address of this family */
    bool topped_up;     /* from the ladder: not all of them are eligible */
};

struct pool {
    const struct steer_pool *conf;
    struct node *nodes; /* conf->n_nodes */
    struct picks picks[FAMILIES];
    struct service_view *view; /* of the picks; NULL when it must be built */
};

struct steer {
    uint64_t seed;
    steer_change_fn *changed;
    void *arg;
    struct pool *pools;
    size_t n_pools;
    struct steer_target *targets;
    struct target_place {
        uint32_t pool, node, spot;
    } * places; /* of targets[i] */
    size_t n_targets;
    uint32_t first_id; /* id of targets[0]; they follow one another */
    uint64_t world_number;
};

/* steer.c */

/** Places every node anew, chooses who answers and refreshes every word and reason. @return true if
 * the answers changed */
bool steer_repick(struct steer *s, struct pool *pool, int64_t wall_ms);

/* adopt.c */

/** Frees `n` pools and the array, while their configuration is still there. */
void adopt_free_pools(struct pool *pools, size_t n);

/* ladder.c */

enum { LADDER_MAX_PICKS = UINT16_MAX }; /* addresses in one image (dnsd/data/image.h) */

/** Recomputes where the addresses of a node stand. @return true if one of them moved: pick anew */
bool ladder_place(const struct pool *pool, struct node *node);

/** Recomputes who answers for one family from where the addresses stand. @return true if it differs
 * from before */
bool ladder_pick(struct pool *pool, int family);

/** True if the node has an address that is eligible. */
bool ladder_node_eligible(const struct node *node);

/* words.c */

/** The one word of a node, by precedence. */
enum node_state words_state(const struct node *node);

/** Why the node is in `state`, as one sentence on the heap. */
char *words_reason(const struct node *node, enum node_state state);

/** The spot that speaks for the node: the one nearest to answering. */
const struct spot *words_best_spot(const struct node *node);

/** Words for the admin axis: "ready", "drain", "maint". */
const char *words_admin(const struct node *node);

/* match.c */

/** True if `pattern` (name, address, glob, POOL/NODE) means this node. */
bool match_node(const char *pattern, const struct pool *pool, const struct node *node);

#endif
