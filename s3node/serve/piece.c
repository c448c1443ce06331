#include "s3node/serve/piece.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

enum { KIB = 1024, MIB = 1024 * KIB };

static const struct {
    size_t held, size; /* while less than `held` */
} sizes[] = {{8 * MIB, 256 * KIB}, {16 * MIB, 64 * KIB}, {SIZE_MAX, 16 * KIB}};

size_t piece_size(const piece_tally *held)
{
    size_t i = 0, now = atomic_load(held);
    while (now >= sizes[i].held)
        i++;
    return sizes[i].size;
}

bool piece_scarce(const piece_tally *held)
{
    return atomic_load(held) >= sizes[0].held;
}

void piece_grow(struct piece *piece, size_t cap, piece_tally *held)
{
    if (piece->cap >= cap)
        return;
    atomic_fetch_add(held, cap - piece->cap);
    piece->p = mem_resize(piece->p, cap);
    piece->cap = cap;
}

void piece_drop(struct piece *piece, piece_tally *held)
{
    atomic_fetch_sub(held, piece->cap);
    free(piece->p);
    *piece = (struct piece){0};
}
