/* name_table.h - a hash table from canonical names to things, and the suffixes of a name with their
 * hashes, so that a search from the longest to the shortest hashes every byte once.
 * Grows while it is built by one thread; then many may search. Keys are borrowed: they live as long
 * as the table. The names come from the operator, so the hash needs no secret: a stranger's name
 * can only miss. */
#ifndef DNSD_DATA_NAME_TABLE_H
#define DNSD_DATA_NAME_TABLE_H

#include <stdint.h>

#include "dnsd/wire/name.h"

/* Suffix 0 is the name itself, suffix `n - 1` the root. */
struct suffixes {
    const uint8_t *name;
    size_t len;
    size_t n;
    uint8_t off[LABELS_MAX]; /* where suffix i begins in the name */
    uint64_t hash[LABELS_MAX];
};

/** Splits a canonical name. */
void suffixes_of(const uint8_t *name, size_t len, struct suffixes *out);

struct name_table;

struct name_table *name_table_new(void);
void name_table_free(struct name_table *t);

/** The value of suffix `i`, or NULL. */
void *name_table_find(const struct name_table *t, const struct suffixes *s, size_t i);

/** The value of a whole name, or NULL. */
void *name_table_get(const struct name_table *t, const uint8_t *name, size_t len);

/** Adds a name that is not in the table yet. */
void name_table_add(struct name_table *t, const uint8_t *name, size_t len, void *value);

#endif
