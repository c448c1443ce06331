/* zone_load.h - master files into zones. Set-up only. */
#ifndef DNSD_DATA_ZONE_LOAD_H
#define DNSD_DATA_ZONE_LOAD_H

#include "dnsd/data/zone_parts.h"

/** Adds the records of spec->from or spec->file (RFC 1035 5), TTL spec->ttl_s where the file says
 * none. Reads on behind an error, up to ZONE_MAX_ERRORS. @return false if it added to `errs`, each
 * at file:line */
NODISCARD bool zone_load(struct zones *z, struct zone *zone, const struct zone_spec *spec,
                         struct errs *errs);

#endif
