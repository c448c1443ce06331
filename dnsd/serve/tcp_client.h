/* tcp_client.h - one connection of a DNS client over TCP (RFC 7766): pipelining, several queries a
 * segment, replies in one write, a time for everything (tcp_pace.h) and a bound on unsent replies.
 * On the thread of its loop. */
#ifndef DNSD_SERVE_TCP_CLIENT_H
#define DNSD_SERVE_TCP_CLIENT_H

#include "dnsd/serve/source.h"
#include "dnsd/serve/tcp_counts.h"
#include "dnsd/serve/tcp_frame.h"
#include "dnsd/serve/tcp_limits.h"

struct event_base;

enum { TCP_MAX_UNSENT = 64 * 1024 };

/* What the connections of one thread share; in the server's storage. */
struct tcp_shared {
    struct answer_ctx ctx;
    struct answer_source source;
    unsigned reader;
    struct tcp_limits *limits; /* all of them, and who gives way */
    counter counts[TCP_COUNTS];
    uint8_t reply[TCP_PREFIX + ANSWER_MAX];
};

/** Serves a connection that was accepted, `fd`, which belongs to it from now on; over a limit
 * (tcp_limits.h) the most idle one gives way. It ends by itself. */
void tcp_client_open(struct tcp_shared *shared, struct event_base *base, int fd,
                     const struct addr *from);

/** Closes all that are open, at the end of the loop. */
void tcp_client_close_all(struct tcp_shared *shared);

#endif
