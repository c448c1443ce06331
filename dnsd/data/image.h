/* image.h - the answer sets of one service, one client network and one family, ready to be copied
 * into a reply.
 *
 * Flat: one block, offsets and no pointers, so it could be shared with a kernel map one day.
 * Immutable once built. Each set is a run of whole resource records whose owner is a compression
 * pointer to the question (C0 0C); a set has room for a signature (empty today).
 *
 * A variant is a ring of the n nodes, and its n sets are the windows of that ring, one beginning
 * with each node; overlapping windows share their bytes. The rings are chosen so that over all
 * variants each node is followed by every other node equally often, at every place of the set. So
 * when a node dies, the clients that still have it in a cached answer and go on to the next address
 * spread over all survivors: nobody gets more than 1.5 times a fair share (exactly one share for
 * odd n), counted over variants * n turns, for n up to 90. Above that, memory bounds the number of
 * rings: each node is followed by about IMAGE_SETS / n others, at least 7, in equal parts. */
#ifndef DNSD_DATA_IMAGE_H
#define DNSD_DATA_IMAGE_H

#include <stdint.h>

#include "base/net.h"

enum {
    IMAGE_MAX_ANSWERS = 100,
    IMAGE_SETS = 16384, /* a large pool has fewer variants, so that n * variants stays near this */
    IMAGE_MIN_VARIANTS = 8 /* but not fewer than this: 10,000 nodes are 2 MiB (A), 3 MiB (AAAA) */
};

struct image_set {
    uint32_t off;     /* bytes from the start of the image to the first record */
    uint16_t count;   /* records of the set, all `rr_len` bytes long */
    uint16_t sig_len; /* bytes of the RRSIG record, 0 for none */
    uint32_t sig_off;
};

struct image {
    uint32_t size;     /* bytes of the whole block */
    uint16_t type;     /* 1 (A) or 28 (AAAA) */
    uint16_t rr_len;   /* bytes of one record: 16 or 28 */
    uint16_t nodes;    /* n: sets per variant */
    uint16_t variants; /* at least 1 */
    uint16_t all; /* 1: the set is the whole answer (`answers: all`), too large means TC; 0: it may
                     be cut */
    uint16_t reserved;
    struct image_set sets[]; /* variants * nodes, then the records */
};

/** Builds the sets over `n` addresses (1..65535) of one family, at most `answers` (1..100; 0: all,
 * capped at 100) records each. `seed` fixes the order of the nodes. @return one heap block, free
 * with free() */
struct image *image_build(uint16_t type, const struct addr *nodes, size_t n, size_t answers,
                          uint32_t ttl_s, uint64_t seed);

/** The set of turn `turn`: turns 0, 1, 2, ... begin with each node once before any node comes
 * again; each such round uses the next variant. */
static inline const struct image_set *image_turn(const struct image *image, uint32_t turn)
{
    uint32_t round = turn / image->nodes;
    uint32_t first = turn - round * image->nodes;
    return &image->sets[round % image->variants * image->nodes + first];
}

/** The records of a set. */
static inline const uint8_t *image_records(const struct image *image, const struct image_set *set)
{
    return (const uint8_t *)image + set->off;
}

#endif
