/* must.h - a promise that a fuzz target looks at in every build, NDEBUG or not. */
#ifndef TESTS_FUZZ_MUST_H
#define TESTS_FUZZ_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(what)                                                                                 \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "broken promise: %s\n", #what);                                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
