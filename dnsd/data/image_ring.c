#include "dnsd/data/image_ring.h"

uint32_t ring_count(uint32_t n)
{
    if (n == 1)
        return 1;
    return n % 2 ? n - 1 : 2 * n;
}

/* 0, 1, -1, 2, -2, ... modulo m, turned by `turn`. */
static uint32_t zigzag(uint32_t m, uint32_t turn, uint32_t place)
{
    uint32_t step = (place + 1) / 2;
    return (turn + (place % 2 ? step : m - step)) % m;
}

/* Deals even n like two halves of a pack, so that neighbours differ from those of x and x + n/2. */
static uint32_t dealt(uint32_t n, uint32_t x)
{
    return x < n / 2 ? 2 * x : 2 * x - n + 1;
}

uint32_t ring_node(uint32_t n, uint32_t ring, uint32_t place)
{
    if (n == 1)
        return 0;
    uint32_t m = n - n % 2;
    uint32_t family = ring / m;
    uint32_t turn = ring % m / 2;
    if (ring % 2)
        place = n - 1 - place;
    if (place == m) /* odd n: the point that closes the ring */
        return m;
    uint32_t node = zigzag(m, turn, place);
    return family ? dealt(n, node) : node;
}
