/* alloc_count.h - counts what a query may not do: allocations, frees and locks of this process.
 * Include in one file of a test. Under a sanitizer, which owns these functions, its hooks count
 * allocations and locks are not counted. */
#ifndef TESTS_UNIT_DNSD_ALLOC_COUNT_H
#define TESTS_UNIT_DNSD_ALLOC_COUNT_H

#include <stdatomic.h>
#include <stddef.h>

#if defined(__has_feature)
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer)
#define ALLOC_COUNT_BY_SANITIZER 1
#else
#define ALLOC_COUNT_BY_SANITIZER 0
#endif

static atomic_size_t alloc_calls, lock_calls;

#if ALLOC_COUNT_BY_SANITIZER

int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

static void alloc_on_malloc(const volatile void *p, size_t size)
{
    (void)p;
    (void)size;
    alloc_calls++;
}

static void alloc_on_free(const volatile void *p)
{
    (void)p;
    alloc_calls++;
}

static void alloc_count_start(void)
{
    __sanitizer_install_malloc_and_free_hooks(alloc_on_malloc, alloc_on_free);
}

#else

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

/* glibc's own names of the allocator, so that ours may stand in front of it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void __libc_free(void *p);

void *malloc(size_t size)
{
    alloc_calls++;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    alloc_calls++;
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    alloc_calls++;
    return __libc_realloc(p, size);
}

void free(void *p)
{
    alloc_calls++;
    __libc_free(p);
}

/* Stands in front of a function that locks; the real one is looked up behind it. */
#define LOCK_COUNT(name, type)                                                                     \
    int name(type *lock)                                                                           \
    {                                                                                              \
        int (*real)(type *);                                                                       \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                                                 \
        lock_calls++;                                                                              \
        return real(lock);                                                                         \
    }

LOCK_COUNT(pthread_mutex_lock, pthread_mutex_t)
LOCK_COUNT(pthread_mutex_trylock, pthread_mutex_t)
LOCK_COUNT(pthread_rwlock_rdlock, pthread_rwlock_t)
LOCK_COUNT(pthread_rwlock_wrlock, pthread_rwlock_t)
LOCK_COUNT(pthread_spin_lock, pthread_spinlock_t)

static void alloc_count_start(void)
{
}

#endif

#endif
