/* pages.h - what the admin side shows, as pure functions from a status and counters to text. */
#ifndef DNSD_SERVE_PAGES_H
#define DNSD_SERVE_PAGES_H

#include "base/buf.h"
#include "base/json.h"
#include "dnsd/data/status.h"
#include "dnsd/serve/admin.h"

/** All pools with their nodes, as `/api/v1/pools` and `dnsctl status --json` give them; the caller
 * frees it. */
struct json *pages_pools(const struct status *status);

/** Prometheus text of everything countable. */
void pages_metrics(const struct status *status, const struct admin_source *source, struct buf *out);

/** A plain page for people: one table a pool. */
void pages_html(const struct status *status, struct buf *out);

#endif
