/* image_ring.h - rings of n nodes in which, taken together, every node follows every other equally
 * often. Pure arithmetic, no memory.
 *
 * Walecki's zigzag 0, 1, -1, 2, -2, ... over m points (m even) and its turns by 1 .. m/2 - 1 use
 * each pair of neighbours exactly once. Closed through one more point (n = m + 1) these paths are
 * rings: walked both ways, n - 1 rings in which each node follows each other once. For even n = m
 * the ends are joined directly, which doubles the pairs (x, x + n/2); so there is a second family,
 * renumbered such that other pairs double: 2n rings, each pair 2 or 3 times. */
#ifndef DNSD_DATA_IMAGE_RING_H
#define DNSD_DATA_IMAGE_RING_H

#include <stdint.h>

/** How many rings there are for n nodes: 1 for n = 1, n - 1 for odd n, 2n for even n. */
uint32_t ring_count(uint32_t n);

/** The node (0..n-1) at place `place` (0..n-1) of ring `ring` (0..ring_count-1). */
uint32_t ring_node(uint32_t n, uint32_t ring, uint32_t place);

#endif
