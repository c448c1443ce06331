#include "tests/unit/dnsd/serve/interpose.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static _Atomic pid_t watched;
static _Atomic long count;

/* glibc's own names of what this file takes the place of. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void __libc_free(void *p);

static void note(void)
{
    pid_t tid = atomic_load_explicit(&watched, memory_order_relaxed);
    if (tid && gettid() == tid)
        atomic_fetch_add(&count, 1);
}

void *malloc(size_t size)
{
    note();
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    note();
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    note();
    return __libc_realloc(p, size);
}

void free(void *p)
{
    note();
    __libc_free(p);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static int (*_Atomic real)(pthread_mutex_t *);
    note();
    int (*lock)(pthread_mutex_t *) = atomic_load(&real);
    if (!lock) {
        *(void **)&lock = dlsym(RTLD_NEXT, "pthread_mutex_lock");
        atomic_store(&real, lock);
    }
    return lock(mutex);
}

void interpose_watch(pid_t tid)
{
    atomic_store(&count, 0);
    atomic_store(&watched, tid);
}

long interpose_count(void)
{
    return atomic_load(&count);
}
