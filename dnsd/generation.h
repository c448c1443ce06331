/* generation.h - one reading of the configuration and all that follows from it alone: zones and
 * what steer needs. Built whole or not at all, on any thread; then owned by the control thread. */
#ifndef DNSD_GENERATION_H
#define DNSD_GENERATION_H

#include "base/buf.h"
#include "dnsd/data/zone.h"
#include "dnsd/dnsd_conf.h"
#include "dnsd/steer/steer.h"

struct generation {
    struct arena *arena;
    struct dnsd_conf conf;
    struct zones *zones;
    struct steer_conf steer;
    struct errs warnings; /* what is allowed in the zones and looks wrong */
    struct buf pending;   /* keys that differ from the running ones and need a restart, or empty */
    struct generation *older; /* kept until the prober has let go of it */
};

/** Reads and checks the file and its zone files. @return NULL with every error in `errs` */
struct generation *generation_load(const char *path, struct errs *errs);

/** Frees it and the older ones behind it; NULL is fine. */
void generation_free(struct generation *g);

/** The values of the keys that only a restart changes, as text in `arena`: those of the first
 * generation stay in force for the life of the daemon. */
const char *const *generation_fixed(const struct generation *g, struct arena *arena);

/** Fills next->pending with those of these keys whose values differ from the ones in force. */
void generation_compare(struct generation *next, const char *const *in_force);

/** One line: "1 zone, 2 pools, 12 nodes". */
void generation_describe(const struct generation *g, struct buf *out);

#endif
