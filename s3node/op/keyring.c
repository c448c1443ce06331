#include "s3node/op/keyring.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"

struct keyring {
    atomic_uint refs;
    struct arena *arena;
    struct key *keys;
    size_t n;
};

static struct span keep(struct arena *arena, struct span s)
{
    return (struct span){arena_text(arena, s), s.len};
}

static struct key copy(struct arena *arena, const struct key *from)
{
    static struct span everything[] = {{"*", 1}};
    struct key to = {
        .access = keep(arena, from->access),
        .secret = keep(arena, from->secret),
        .buckets = everything,
        .n_buckets = COUNT(everything),
        .mode = from->mode,
    };
    if (from->n_buckets == 0)
        return to;
    to.n_buckets = from->n_buckets;
    to.buckets = ARENA_ARRAY(arena, struct span, from->n_buckets);
    for (size_t i = 0; i < from->n_buckets; i++)
        to.buckets[i] = keep(arena, from->buckets[i]);
    return to;
}

struct keyring *keyring_new(const struct key *keys, size_t n)
{
    struct keyring *ring = NEW(struct keyring);
    atomic_init(&ring->refs, 1);
    ring->arena = arena_new();
    ring->keys = ARENA_ARRAY(ring->arena, struct key, n);
    ring->n = n;
    for (size_t i = 0; i < n; i++)
        ring->keys[i] = copy(ring->arena, &keys[i]);
    return ring;
}

struct keyring *keyring_ref(struct keyring *ring)
{
    atomic_fetch_add(&ring->refs, 1);
    return ring;
}

void keyring_unref(struct keyring *ring)
{
    if (!ring || atomic_fetch_sub(&ring->refs, 1) > 1)
        return;
    arena_free(ring->arena);
    free(ring);
}

const struct key *keyring_find(const struct keyring *ring, struct span access)
{
    for (size_t i = 0; i < ring->n; i++)
        if (span_equal(ring->keys[i].access, access))
            return &ring->keys[i];
    return NULL;
}

bool key_covers(const struct key *key, struct span bucket)
{
    for (size_t i = 0; i < key->n_buckets; i++)
        if (glob_match(key->buckets[i], bucket))
            return true;
    return false;
}

/* Goes back to the latest star only, so the time is at most glob times text. */
bool glob_match(struct span glob, struct span text)
{
    size_t g = 0, t = 0, star = SIZE_MAX, star_text = 0;
    while (t < text.len) {
        if (g < glob.len && glob.p[g] == '*') {
            star = g++;
            star_text = t;
        } else if (g < glob.len && (glob.p[g] == '?' || glob.p[g] == text.p[t])) {
            g++;
            t++;
        } else if (star != SIZE_MAX) {
            g = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.p[g] == '*')
        g++;
    return g == glob.len;
}
