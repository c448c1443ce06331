/* mem.h - allocation for set-up and control code: it succeeds or the process ends with a sentence.
 * The query path never allocates; code that must survive a refusal uses malloc itself. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/span.h"

/** `count` zeroed elements of `size` bytes; free with free(). */
void *mem_alloc(size_t count, size_t size)
    __attribute__((returns_nonnull, malloc, alloc_size(1, 2)));

/** realloc that does not fail. */
void *mem_resize(void *p, size_t size) __attribute__((returns_nonnull));

/** A NUL-terminated copy on the heap. */
char *mem_text(struct span s) __attribute__((returns_nonnull));

#define NEW(type)          ((type *)mem_alloc(1, sizeof(type)))
#define NEW_ARRAY(type, n) ((type *)mem_alloc((n), sizeof(type)))

#endif
