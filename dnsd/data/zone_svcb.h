/* zone_svcb.h - the rules of SVCB and HTTPS data (RFC 9460 2.2, 7, 8). Pure. */
#ifndef DNSD_DATA_ZONE_SVCB_H
#define DNSD_DATA_ZONE_SVCB_H

#include "dnsd/wire/name.h"

enum svcb_key {
    SVCB_MANDATORY,
    SVCB_ALPN,
    SVCB_NO_DEFAULT_ALPN,
    SVCB_PORT,
    SVCB_IPV4HINT,
    SVCB_ECH,
    SVCB_IPV6HINT,
    SVCB_INVALID = 65535,
};

/** Looks at data in wire form. @return what is wrong with it, a constant; NULL if nothing is */
const char *zone_svcb_wrong(struct span rdata);

/** The target name of sound data, as it is written there: len 1 is "." */
struct span zone_svcb_target(struct span rdata);

/** True if sound data has the key. */
bool zone_svcb_has(struct span rdata, uint16_t key);

#endif
