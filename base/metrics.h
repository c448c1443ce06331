/* metrics.h - tables of counters and gauges, and their Prometheus text (exposition format 0.0.4).
 * Counters are per thread: the owner adds with plain relaxed stores, any thread may read. No
 * allocation, no lock. */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/buf.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE };

/* A row of a table; the index in the table is the index of the value. Rows of one family (same
 * name) stand together. */
struct metric {
    const char *name; /* `dnsd_queries_total` */
    enum metric_type type;
    const char *labels; /* `transport="udp"`, or NULL */
    const char *help;
};

typedef _Atomic uint64_t counter;

/** Adds to a counter that only this thread writes: a load, an add, a store; no bus lock. */
static inline void counter_add(counter *c, uint64_t n)
{
    atomic_store_explicit(c, atomic_load_explicit(c, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

static inline uint64_t counter_get(const counter *c)
{
    return atomic_load_explicit(c, memory_order_relaxed);
}

/** Writes `rows` with the sums of the values at the same index of `n_sets` counter arrays. */
void metrics_write(const struct metric *rows, size_t n_rows, counter *const *sets, size_t n_sets,
                   struct buf *out);

/** `# HELP` and `# TYPE` of one family whose samples the caller writes with metrics_sample. */
void metrics_family(const char *name, enum metric_type type, const char *help, struct buf *out);

/** One sample: `name{k="v",...} value`. Pairs are `key, value` strings, ended by NULL; values are
 * escaped here. */
void metrics_sample(struct buf *out, const char *name, double value, ...) __attribute__((sentinel));

#endif
