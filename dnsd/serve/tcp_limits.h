/* tcp_limits.h - how many TCP connections a client may hold, and who gives way (RFC 7766 6.2.2,
 * RFC 9210 4.2): per address, per network and in total. Every connection is in one group of each
 * level; a group keeps its connections by their last question. All steps take the same time,
 * however many there are, and memory is bounded by the total. Pure: no socket, no clock. One
 * thread. */
#ifndef DNSD_SERVE_TCP_LIMITS_H
#define DNSD_SERVE_TCP_LIMITS_H

#include <sys/queue.h>

#include "base/net.h"

enum tcp_level {
    TCP_OF_ADDRESS, /* one IPv4 or IPv6 address */
    TCP_OF_NETWORK, /* its /24, or its /56 */
    TCP_OF_ALL,
    TCP_LEVELS
};

enum {
    TCP_MAX_ADDRESS = 20,
    TCP_MAX_NETWORK = 100,
    TCP_MAX_THREAD = 8192,
    TCP_MIN_THREAD = TCP_MAX_ADDRESS, /* however few files may be open */
    TCP_OTHER_FILES = 1024            /* left for checks, pages and the rest of dnsd */
};

struct tcp_group;

/* A connection, in its owner's storage. */
struct tcp_member {
    void *owner;
    struct {
        TAILQ_ENTRY(tcp_member) by_use;
        struct tcp_group *group;
    } in[TCP_LEVELS];
};

struct tcp_limits;

/** Connections that one of `threads` (at least 1) may hold if the process may open `files` files:
 * all but TCP_OTHER_FILES of them, or half if that is more, shared equally,
 * TCP_MIN_THREAD..TCP_MAX_THREAD. */
size_t tcp_limits_total(size_t files, size_t threads);

/** Limits for `total` connections (at least 1) in all; `seed` makes the places in its table
 * unpredictable. */
struct tcp_limits *tcp_limits_new(size_t total, uint64_t seed);

/** All members must be gone. */
void tcp_limits_free(struct tcp_limits *l);

/** Who must go before one more connection from this address may come: the most idle one of its
 * address if that has too many, else of its network, else of all.
 *  @return NULL if there is room */
struct tcp_member *tcp_limits_victim(const struct tcp_limits *l, const struct addr *from);

/** Adds a connection, as the one used last. There must be room for it (tcp_limits_victim). */
void tcp_limits_add(struct tcp_limits *l, struct tcp_member *m, const struct addr *from);

/** It asked a whole question: now it is the last to give way. */
void tcp_limits_used(struct tcp_member *m);

void tcp_limits_remove(struct tcp_limits *l, struct tcp_member *m);

/** The most idle of all. @return NULL if there is none */
struct tcp_member *tcp_limits_first(const struct tcp_limits *l);

/** What a reply with edns-tcp-keepalive says (RFC 7828 3.1): how long the connection may be idle,
 * in units of 100 ms; 0, which asks clients to close, while more than 80 % of the total are in use.
 * The answer room writes the option into replies to queries over TCP that carried an OPT record. */
uint16_t tcp_limits_keepalive(const struct tcp_limits *l);

#endif
