/* publish.h - one pointer to an immutable thing: one writer replaces it, readers never wait.
 *
 * A reader owns a slot. It pins before reading and unpins after a batch: one sequentially
 * consistent store and two loads, no lock, no allocation, no shared cache line written. The writer
 * swaps the pointer and retires the old value; retired values are freed once every reader that was
 * pinned at that time has unpinned (epoch-based reclamation; C11 atomics only, so ThreadSanitizer
 * follows it: docs/adr/0003).
 *
 * Threads: publish_set and publish_reclaim from one writer; pin/unpin from the thread that owns the
 * slot. */
#ifndef BASE_PUBLISH_H
#define BASE_PUBLISH_H

#include <stdint.h>

#include "base/span.h"

struct publish;

/** `readers` slots, nothing published yet. `release` frees a retired value. */
struct publish *publish_new(unsigned readers, void (*release)(void *value));

/** Frees the current and all retired values; no reader may be pinned. */
void publish_free(struct publish *p);

/** Makes `value` current and retires the one before. Never blocks. */
void publish_set(struct publish *p, void *value);

/** Frees what no reader can see any more. @return how many values still wait */
size_t publish_reclaim(struct publish *p);

/** The current value for the owner of slot `reader`, valid until publish_unpin; NULL before the
 * first set. A pinned slot cannot be pinned again. */
const void *publish_pin(struct publish *p, unsigned reader);
void publish_unpin(struct publish *p, unsigned reader);

/** The current value for the writer itself. */
const void *publish_current(const struct publish *p);

#endif
