/* zone_rdata.h - the data of a record from text to wire form, by ldns: the one file that uses it,
 * and never on the query path. Set-up only; one thread per reader. */
#ifndef DNSD_DATA_ZONE_RDATA_H
#define DNSD_DATA_ZONE_RDATA_H

#include "base/err.h"
#include "dnsd/wire/name.h"

struct zone_rdata;

struct zone_rdata *zone_rdata_new(void);
void zone_rdata_free(struct zone_rdata *r);

/** Reads the name of a record type, also of those that only ldns knows. @return false if none */
NODISCARD bool zone_rdata_type(struct span text, uint16_t *type);

/** Reads the data of one record: `text` as RFC 1035 5.1 and the RFC of its type write it, or
 * `\# length hex` (RFC 3597 5), at most ZONE_ENTRY_MAX characters; names are relative to `origin`.
 *  @param out uncompressed wire form, valid until the next call
 *  @return false with the sentence but no place in `err` */
NODISCARD bool zone_rdata_read(struct zone_rdata *r, uint16_t type, struct span text,
                               const struct name *origin, struct span *out, struct err *err);

#endif
