/* admin.h - the read-only HTTP side: `/`, `/api/v1/pools`, `/metrics`, `/live`, `/ready`. Its own
 * thread and loop, so that a slow browser delays nobody. It reads published pictures and counters
 * and changes nothing. */
#ifndef DNSD_SERVE_ADMIN_H
#define DNSD_SERVE_ADMIN_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/metrics.h"
#include "base/net.h"
#include "base/publish.h"
#include "dnsd/serve/answering.h"

/* What the pages show; the owner keeps it until admin_stop. */
struct admin_source {
    struct publish *statuses;          /* of struct status */
    unsigned reader;                   /* slot of the admin thread in it */
    const struct answering *answering; /* whose counters are shown, once `ready` */
    const _Atomic bool *ready;         /* answering has begun */
    counter *worlds;                   /* worlds published */
    counter *waiting;                  /* old worlds not yet freed */
};

struct admin;

/** Serves on `at`. @return NULL with `err` and the remedy */
struct admin *admin_start(const struct addr *at, const struct admin_source *source,
                          struct err *err);

/** The port it listens on. */
uint16_t admin_port(const struct admin *a);

void admin_stop(struct admin *a);

#endif
