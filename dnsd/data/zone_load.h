/* zone_load.h - master files into zones. Set-up only. */
#ifndef DNSD_DATA_ZONE_LOAD_H
#define DNSD_DATA_ZONE_LOAD_H

#include "dnsd/data/zone_parts.h"

/** Adds the records of a master file (RFC 1035 5), TTL `ttl_s` where the file says none.
 *  @return false with `err` at file:line */
NODISCARD bool zone_load(struct zones *z, struct zone *zone, const char *file, uint32_t ttl_s,
                         struct err *err);

#endif
