#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

enum { BLOCK_SIZE = 16 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
};

struct arena {
    struct block *blocks; /* newest first */
    size_t total;
};

static struct block *block_add(struct arena *a, size_t size)
{
    struct block *b = mem_alloc(1, sizeof *b + size);
    b->size = size;
    b->next = a->blocks;
    a->blocks = b;
    a->total += sizeof *b + size;
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = NEW(struct arena);
    block_add(a, BLOCK_SIZE);
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

void arena_reset(struct arena *a)
{
    while (a->blocks->next) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        a->total -= sizeof *b + b->size;
        free(b);
    }
    memset(a->blocks->data, 0, a->blocks->used);
    a->blocks->used = 0;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t align = alignof(max_align_t);
    size = (size + align - 1) / align * align;
    struct block *b = a->blocks;
    if (b->size - b->used < size)
        b = block_add(a, size > BLOCK_SIZE ? size : BLOCK_SIZE);
    void *p = b->data + b->used;
    b->used += size;
    return p;
}

void *arena_copy(struct arena *a, const void *p, size_t len)
{
    void *copy = arena_alloc(a, len);
    if (len)
        memcpy(copy, p, len);
    return copy;
}

char *arena_text(struct arena *a, struct span s)
{
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.p, s.len);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    char *text = arena_alloc(a, len > 0 ? (size_t)len + 1 : 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    va_end(args);
    return text;
}

size_t arena_size(const struct arena *a)
{
    return a->total;
}
