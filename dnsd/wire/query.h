/* query.h - a packet taken apart: the question, EDNS, and the rcode to refuse it with.
 * Pure, no allocation. Reads every section within its bounds, follows no compression pointer, and
 * never trusts a count (RFC 1035 4, RFC 6891, RFC 8906, RFC 9619). */
#ifndef DNSD_WIRE_QUERY_H
#define DNSD_WIRE_QUERY_H

#include "dnsd/wire/edns.h"
#include "dnsd/wire/name.h"

enum {
    HEADER_LEN = 12,
    FLAG_QR = 0x8000,
    FLAG_AA = 0x0400,
    FLAG_TC = 0x0200,
    FLAG_RD = 0x0100,
    OPCODE_MASK = 0x7800,
};

enum section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL, SECTIONS };

enum rcode {
    RCODE_NOERROR = 0,
    RCODE_FORMERR = 1,
    RCODE_SERVFAIL = 2,
    RCODE_NXDOMAIN = 3,
    RCODE_NOTIMP = 4,
    RCODE_REFUSED = 5,
    RCODE_BADVERS = 16,     /* needs an OPT (RFC 6891 6.1.3) */
    RCODE_BADCOOKIE = 23,   /* the same (RFC 7873 8) */
    RCODE_SILENCE = 0xffff, /* not an rcode: the packet gets no reply */
};

struct query {
    const uint8_t *packet; /* borrowed; the question begins at HEADER_LEN */
    uint16_t id, flags;    /* as in the header */
    uint16_t type, class;
    uint16_t question_len; /* bytes of the question; 0: there is none or it could not be read */
    bool trailing;         /* bytes follow the last record: read over */
    struct name name;      /* lower case */
    struct edns edns;
};

/** Takes `len` bytes apart. Whatever is returned, all that was read so far is in `q`.
 *  @return RCODE_NOERROR: answer it, or send a cookie if it has no question; RCODE_FORMERR,
 * RCODE_NOTIMP, RCODE_BADVERS: refuse it; RCODE_SILENCE: shorter than a header, or itself a reply
 */
enum rcode query_parse(const uint8_t *packet, size_t len, struct query *q);

#endif
