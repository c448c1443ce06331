/* flow.h - one query on its way through the files of this room: what came in, what is being built.
 * Lives on the stack of answer_packet. */
#ifndef DNSD_ANSWER_FLOW_H
#define DNSD_ANSWER_FLOW_H

#include "dnsd/answer/answer.h"
#include "dnsd/wire/reply.h"

struct flow {
    struct answer_ctx *ctx;
    const struct world *world;
    const struct status *status;
    const struct answer_query *in;
    struct query query;
    bool cookie_good; /* the client has received from us at its address before */
    uint8_t cookie[COOKIE_LEN];
    struct reply reply;
};

/** Ends the flow without records: an rcode, and why (RFC 8914). `text` is at most 64 bytes, or
 * NULL. */
void answer_refuse(struct flow *f, enum rcode rcode, enum ede ede, const char *text);

/** Judges the cookie that the query has and sends one. @return true if it was good */
bool answer_cookie(struct flow *f);

/** Counts the reply for its client's network; above the rate it may be made short.
 *  @return false: stay silent */
bool answer_within_rate(struct flow *f, int64_t now_ms);

/** Class CH: what this server is (RFC 4892). */
void answer_chaos(struct flow *f);

/** Class IN: RFC 1034 4.3.2 from the name in the question on. */
void answer_name(struct flow *f);

/** The question is for a name of the static part: an RRset, all or nothing. */
void answer_rrset(struct flow *f, struct owner owner, const struct rrset *set);

/** NODATA (RCODE_NOERROR) or RCODE_NXDOMAIN, with the zone's SOA (RFC 2308). */
void answer_negative(struct flow *f, const struct zone_node *apex, enum rcode rcode);

/** The name servers of a delegated zone, and their addresses (RFC 9471). */
void answer_referral(struct flow *f, const struct zone_node *cut);

/** True if a service answers questions for this type. */
bool answer_is_pool_type(const struct zone_node *node, uint16_t type);

/** Addresses of the service that owns the node: the next set in turn. */
void answer_pool(struct flow *f, struct owner owner, const struct lookup *found);

/** `_pool.NAME` and `NODE._pool.NAME`, if the name in the question is one.
 *  @return false if it is not: nothing was done */
bool answer_status(struct flow *f, const struct lookup *found);

#endif
