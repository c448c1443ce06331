#include "dnsd/serve/udp.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum {
    BATCH = 64,          /* packets a system call; 16 and 256 measured within 2 % */
    QUERY_MAX = 1500,    /* bytes; a longer query is cut off, and malformed if a record was */
    CONTROL_MAX = 64,    /* room for one IP_PKTINFO or IPV6_PKTINFO */
    TURN = 16,           /* batches of one socket before the others have their turn */
    SOCKETS_MAX = 64 + 1 /* listen addresses, and the wake-up */
};

struct packet {
    struct sockaddr_storage peer;
    struct iovec in, out;
    alignas(struct cmsghdr) char control[CONTROL_MAX];
    uint8_t query[QUERY_MAX];
    uint8_t reply[ANSWER_MAX_UDP];
};

struct udp_server {
    struct answer_ctx ctx;
    struct answer_source source;
    unsigned reader;
    size_t n_polls; /* sockets, then the wake-up */
    struct pollfd polls[SOCKETS_MAX];
    struct mmsghdr in[BATCH], out[BATCH];
    struct packet packets[BATCH];
    pthread_t thread;
};

/* The kernel overwrites lengths: set them again before every receive. */
static void offer(struct udp_server *u, int used)
{
    for (int i = 0; i < used; i++) {
        struct packet *p = &u->packets[i];
        p->in = (struct iovec){p->query, sizeof p->query};
        u->in[i].msg_hdr = (struct msghdr){.msg_name = &p->peer,
                                           .msg_namelen = sizeof p->peer,
                                           .msg_iov = &p->in,
                                           .msg_iovlen = 1,
                                           .msg_control = p->control,
                                           .msg_controllen = sizeof p->control};
    }
}

/* The reply leaves from the address asked: the kernel takes back the control message it gave,
 * without the interface, so that routing chooses it (a link-local answer keeps its interface). */
static void keep_address(struct msghdr *h)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(h);
    if (!c)
        return;
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
        ((struct in_pktinfo *)(void *)CMSG_DATA(c))->ipi_ifindex = 0;
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
        struct in6_pktinfo *info = (struct in6_pktinfo *)(void *)CMSG_DATA(c);
        if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
            info->ipi6_ifindex = 0;
    }
}

struct now { /* of a batch */
    int64_t ms, wall_ms;
};

static size_t answer_one(struct udp_server *u, const struct source_view *view, struct now now,
                         int i)
{
    struct packet *p = &u->packets[i];
    struct answer_query query = {
        .packet = p->query, .len = u->in[i].msg_len, .wall_ms = now.wall_ms};
    addr_from_sockaddr((const struct sockaddr *)&p->peer, &query.from);
    if (query.from.port == 0)
        return 0; /* nowhere to send it */
    return answer_packet(&u->ctx, view->world, view->status, now.ms, &query, p->reply,
                         sizeof p->reply);
}

static int answer_batch(struct udp_server *u, int n)
{
    const struct now now = {clock_ms(), clock_wall_ms()};
    const struct source_view view = source_pin(&u->source, u->reader, &u->ctx);
    int replies = 0;
    for (int i = 0; i < n; i++) {
        struct packet *p = &u->packets[i];
        size_t len = answer_one(u, &view, now, i);
        if (len == 0)
            continue;
        p->out = (struct iovec){p->reply, len};
        struct msghdr *h = &u->out[replies++].msg_hdr;
        *h = u->in[i].msg_hdr;
        h->msg_iov = &p->out;
        h->msg_flags = 0;
        keep_address(h);
    }
    source_unpin(&u->source, u->reader, &u->ctx);
    return replies;
}

/* A reply that cannot be sent is dropped, the others go on: the client asks again. */
static void send_batch(struct udp_server *u, int fd, int n)
{
    for (int sent = 0; sent < n;) {
        int k = sendmmsg(fd, u->out + sent, (unsigned)(n - sent), 0);
        if (k < 0 && errno == EINTR)
            continue;
        sent += k > 0 ? k : 1;
    }
}

/* A flood on one socket keeps neither the other sockets nor the end of the thread waiting. */
static void drain(struct udp_server *u, int fd)
{
    for (int turn = 0, n = BATCH; turn < TURN && n == BATCH; turn++) {
        n = recvmmsg(fd, u->in, BATCH, MSG_DONTWAIT, NULL);
        if (n <= 0)
            return;
        send_batch(u, fd, answer_batch(u, n));
        offer(u, n);
    }
}

static struct pollfd *wake_of(struct udp_server *u)
{
    return &u->polls[u->n_polls - 1];
}

static void *run(void *arg)
{
    struct udp_server *u = arg;
    offer(u, BATCH);
    do {
        if (poll(u->polls, u->n_polls, -1) < 0)
            continue;
        for (size_t i = 0; i + 1 < u->n_polls; i++)
            if (u->polls[i].revents)
                drain(u, u->polls[i].fd);
    } while (!wake_of(u)->revents);
    return NULL;
}

struct udp_server *udp_start(const int *sockets, size_t n, const struct answer_source *source,
                             unsigned reader, struct err *err)
{
    assert(n < SOCKETS_MAX);
    struct udp_server *u = NEW(struct udp_server);
    u->source = *source;
    u->reader = reader;
    for (size_t i = 0; i < n; i++)
        u->polls[u->n_polls++] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
    u->polls[u->n_polls++] = (struct pollfd){.fd = eventfd(0, EFD_CLOEXEC), .events = POLLIN};
    int failed = wake_of(u)->fd < 0 ? errno : pthread_create(&u->thread, NULL, run, u);
    if (failed) {
        err_set(err, "cannot start an answering thread: %s", strerror(failed));
        if (wake_of(u)->fd >= 0)
            close(wake_of(u)->fd);
        free(u);
        return NULL;
    }
    pthread_setname_np(u->thread, "udp");
    return u;
}

void udp_stop(struct udp_server *u)
{
    uint64_t one = 1;
    if (write(wake_of(u)->fd, &one, sizeof one) < 0)
        abort(); /* an eventfd takes at least one */
    pthread_join(u->thread, NULL);
    for (size_t i = 0; i < u->n_polls; i++)
        close(u->polls[i].fd);
    free(u);
}

counter *udp_counts(struct udp_server *u)
{
    return u->ctx.counts;
}
