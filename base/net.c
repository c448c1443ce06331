#include "base/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Reads a decimal number of at most five digits. @return -1 if it is none */
static int parse_number(struct span text)
{
    int n = 0;
    if (text.len == 0 || text.len > 5)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return -1;
        n = n * 10 + (text.p[i] - '0');
    }
    return n;
}

/* The index of an interface by its name or number; 0 if there is none. */
static uint32_t parse_scope(const char *name)
{
    uint32_t index = if_nametoindex(name);
    int n = index ? 0 : parse_number(span_of(name));
    return n > 0 ? (uint32_t)n : index;
}

bool addr_parse_ip(struct span text, struct addr *out)
{
    char copy[ADDR_TEXT];
    *out = (struct addr){0};
    if (text.len >= sizeof copy || (text.len && memchr(text.p, '\0', text.len)))
        return false;
    snprintf(copy, sizeof copy, "%.*s", (int)text.len, text.p ? text.p : "");
    out->family = strchr(copy, ':') ? AF_INET6 : AF_INET;
    char *scope = out->family == AF_INET6 ? strchr(copy, '%') : NULL;
    if (scope) {
        *scope++ = '\0';
        out->scope = parse_scope(scope);
        if (!out->scope)
            return false;
    }
    return inet_pton(out->family, copy, out->ip) == 1;
}

bool addr_parse_port(struct span text, bool port0, struct addr *out)
{
    const char *colon = text.len ? memrchr(text.p, ':', text.len) : NULL;
    if (!colon)
        return false;
    struct span host = span_first(text, (size_t)(colon - text.p));
    int port = parse_number(span_skip(text, host.len + 1));
    bool bracketed = host.len >= 2 && host.p[0] == '[' && host.p[host.len - 1] == ']';
    if (bracketed)
        host = span_bytes(host.p + 1, host.len - 2);
    if (!addr_parse_ip(host, out) || bracketed != (out->family == AF_INET6))
        return false;
    if (port < (port0 ? 0 : 1) || port > UINT16_MAX)
        return false;
    out->port = (uint16_t)port;
    return true;
}

/* True if `a` and `b` agree in their first `bits` bits. */
static bool bits_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned rest = bits % 8;
    uint8_t mask = (uint8_t)(0xff00u >> rest);
    return memcmp(a, b, bits / 8) == 0 && (rest == 0 || !((a[bits / 8] ^ b[bits / 8]) & mask));
}

static bool host_bits_zero(const struct prefix *p)
{
    static const uint8_t zero[16];
    struct addr rest = p->base;
    for (unsigned bit = 0; bit < p->bits; bit++)
        rest.ip[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
    return memcmp(rest.ip, zero, sizeof zero) == 0;
}

bool prefix_parse(struct span text, struct prefix *out)
{
    struct span ip;
    *out = (struct prefix){0};
    if (!span_split(&text, '/', &ip) || !addr_parse_ip(ip, &out->base))
        return false;
    int full = (int)addr_ip_len(&out->base) * 8;
    int bits = text.p ? parse_number(text) : full;
    if (bits < 0 || bits > full)
        return false;
    out->bits = (uint8_t)bits;
    return host_bits_zero(out);
}

bool prefix_contains(const struct prefix *p, const struct addr *a)
{
    return p->base.family == a->family && bits_equal(p->base.ip, a->ip, p->bits);
}

bool addr_equal_ip(const struct addr *a, const struct addr *b)
{
    return a->family == b->family && a->scope == b->scope &&
           memcmp(a->ip, b->ip, addr_ip_len(a)) == 0;
}

const char *addr_ip_text(const struct addr *a, char out[ADDR_TEXT])
{
    char name[IF_NAMESIZE];
    if (!inet_ntop(a->family, a->ip, out, ADDR_TEXT)) {
        snprintf(out, ADDR_TEXT, "no address");
        return out;
    }
    size_t len = strlen(out);
    if (a->scope && if_indextoname(a->scope, name))
        snprintf(out + len, ADDR_TEXT - len, "%%%s", name);
    else if (a->scope)
        snprintf(out + len, ADDR_TEXT - len, "%%%u", a->scope);
    return out;
}

const char *addr_text(const struct addr *a, char out[ADDR_TEXT])
{
    char ip[ADDR_TEXT];
    addr_ip_text(a, ip);
    snprintf(out, ADDR_TEXT, a->family == AF_INET6 ? "[%.70s]:%u" : "%.70s:%u", ip, a->port);
    return out;
}

socklen_t addr_to_sockaddr(const struct addr *a, struct sockaddr_storage *out)
{
    *out = (struct sockaddr_storage){0};
    if (a->family == AF_INET) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(a->port);
        memcpy(&v4->sin_addr, a->ip, 4);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(a->port);
    v6->sin6_scope_id = a->scope;
    memcpy(&v6->sin6_addr, a->ip, 16);
    return sizeof *v6;
}

void addr_from_sockaddr(const struct sockaddr *sa, struct addr *out)
{
    *out = (struct addr){0};
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)sa;
        *out = (struct addr){.family = AF_INET, .port = ntohs(v4->sin_port)};
        memcpy(out->ip, &v4->sin_addr, 4);
    } else if (sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)sa;
        *out = (struct addr){
            .family = AF_INET6, .port = ntohs(v6->sin6_port), .scope = v6->sin6_scope_id};
        memcpy(out->ip, &v6->sin6_addr, 16);
    }
}

