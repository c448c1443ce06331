#include "dnsd/serve/answering.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "dnsd/serve/tcp.h"
#include "dnsd/serve/tcp_limits.h"
#include "dnsd/serve/udp.h"

enum { TCP_BACKLOG = 1024, NO_SOCKET = -1 };

struct lane { /* one UDP thread and one TCP thread */
    int udp_sockets[ANSWERING_MAX_LISTEN], tcp_sockets[ANSWERING_MAX_LISTEN]; /* until they start */
    struct udp_server *udp;
    struct tcp_server *tcp;
};

struct answering {
    size_t n_lanes, n_listen, n_counts, n_tcp_counts;
    counter *counts[2 * ANSWERING_MAX_THREADS], *tcp_counts[ANSWERING_MAX_THREADS];
    struct lane lanes[];
};

unsigned answering_readers(size_t threads)
{
    return (unsigned)threads * 2;
}

/* --- sockets --- */

static void forget_sockets(int *sockets)
{
    for (size_t i = 0; i < ANSWERING_MAX_LISTEN; i++)
        sockets[i] = NO_SOCKET;
}

static void close_sockets(int *sockets)
{
    for (size_t i = 0; i < ANSWERING_MAX_LISTEN; i++)
        if (sockets[i] != NO_SOCKET)
            close(sockets[i]);
}

static bool open_lane(struct lane *lane, const struct addr *listen, size_t n, struct err *err)
{
    forget_sockets(lane->udp_sockets);
    forget_sockets(lane->tcp_sockets);
    for (size_t i = 0; i < n; i++) {
        lane->udp_sockets[i] = net_listen_udp(&listen[i], LISTEN_REUSEPORT, err);
        if (lane->udp_sockets[i] == NO_SOCKET)
            return false;
        lane->tcp_sockets[i] = net_listen_tcp(&listen[i], LISTEN_REUSEPORT, TCP_BACKLOG, err);
        if (lane->tcp_sockets[i] == NO_SOCKET)
            return false;
    }
    return true;
}

/* SO_REUSEPORT lets a second dnsd of the same user share a port in silence: a probe without it says
 * "in use". */
static bool port_is_free(const struct addr *at, struct err *err)
{
    int udp = net_listen_udp(at, 0, err);
    if (udp == NO_SOCKET)
        return false;
    close(udp);
    int tcp = net_listen_tcp(at, 0, 1, err);
    if (tcp == NO_SOCKET)
        return false;
    close(tcp);
    return true;
}

static bool may_open(const struct addr *listen, size_t n, struct err *err)
{
    if (n > ANSWERING_MAX_LISTEN)
        return err_set(err, "`listen:` has %zu addresses, %d are possible; use a wildcard address",
                       n, ANSWERING_MAX_LISTEN);
    for (size_t i = 0; i < n; i++)
        if (!port_is_free(&listen[i], err))
            return false;
    return true;
}

struct answering *answering_open(const struct addr *listen, size_t n, size_t threads,
                                 struct err *err)
{
    if (!may_open(listen, n, err))
        return NULL;
    struct answering *a = mem_alloc(1, sizeof *a + threads * sizeof(struct lane));
    a->n_listen = n;
    while (a->n_lanes < threads) {
        if (!open_lane(&a->lanes[a->n_lanes++], listen, n, err)) {
            answering_stop(a);
            return NULL;
        }
    }
    return a;
}

/* --- threads --- */

/* `reader` is the first of its two slots, `connections` how many it may hold over TCP. */
static bool start_lane(struct answering *a, struct lane *lane, const struct answer_source *source,
                       unsigned reader, size_t connections, struct err *err)
{
    lane->udp = udp_start(lane->udp_sockets, a->n_listen, source, reader, err);
    if (!lane->udp)
        return false;
    forget_sockets(lane->udp_sockets); /* they belong to the thread now */
    a->counts[a->n_counts++] = udp_counts(lane->udp);
    lane->tcp = tcp_start(lane->tcp_sockets, a->n_listen, source, reader + 1, connections, err);
    if (!lane->tcp)
        return false;
    forget_sockets(lane->tcp_sockets);
    a->counts[a->n_counts++] = tcp_answer_counts(lane->tcp);
    a->tcp_counts[a->n_tcp_counts++] = tcp_counts(lane->tcp);
    return true;
}

static size_t file_limit(void)
{
    struct rlimit limit = {0};
    getrlimit(RLIMIT_NOFILE, &limit);
    return (size_t)limit.rlim_cur;
}

bool answering_start(struct answering *a, const struct answer_source *source, struct err *err)
{
    size_t connections = tcp_limits_total(file_limit(), a->n_lanes);
    for (size_t i = 0; i < a->n_lanes; i++)
        if (!start_lane(a, &a->lanes[i], source, answering_readers(i), connections, err))
            return false;
    return true;
}

counter *const *answering_counts(const struct answering *a, size_t *n)
{
    *n = a->n_counts;
    return a->counts;
}

counter *const *answering_tcp_counts(const struct answering *a, size_t *n)
{
    *n = a->n_tcp_counts;
    return a->tcp_counts;
}

void answering_stop(struct answering *a)
{
    for (struct lane *lane = a->lanes; lane < a->lanes + a->n_lanes; lane++) {
        if (lane->udp)
            udp_stop(lane->udp);
        if (lane->tcp)
            tcp_stop(lane->tcp);
        close_sockets(lane->udp_sockets);
        close_sockets(lane->tcp_sockets);
    }
    free(a);
}
