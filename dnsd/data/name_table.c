#include "dnsd/data/name_table.h"

#include <stdlib.h>

#include "base/mem.h"

enum { FIRST_SLOTS = 16 };

struct slot {
    uint64_t hash;
    const uint8_t *name;
    size_t len;
    void *value; /* NULL: free */
};

struct name_table {
    size_t mask; /* slots - 1, a power of two less one */
    size_t used;
    struct slot *slots;
};

/* Adds `len` bytes to a hash, eight at a time. */
static uint64_t mix(uint64_t hash, const uint8_t *p, size_t len)
{
    for (; len > 0; p += 8) {
        uint64_t word = 0;
        size_t part = len < 8 ? len : 8;
        memcpy(&word, p, part);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
        len -= part;
    }
    return hash;
}

void suffixes_of(const uint8_t *name, size_t len, struct suffixes *out)
{
    size_t n = 0;
    for (size_t at = 0; at < len; at += 1u + name[at])
        out->off[n++] = (uint8_t)at;
    uint64_t hash = 0;
    for (size_t i = n; i-- > 0;) {
        const uint8_t *label = name + out->off[i];
        hash = mix(hash, label, 1u + *label);
        out->hash[i] = hash;
    }
    out->name = name;
    out->len = len;
    out->n = n;
}

struct name_table *name_table_new(void)
{
    struct name_table *t = NEW(struct name_table);
    t->mask = FIRST_SLOTS - 1;
    t->slots = NEW_ARRAY(struct slot, FIRST_SLOTS);
    return t;
}

void name_table_free(struct name_table *t)
{
    if (t)
        free(t->slots);
    free(t);
}

/* The slot that holds the name, or the free one where it belongs. */
static struct slot *probe(const struct name_table *t, uint64_t hash, const uint8_t *name,
                          size_t len)
{
    size_t at = hash & t->mask;
    while (t->slots[at].value && !(t->slots[at].hash == hash &&
                                   name_equal(t->slots[at].name, t->slots[at].len, name, len)))
        at = (at + 1) & t->mask;
    return &t->slots[at];
}

void *name_table_find(const struct name_table *t, const struct suffixes *s, size_t i)
{
    return probe(t, s->hash[i], s->name + s->off[i], s->len - s->off[i])->value;
}

void *name_table_get(const struct name_table *t, const uint8_t *name, size_t len)
{
    struct suffixes s;
    suffixes_of(name, len, &s);
    return name_table_find(t, &s, 0);
}

static void grow(struct name_table *t)
{
    struct slot *old = t->slots;
    size_t n = t->mask + 1;
    t->mask = n * 2 - 1;
    t->slots = NEW_ARRAY(struct slot, n * 2);
    for (size_t i = 0; i < n; i++)
        if (old[i].value)
            *probe(t, old[i].hash, old[i].name, old[i].len) = old[i];
    free(old);
}

void name_table_add(struct name_table *t, const uint8_t *name, size_t len, void *value)
{
    if (t->used * 2 > t->mask)
        grow(t);
    struct suffixes s;
    suffixes_of(name, len, &s);
    *probe(t, s.hash[0], name, len) = (struct slot){s.hash[0], name, len, value};
    t->used++;
}