enum { RCVBUF = 4 << 20 }; /* a burst of queries while a worker is off its core */

enum sockopt_when { ALWAYS, WILDCARD, REUSEPORT };

/* What is set before bind; a row applies to its type and family (0: any). */
static const struct sockopt {
    int type, family;
    enum sockopt_when when;
    bool best_effort;
    int level, name, value;
} sockopts[] = {
    {0, AF_INET6, ALWAYS, false, IPPROTO_IPV6, IPV6_V6ONLY, 1},
    {0, 0, REUSEPORT, false, SOL_SOCKET, SO_REUSEPORT, 1},
    {SOCK_STREAM, 0, ALWAYS, false, SOL_SOCKET, SO_REUSEADDR, 1},
    {SOCK_DGRAM, 0, ALWAYS, true, SOL_SOCKET, SO_RCVBUF, RCVBUF},
    {SOCK_DGRAM, AF_INET, ALWAYS, false, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT},
    {SOCK_DGRAM, AF_INET6, ALWAYS, false, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT},
    {SOCK_DGRAM, AF_INET, WILDCARD, false, IPPROTO_IP, IP_PKTINFO, 1},
    {SOCK_DGRAM, AF_INET6, WILDCARD, false, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
};

static bool is_wildcard(const struct addr *a)
{
    static const uint8_t zero[16];
    return memcmp(a->ip, zero, addr_ip_len(a)) == 0;
}

static bool set_options(int fd, const struct addr *at, int type, int flags)
{
    const bool applies[] = {true, is_wildcard(at), flags & LISTEN_REUSEPORT};
    for (size_t i = 0; i < COUNT(sockopts); i++) {
        const struct sockopt *o = &sockopts[i];
        if ((o->type && o->type != type) || (o->family && o->family != at->family) ||
            !applies[o->when])
            continue;
        if (setsockopt(fd, o->level, o->name, &o->value, sizeof o->value) != 0 && !o->best_effort)
            return false;
    }
    return true;
}

static const char *remedy(int error)
{
    static const struct {
        int error;
        const char *text;
    } remedies[] = {
        {EADDRINUSE, "; stop the other program or choose another port"},
        {EACCES, "; ports below 1024 need CAP_NET_BIND_SERVICE"},
        {EADDRNOTAVAIL, "; no interface of this host has it: add it or listen elsewhere"},
        {EAFNOSUPPORT, "; the kernel has no IPv6: enable it or remove the address"},
        {EMFILE, "; raise the limit of open files (LimitNOFILE= in the unit, or ulimit -n)"},
    };
    for (size_t i = 0; i < COUNT(remedies); i++)
        if (remedies[i].error == error)
            return remedies[i].text;
    return "";
}

static bool open_socket(int fd, const struct addr *at, int type, int flags, int backlog)
{
    struct sockaddr_storage sa;
    socklen_t len = addr_to_sockaddr(at, &sa);
    return set_options(fd, at, type, flags) && bind(fd, (struct sockaddr *)&sa, len) == 0 &&
           (type != SOCK_STREAM || listen(fd, backlog) == 0);
}

static int listen_on(const struct addr *at, int type, int flags, int backlog, struct err *err)
{
    int fd = socket(at->family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && open_socket(fd, at, type, flags, backlog))
        return fd;
    int error = errno;
    char text[ADDR_TEXT];
    err_set(err, "cannot listen on %s (%s): %s%s", addr_text(at, text),
            type == SOCK_DGRAM ? "UDP" : "TCP", strerror(error), remedy(error));
    if (fd >= 0)
        close(fd);
    return -1;
}

int net_listen_udp(const struct addr *at, int flags, struct err *err)
{
    return listen_on(at, SOCK_DGRAM, flags, 0, err);
}

int net_listen_tcp(const struct addr *at, int flags, int backlog, struct err *err)
{
    return listen_on(at, SOCK_STREAM, flags, backlog, err);
}

uint16_t net_bound_port(int fd)
{
    struct sockaddr_storage sa = {0};
    socklen_t len = sizeof sa;
    struct addr a = {0};
    if (getsockname(fd, (struct sockaddr *)&sa, &len) == 0)
        addr_from_sockaddr((struct sockaddr *)&sa, &a);
    return a.port;
}

size_t net_raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}
