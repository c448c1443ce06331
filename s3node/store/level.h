/* level.h - one level of a bucket's tree in the order of keys: what follows one '/' up to the next.
 * Usually that is one directory; the pieces of long names in directories below are put in their
 * places, and an alias takes the place of its name. Blocks; one thread per struct. */
#ifndef S3NODE_STORE_LEVEL_H
#define S3NODE_STORE_LEVEL_H

#include "base/arena.h"
#include "base/span.h"

struct level_entry {
    struct span name; /* a segment of keys, decoded */
    bool is_dir;      /* sorts as if '/' followed its name */
    bool is_alias;    /* a file at its alias */
};

/* What of a level is wanted; keeps the memory small when paging through a huge directory. */
struct level_filter {
    struct span prefix; /* names that begin so */
    struct span after;  /* files with a name behind it, directories that may hold something behind
                           it;  p == NULL: all */
};

struct level {
    struct arena *arena;
    struct level_entry *entries;
    size_t n;
};

/** Reads the directory `dir`. Names that stand for no key are left out.
 *  @return false with errno; `out` needs level_fini all the same */
NODISCARD bool level_read(int dir, const struct level_filter *filter, struct level *out);
void level_fini(struct level *level);

#endif
