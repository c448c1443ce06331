/* cookie.h - DNS cookies that all servers of a name understand (RFC 7873, RFC 9018): who sends back
 * what we gave it has received a packet at its address. Pure; the time is an argument. */
#ifndef DNSD_WIRE_COOKIE_H
#define DNSD_WIRE_COOKIE_H

#include "base/net.h"
#include "base/siphash.h"
#include "base/span.h"

enum {
    COOKIE_CLIENT = 8,   /* bytes that the client chose */
    COOKIE_LEN = 24,     /* with ours behind them: version, 3 reserved, time, 8 bytes of hash */
    COOKIE_LEN_MAX = 40, /* what other servers may have made (RFC 7873 4) */
    COOKIE_SECRETS = 2,
};

/* The first key makes cookies; cookies of all of them are good, so that a new key can be brought to
 * every server before the old one goes. */
struct cookie_secrets {
    size_t n; /* 0: no cookies */
    uint8_t keys[COOKIE_SECRETS][SIPHASH_KEY];
};

/** True for the lengths that the option may have: 8, or 16 to 40 (RFC 7873 5.2.2). */
static inline bool cookie_len_ok(size_t len)
{
    return len == COOKIE_CLIENT || (len >= 16 && len <= COOKIE_LEN_MAX);
}

/** Judges what the client sent and writes what it gets. `sent` has a length that is ok; `from` is
 * the client's address; `now_s` is wall time, modulo 2^32. A good cookie of the first key comes
 * back as it is for half an hour, any other is made anew.
 *  @return true if `sent` was good: ours, for this address, at most 1 h old and 5 min ahead
 *          (RFC 9018 4.3) */
bool cookie_answer(const struct cookie_secrets *secrets, struct span sent, const struct addr *from,
                   uint32_t now_s, uint8_t out[COOKIE_LEN]);

#endif
