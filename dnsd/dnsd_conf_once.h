/* dnsd_conf_once.h - things that may stand in a file only once: collect them, then name the
 * repeats. Set-up only; the entries live in the arena. */
#ifndef DNSD_DNSD_CONF_ONCE_H
#define DNSD_DNSD_CONF_ONCE_H

#include "base/conf.h"

struct once_entry {
    const char *text; /* what must be unique, in either case; NULL is left out */
    struct conf_at at;
    const char *path;  /* "pools.s3.nodes[2]" */
    const void *group; /* repeats inside one group are somebody else's to report; NULL: no group */
};

struct once {
    const char *what; /* "node name": how the error calls it */
    struct once_entry *items;
    size_t n, room;
};

void once_add(struct once *list, struct arena *arena, struct once_entry entry);

/** Adds an error for every entry but the first of the same text. Sorts the list. */
void once_check(struct once *list, const char *file, struct errs *errs);

#endif
