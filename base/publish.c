#include "base/publish.h"

#include <assert.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

/* Why it is safe. A reader announces the epoch it saw (seq_cst), then loads the pointer (seq_cst).
 * The writer swaps the pointer (seq_cst), raises the epoch to E, then reads the announcements. In
 * the one total order of those operations, a reader whose announcement the writer did not see
 * announces later than the swap, so it loads the new pointer. A reader that announced less than E
 * may hold the old one, and the value waits for it. */

enum { IDLE = 0, CACHE_LINE = 64 };

struct slot {
    alignas(CACHE_LINE) _Atomic uint64_t epoch; /* IDLE, or the epoch seen when pinned */
};

struct retired {
    struct retired *next;
    void *value;
    uint64_t epoch; /* a reader pinned at less than this may still see it */
};

struct publish {
    alignas(CACHE_LINE) _Atomic(void *) current;
    alignas(CACHE_LINE) _Atomic uint64_t epoch;
    struct retired *waiting; /* newest first; the writer's alone */
    void (*release)(void *);
    unsigned readers;
    struct slot slots[];
};

struct publish *publish_new(unsigned readers, void (*release)(void *value))
{
    size_t size = sizeof(struct publish) + readers * sizeof(struct slot);
    struct publish *p =
        aligned_alloc(CACHE_LINE, (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
    if (!p)
        abort();
    memset(p, 0, size);
    p->release = release;
    p->readers = readers;
    atomic_init(&p->current, NULL);
    atomic_init(&p->epoch, 1);
    for (unsigned i = 0; i < readers; i++)
        atomic_init(&p->slots[i].epoch, IDLE);
    return p;
}

void publish_free(struct publish *p)
{
    if (!p)
        return;
    size_t left = publish_reclaim(p);
    assert(left == 0);
    (void)left;
    void *current = atomic_load(&p->current);
    if (current)
        p->release(current);
    free(p);
}

void publish_set(struct publish *p, void *value)
{
    void *old = atomic_exchange(&p->current, value);
    uint64_t epoch = atomic_fetch_add(&p->epoch, 1) + 1;
    if (!old)
        return;
    struct retired *r = NEW(struct retired);
    *r = (struct retired){p->waiting, old, epoch};
    p->waiting = r;
}

static uint64_t oldest_pin(struct publish *p)
{
    uint64_t oldest = UINT64_MAX;
    for (unsigned i = 0; i < p->readers; i++) {
        uint64_t e = atomic_load(&p->slots[i].epoch);
        if (e != IDLE && e < oldest)
            oldest = e;
    }
    return oldest;
}

size_t publish_reclaim(struct publish *p)
{
    uint64_t oldest = oldest_pin(p);
    size_t left = 0;
    for (struct retired **at = &p->waiting, *r; (r = *at);) {
        if (r->epoch > oldest) {
            left++;
            at = &r->next;
            continue;
        }
        *at = r->next;
        p->release(r->value);
        free(r);
    }
    return left;
}

const void *publish_pin(struct publish *p, unsigned reader)
{
    assert(reader < p->readers);
    struct slot *mine = &p->slots[reader];
    assert(atomic_load_explicit(&mine->epoch, memory_order_relaxed) == IDLE);
    atomic_store(&mine->epoch, atomic_load(&p->epoch));
    return atomic_load(&p->current);
}

void publish_unpin(struct publish *p, unsigned reader)
{
    atomic_store_explicit(&p->slots[reader].epoch, IDLE, memory_order_release);
}

const void *publish_current(const struct publish *p)
{
    return atomic_load(&((struct publish *)(uintptr_t)p)->current);
}
