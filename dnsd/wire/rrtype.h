/* rrtype.h - record types and classes: numbers, names, and which of them can be asked for.
 * Pure; one table (rrtype.c). Numbers: RFC 1035 3.2.2 and the IANA registry; classes of types: RFC
 * 6895 3.1. */
#ifndef DNSD_WIRE_RRTYPE_H
#define DNSD_WIRE_RRTYPE_H

#include <stdint.h>

#include "base/span.h"

enum rrtype {
    TYPE_A = 1,
    TYPE_NS = 2,
    TYPE_CNAME = 5,
    TYPE_SOA = 6,
    TYPE_MX = 15,
    TYPE_TXT = 16,
    TYPE_AAAA = 28,
    TYPE_SRV = 33,
    TYPE_DNAME = 39,
    TYPE_OPT = 41,
    TYPE_DS = 43,
    TYPE_RRSIG = 46,
    TYPE_NSEC = 47,
    TYPE_SVCB = 64,
    TYPE_HTTPS = 65,
    TYPE_NXNAME = 128,
    TYPE_TSIG = 250,
    TYPE_ANY = 255,
};

enum { CLASS_IN = 1, CLASS_CH = 3 };

/* What a question for a type deserves. */
enum rrtype_use {
    USE_DATA,    /* ordinary, known or not */
    USE_ANY,     /* RFC 8482 */
    USE_LACKED,  /* a meta or question type that we do not have: NOTIMP */
    USE_INVALID, /* cannot stand in a question: FORMERR */
};

enum rrtype_use rrtype_use(uint16_t type);

enum { RRTYPE_TEXT = 16 };

/** The name of a type, `TYPE666` when it has none here (RFC 3597 5). @return `out` or a constant */
const char *rrtype_to_text(uint16_t type, char out[RRTYPE_TEXT]);

/** Reads `A`, `aaaa`, `TYPE666`. @return false if it is none of these */
NODISCARD bool rrtype_from_text(struct span text, uint16_t *type);

#endif
