/* keyring.h - the access keys of a node and what each may do. Immutable once built and counted: a
 * reload makes a new ring, requests that began under the old one finish under it. Any thread. */
#ifndef S3NODE_OP_KEYRING_H
#define S3NODE_OP_KEYRING_H

#include "base/span.h"

enum key_mode {
    KEY_READONLY,  /* GET, HEAD, list */
    KEY_READWRITE, /* everything in the buckets that its globs name */
    KEY_ADMIN,     /* the same, and ListBuckets shows every bucket */
};

struct key {
    struct span access, secret;
    struct span *buckets; /* globs: `*` any run of characters, `?` one; none given: `*` */
    size_t n_buckets;
    enum key_mode mode;
};

struct keyring;

/** Copies `keys`; the caller holds the one reference. */
struct keyring *keyring_new(const struct key *keys, size_t n);

struct keyring *keyring_ref(struct keyring *ring);
void keyring_unref(struct keyring *ring); /* NULL is allowed */

/** @return the key, as long as a reference is held; NULL if there is none of that name */
const struct key *keyring_find(const struct keyring *ring, struct span access);

/** True if one of the key's globs matches `bucket`. */
bool key_covers(const struct key *key, struct span bucket);

/** True if `text` matches `glob` as a whole. */
bool glob_match(struct span glob, struct span text);

#endif
