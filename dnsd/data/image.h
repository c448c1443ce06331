/* image.h - the answer sets of one service, one client network and one family, ready to be copied
 * into a reply.
 *
 * Flat: one block, offsets and no pointers, so it could be shared with a kernel map one day.
 * Immutable once built. Each set is a run of whole resource records whose owner is a compression
 * pointer to the question (C0 0C); a set has room for a signature (empty today). The family of sets
 * is fixed for one list of nodes: with `n` nodes there are n sets per variant, one beginning with
 * each node; the variants differ in who follows, so that the clients of a node that dies spread
 * over all others instead of falling on one neighbour. */
#ifndef DNSD_DATA_IMAGE_H
#define DNSD_DATA_IMAGE_H

#include <stdint.h>

#include "base/net.h"

enum { IMAGE_MAX_ANSWERS = 100, IMAGE_VARIANTS = 8 };

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
 * capped at 100) records each. `seed` fixes the variants. @return one heap block, free with free()
 */
struct image *image_build(uint16_t type, const struct addr *nodes, size_t n, size_t answers,
                          uint32_t ttl_s, uint64_t seed);

/** The set of turn `turn`: turns 0, 1, 2, ... begin with each node once before any node comes
 * again. */
const struct image_set *image_turn(const struct image *image, uint32_t turn);

#endif
