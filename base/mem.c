#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

static void *check(void *p, size_t size)
{
    if (p)
        return p;
    fprintf(stderr, "out of memory: %zu bytes more were needed\n", size);
    abort();
}

void *mem_alloc(size_t count, size_t size)
{
    return check(calloc(count ? count : 1, size ? size : 1), count * size);
}

void *mem_resize(void *p, size_t size)
{
    return check(realloc(p, size ? size : 1), size);
}

char *mem_text(struct span s)
{
    char *copy = mem_alloc(s.len + 1, 1);
    if (s.len)
        memcpy(copy, s.p, s.len);
    return copy;
}
