/* net.h - addresses as small values, and the sockets that servers listen on. Thread-free; no
 * libevent. */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/span.h"

struct addr {
    uint8_t family; /* AF_INET, AF_INET6; 0 is no address */
    uint16_t port;  /* host order; 0 when none is meant */
    uint8_t ip[16]; /* network order; the first 4 bytes for IPv4 */
    uint32_t scope; /* IPv6 scope id */
};

struct prefix {
    struct addr base;
    uint8_t bits;
};

enum { ADDR_TEXT = 80 };

/** Reads `10.0.0.1`, `2001:db8::1` (no port). @return false if it is neither */
NODISCARD bool addr_parse_ip(struct span text, struct addr *out);

/** Reads `10.0.0.1:53`, `[::]:53`. @return false if it is neither or the port is not 1..65535 (0
 * only if `port0`) */
NODISCARD bool addr_parse_port(struct span text, bool port0, struct addr *out);

/** Reads `10.0.0.0/8`, `::1/128`, or an address alone for a full-length prefix. Host bits must be
 * zero. */
NODISCARD bool prefix_parse(struct span text, struct prefix *out);

bool prefix_contains(const struct prefix *p, const struct addr *a);

bool addr_equal_ip(const struct addr *a, const struct addr *b);

/** Bytes of `ip` in use: 4 or 16. */
static inline size_t addr_ip_len(const struct addr *a)
{
    return a->family == AF_INET ? 4 : 16;
}

/** `10.0.0.1` / `2001:db8::1`, RFC 5952. @return `out` */
const char *addr_ip_text(const struct addr *a, char out[ADDR_TEXT]);

/** `10.0.0.1:53` / `[2001:db8::1]:53`. @return `out` */
const char *addr_text(const struct addr *a, char out[ADDR_TEXT]);

/** Fills `out`. @return its length in bytes */
socklen_t addr_to_sockaddr(const struct addr *a, struct sockaddr_storage *out);
void addr_from_sockaddr(const struct sockaddr *sa, struct addr *out);

enum { LISTEN_REUSEPORT = 1 }; /* several sockets share the port, the kernel spreads over them */

/** A nonblocking, close-on-exec UDP socket bound to `at`; v6 sockets are v6 only; on a wildcard
 * address it reports the address asked (IP_PKTINFO, IPV6_RECVPKTINFO) so that the reply can leave
 * from it; never fragments (IP_PMTUDISC_OMIT). @return the descriptor, or -1 with `err` saying what
 * to do (port in use, no permission, ...) */
int net_listen_udp(const struct addr *at, int flags, struct err *err);

/** The same for TCP, listening with `backlog`. */
int net_listen_tcp(const struct addr *at, int flags, int backlog, struct err *err);

/** The port a socket was bound to: for port 0. */
uint16_t net_bound_port(int fd);

/** Raises the soft limit of open files to the hard one. @return the limit now in force */
size_t net_raise_file_limit(void);

#endif
