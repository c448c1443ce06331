/* edns.h - the OPT record, both ways: size, DO, NSID, cookies (RFC 6891, RFC 3225, RFC 5001, RFC
 * 7873), the version of the zone (RFC 9660), and the reason of a refusal (RFC 8914). Pure. Unknown
 * options and flags are read over and never echoed. */
#ifndef DNSD_WIRE_EDNS_H
#define DNSD_WIRE_EDNS_H

#include "dnsd/wire/cursor.h"

enum { EDNS_ZONE_VERSION = 6 /* bytes: labels of the zone, type, serial */ };
enum { EDNS_PAYLOAD = 1232, PLAIN_PAYLOAD = 512 };

/* What the client said. */
struct edns {
    bool present;
    bool dnssec_ok;    /* DO: copied into the reply */
    bool nsid;         /* it asks for the name of this server */
    bool zone_version; /* it asks for the serial of the zone */
    uint8_t version;
    uint16_t payload;   /* bytes that it takes by UDP */
    struct span cookie; /* borrowed from the packet, of an allowed length; empty: none */
};

/** Reads an OPT record behind its (root) owner and type, that is from CLASS on.
 *  @return false if its options are malformed, a cookie of a wrong length among them; options of a
 * version other than 0 are not looked at */
NODISCARD bool edns_parse(struct reader *r, struct edns *out);

/** Bytes that a reply by UDP may have: at least 512, at most 1232. */
size_t edns_udp_limit(const struct edns *e);

/* Info codes of RFC 8914. */
enum ede {
    EDE_NONE = -1,
    EDE_OTHER = 0,
    EDE_NOT_READY = 14,
    EDE_PROHIBITED = 18,
    EDE_NOT_AUTHORITATIVE = 20,
    EDE_NOT_SUPPORTED = 21,
    EDE_INVALID_QUERY_TYPE = 30,
};

/* What the OPT of a reply says. */
struct edns_reply {
    bool zone_version;   /* the two below it are sent */
    uint8_t zone_labels; /* of the zone that the question is in, without the root */
    uint32_t zone_serial;
    bool dnssec_ok;
    uint8_t extended_rcode; /* the upper 8 bits of the rcode */
    struct span nsid;       /* empty: none */
    struct span cookie;     /* empty: none */
    enum ede ede;
    struct span ede_text; /* EXTRA-TEXT, may be empty */
};

/** Bytes of that OPT record without its EDE option; an EDE is extra, and left out if it does not
 * fit. */
size_t edns_len(const struct edns_reply *e);

/** Writes the OPT record into at most `room` bytes (at least edns_len). @return bytes written */
size_t edns_write(const struct edns_reply *e, uint8_t *out, size_t room);

#endif
