/* interpose.h - counts what one thread allocates and locks. Linked into one test; sanitizers bring
 * their own allocators, so under them nothing is counted. */
#ifndef TESTS_UNIT_DNSD_SERVE_INTERPOSE_H
#define TESTS_UNIT_DNSD_SERVE_INTERPOSE_H

#include <sys/types.h>

/** From now on counts the calls that the thread `tid` makes. */
void interpose_watch(pid_t tid);

/** Calls of malloc, calloc, realloc, free and pthread_mutex_lock since; -1: not counted here. */
long interpose_count(void);

#endif
