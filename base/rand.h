/* rand.h - chance as an argument: a small generator that its owner seeds, so tests repeat exactly.
 * Not for secrets; those come from rand_secret. One owner thread per struct. */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include <stddef.h>
#include <stdint.h>

struct rand {
    uint64_t s; /* splitmix64 state; any seed is good */
};

static inline uint64_t rand_u64(struct rand *r)
{
    uint64_t z = (r->s += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/** Uniform in 0..bound-1; bound > 0. */
static inline uint32_t rand_below(struct rand *r, uint32_t bound)
{
    return (uint32_t)(((rand_u64(r) >> 32) * bound) >> 32);
}

/** `len` unpredictable bytes from the kernel; ends the process if it has none. */
void rand_secret(void *out, size_t len);

/** A seed from the kernel. */
uint64_t rand_seed(void);

#endif
