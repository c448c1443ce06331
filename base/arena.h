/* arena.h - many small allocations, one free: build a thing, freeze it, drop it whole.
 * One thread at a time while building; what was built may then be read by many. Out of memory ends
 * the process. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/** `size` zeroed bytes aligned for any type; they live as long as the arena. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull));

/** A NUL-terminated copy. */
char *arena_text(struct arena *a, struct span s) __attribute__((returns_nonnull));
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** A copy of `len` bytes. */
void *arena_copy(struct arena *a, const void *p, size_t len) __attribute__((returns_nonnull));

/** Forgets everything but keeps the first block for the next use. */
void arena_reset(struct arena *a);

/** Bytes held from the heap. */
size_t arena_size(const struct arena *a);

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

#endif
