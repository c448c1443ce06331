/* zone_line.h - one entry of a master file as its fields: owner, TTL, class, type (RFC 1035 5.1,
 * TTLs with units as RFC 2308 4 and all name servers read them), and the directives $ORIGIN and
 * $TTL. Pure; the data of the record stays text. */
#ifndef DNSD_DATA_ZONE_LINE_H
#define DNSD_DATA_ZONE_LINE_H

#include "base/err.h"
#include "dnsd/wire/name.h"

/* What one entry leaves for the next. */
struct zone_line_state {
    struct name origin;
    struct name owner; /* of the record before; len 0: none */
    uint32_t ttl_s;    /* where a record has none */
};

struct zone_line {
    bool record; /* false: it was a directive */
    struct name owner;
    uint32_t ttl_s;
    struct span type; /* both are text, parts of the entry */
    struct span rdata;
};

/** Reads an entry. @return false with the sentence but no place in `err` */
NODISCARD bool zone_line_read(struct span entry, struct zone_line_state *state,
                              struct zone_line *out, struct err *err);

#endif
