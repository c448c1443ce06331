/* status_text.h - the status as TXT records: `_pool.NAME` and `NODE._pool.NAME`, made once per
 * status. Pure. */
#ifndef DNSD_DATA_STATUS_TEXT_H
#define DNSD_DATA_STATUS_TEXT_H

#include "dnsd/data/status.h"
#include "dnsd/data/zone.h"

enum {
    STATUS_MAX_NODES = 200, /* node records under `_pool`; the summary says how many there are */
    STATUS_MAX_LEN = 60000, /* and bytes: the answer must fit one message over TCP */
};

/** Fills s->text in s->arena: per pool a summary record and one record a node, TTL 0. */
void status_text_build(struct status *s);

/** The TXT RRset of the pool that owns `service`, or of one of its nodes (`node.len` > 0, any
 * case).
 *  @return NULL if there is no such pool or node */
const struct rrset *status_text_find(const struct status *s, int32_t service, struct span node);

/** True if the pool has a node whose name ends with `.` and `tail` (any case): `0.0.11` of
 * `10.0.0.11` exists as an empty non-terminal (RFC 8020). */
bool status_text_above(const struct status *s, int32_t service, struct span tail);

#endif
