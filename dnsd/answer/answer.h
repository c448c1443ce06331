/* answer.h - one packet in, one packet out: the whole query path.
 * No I/O, no allocation, no lock, no clock. All it changes is its context. Tests, scenarios,
 * fuzzers, the bench and the servers call this one function. One context per answering thread. */
#ifndef DNSD_ANSWER_ANSWER_H
#define DNSD_ANSWER_ANSWER_H

#include "base/metrics.h"
#include "base/net.h"
#include "dnsd/answer/rrl.h"
#include "dnsd/data/status.h"
#include "dnsd/data/world.h"
#include "dnsd/wire/cookie.h"

/* Counters by what happened; rows in answer_metrics. */
enum answer_count {
    COUNT_UDP,
    COUNT_TCP,
    COUNT_NOERROR,
    COUNT_NXDOMAIN,
    COUNT_REFUSED,
    COUNT_FORMERR,
    COUNT_NOTIMP,
    COUNT_BADVERS,
    COUNT_BADCOOKIE,
    COUNT_SERVFAIL,
    COUNT_TRUNCATED,
    COUNT_DROPPED,
    COUNT_TRAILING,
    COUNT_COOKIE_NEW,
    COUNT_COOKIE_BAD,
    COUNT_COOKIE_GOOD,
    COUNT_RRL_SHORTENED,
    COUNT_RRL_DROPPED,
    COUNT_POOL,
    COUNT_ANSWERS
};
extern const struct metric answer_metrics[COUNT_ANSWERS];

enum { ROTATION_SLOTS = 1024, ANSWER_MAX_UDP = 1232, ANSWER_MAX = 65535 };

/* Settings that are not part of a world; fixed for the life of a context. */
struct answer_settings {
    const char *identity;         /* NSID (its first 128 bytes) and hostname.bind; NULL off */
    const struct prefix *inspect; /* who may ask `_pool` names */
    size_t n_inspect;
    struct cookie_secrets cookies;
    struct rrl_rule rrl;
};

struct answer_ctx {
    const struct answer_settings *settings;
    uint32_t rotation[ROTATION_SLOTS]; /* turns by service and family; services that share a slot
                                          share the turn */
    counter counts[COUNT_ANSWERS];
    struct rrl rrl;
};

struct answer_query {
    const uint8_t *packet;
    size_t len;
    struct addr from;
    bool tcp;
    int64_t wall_ms; /* wall clock, for what other servers must read: cookies */
};

/** Answers one query. `now_ms` never steps back. `status` may be NULL (no `_pool` names yet). `out`
 * has room for `cap` bytes: ANSWER_MAX_UDP for UDP, ANSWER_MAX for TCP.
 *  @return bytes to send; 0 to stay silent */
size_t answer_packet(struct answer_ctx *ctx, const struct world *world, const struct status *status,
                     int64_t now_ms, const struct answer_query *in, uint8_t *out, size_t cap);

#endif
