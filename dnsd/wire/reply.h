/* reply.h - a reply put together in the caller's buffer: header, question, RRsets, OPT last.
 * Pure, no allocation. Records come ready-made (record.h) and are copied; only an owner other than
 * the question is patched: to a pointer into the question if it is a suffix of it, else it is
 * written out once and the other records point there. An RRset goes in whole or not at all. */
#ifndef DNSD_WIRE_REPLY_H
#define DNSD_WIRE_REPLY_H

#include "dnsd/wire/query.h"

/* Ready-made records that share an owner. */
struct run {
    const uint8_t *records;
    size_t len; /* bytes of all of them */
    uint16_t count;
};

struct owner {
    const uint8_t *wire; /* canonical */
    size_t len;
};

struct reply {
    const struct query *query;
    uint8_t *out;
    size_t len;   /* bytes so far */
    size_t limit; /* bytes that the whole message may have */
    size_t room;  /* of these, before the OPT */
    uint16_t flags;
    uint16_t counts[SECTIONS];
    enum rcode rcode;
    struct edns_reply edns;
};

enum { REPLY_NSID_MAX = 128 }; /* so that header, question and OPT fit 512 bytes */

/** Starts a reply of at most `limit` (>= 512) bytes: the question is echoed bit by bit. `nsid` is
 * sent if the query asked for it; empty for none. */
void reply_begin(struct reply *r, const struct query *q, uint8_t *out, size_t limit,
                 struct span nsid);

/** Sends a cookie (24 bytes, borrowed until reply_finish) to a client that sent one; call before
 * records are added. */
void reply_cookie(struct reply *r, struct span cookie);

/** Sends the version of the zone to a client that asked for it; call before records are added. */
void reply_zone_version(struct reply *r, uint8_t labels, uint32_t serial);

/** Adds an RRset; sections in their order. @return false if it does not fit: nothing was added */
NODISCARD bool reply_add(struct reply *r, enum section section, struct owner owner, struct run run);

/** How many of `count` records of `rr_len` bytes each would fit. */
uint16_t reply_fit(const struct reply *r, struct owner owner, uint16_t count, size_t rr_len);

/** Takes all records out again. */
void reply_clear(struct reply *r);

/** Takes all records out and sets TC: the client comes back by TCP. */
void reply_truncate(struct reply *r);

/** Writes the header, and the OPT if the query had one (RFC 6891 6.1.1).
 *  @return bytes of the message */
size_t reply_finish(struct reply *r);

#endif
