/* stats.h - counters of requests and bytes, one set per loop, and the /-/metrics page.
 * A set is written by its loop only; any thread may read. */
#ifndef S3NODE_SERVE_STATS_H
#define S3NODE_SERVE_STATS_H

#include "base/metrics.h"
#include "s3node/op/op.h"
#include "s3node/serve/health.h"

struct stats;

struct stats *stats_new(void);
void stats_free(struct stats *s);

/** One request has ended. @param op  NULL if it never got to a row of the table */
void stats_request(struct stats *s, const struct op *op, int status, uint64_t received,
                   uint64_t sent);

/** The sums of all sets, and the gauges of `view`, as Prometheus text (0.0.4). */
void stats_write(const struct stats *const *sets, size_t n, const struct health_view *view,
                 struct buf *out);

#endif
