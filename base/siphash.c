#include "base/siphash.h"

enum { BLOCK = 8, ROUNDS = 2, LAST_ROUNDS = 4 };

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

/* `n` <= 8 bytes as a number, lowest first. */
static inline uint64_t load(const uint8_t *p, size_t n)
{
    uint64_t x = 0;
    for (size_t i = 0; i < n; i++)
        x |= (uint64_t)p[i] << 8 * i;
    return x;
}

static inline void mix(struct state *s, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        s->v0 += s->v1;
        s->v2 += s->v3;
        s->v1 = rotate(s->v1, 13) ^ s->v0;
        s->v3 = rotate(s->v3, 16) ^ s->v2;
        s->v0 = rotate(s->v0, 32) + s->v3;
        s->v2 += s->v1;
        s->v1 = rotate(s->v1, 17) ^ s->v2;
        s->v3 = rotate(s->v3, 21) ^ s->v0;
        s->v2 = rotate(s->v2, 32);
    }
}

static inline void take(struct state *s, uint64_t block)
{
    s->v3 ^= block;
    mix(s, ROUNDS);
    s->v0 ^= block;
}

uint64_t siphash24(const uint8_t key[SIPHASH_KEY], const void *data, size_t len)
{
    const uint8_t *p = data;
    uint64_t k0 = load(key, BLOCK), k1 = load(key + BLOCK, BLOCK);
    struct state s = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                      k1 ^ 0x7465646279746573};
    size_t left = len;
    for (; left >= BLOCK; left -= BLOCK, p += BLOCK)
        take(&s, load(p, BLOCK));
    take(&s, load(p, left) | (uint64_t)len << 56);
    s.v2 ^= 0xff;
    mix(&s, LAST_ROUNDS);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
