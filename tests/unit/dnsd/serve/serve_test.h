/* serve_test.h - a published small world, and sockets on loopback that give up after five seconds.
 */
#ifndef TESTS_UNIT_DNSD_SERVE_SERVE_TEST_H
#define TESTS_UNIT_DNSD_SERVE_SERVE_TEST_H

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "dnsd/serve/source.h"
#include "tests/unit/dnsd/answer_world.h"
#include "tests/unit/dnsd/dns_test.h"
#include "tests/unit/test.h"

enum { PATIENCE_S = 5, SERVED_READERS = 8 };

struct served {
    struct answer_world w;
    struct answer_source source;
};

static inline void served_init(struct served *s)
{
    answer_world_init(&s->w);
    struct answer_settings *settings = NEW(struct answer_settings);
    *settings = s->w.settings;
    s->source = (struct answer_source){publish_new(SERVED_READERS, world_free),
                                       publish_new(SERVED_READERS, status_free),
                                       publish_new(SERVED_READERS, free)};
    publish_set(s->source.worlds, s->w.world);
    publish_set(s->source.statuses, s->w.status);
    publish_set(s->source.settings, settings);
    s->w.world = NULL; /* the publishers' now */
    s->w.status = NULL;
}

static inline void served_fini(struct served *s)
{
    publish_free(s->source.worlds);
    publish_free(s->source.statuses);
    publish_free(s->source.settings);
    answer_world_fini(&s->w);
}

static inline struct addr loopback(const char *ip, uint16_t port)
{
    struct addr a;
    assert_true(addr_parse_ip(span_of(ip), &a));
    a.port = port;
    return a;
}

/** A socket of `from` connected to `to`: datagrams of others do not reach it. */
static inline int dial_from(const struct addr *from, const struct addr *to, int type)
{
    struct sockaddr_storage sa;
    const struct timeval patience = {PATIENCE_S, 0};
    int fd = socket(to->family, type | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    if (from)
        assert_int_equal(bind(fd, (struct sockaddr *)&sa, addr_to_sockaddr(from, &sa)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&sa, addr_to_sockaddr(to, &sa)), 0);
    return fd;
}

/** The same from an address that the kernel chooses. */
static inline int dial(const struct addr *to, int type)
{
    return dial_from(NULL, to, type);
}

static inline void send_all(int fd, const void *p, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = send(fd, (const char *)p + at, len - at, MSG_NOSIGNAL);
        assert_true(n > 0);
        at += (size_t)n;
    }
}

/** A query for the pool's A records, with `id`, behind its length if `prefix`. @return its bytes */
static inline size_t make_query(uint16_t id, bool prefix, uint8_t out[DNS_QUERY_MAX + 2])
{
    const struct dns_ask ask = ASK("s3.example.com", 1, .id = id);
    size_t len = dns_query(&ask, out + (prefix ? 2 : 0));
    if (prefix)
        dns_put16(out, (unsigned)len);
    return len + (prefix ? 2 : 0);
}

static inline void ask_udp(int fd, uint16_t id)
{
    uint8_t query[DNS_QUERY_MAX + 2];
    send_all(fd, query, make_query(id, false, query));
}

/** Waits for a datagram. @return its bytes; fails the test after PATIENCE_S */
static inline size_t hear_udp(int fd, uint8_t out[ANSWER_MAX_UDP])
{
    ssize_t n = recv(fd, out, ANSWER_MAX_UDP, 0);
    if (n < 0)
        fail_msg("no reply: %s", strerror(errno));
    return (size_t)n;
}

/** True if it is the reply to make_query(id): eight addresses of the pool. */
static inline bool is_reply(const uint8_t *reply, size_t len, uint16_t id)
{
    struct addr addrs[MANY_NODES];
    return len > 12 && dns_get16(reply) == id && dns_rcode(reply) == 0 &&
           dns_addrs(reply, len, addrs, MANY_NODES) == MANY_ANSWERS;
}

/** Open descriptors of this process. */
static inline size_t count_fds(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

/* Threads that the kernel lists now: one that was joined may stand there for a moment more. */
static inline size_t list_threads(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/task");
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static inline void *do_nothing(void *arg)
{
    return arg;
}

/** Threads of this process. The first one ever brings ThreadSanitizer's own with it: not counted
 * as ours. */
static inline size_t count_threads(void)
{
    pthread_t first;
    assert_int_equal(pthread_create(&first, NULL, do_nothing, NULL), 0);
    pthread_join(first, NULL);
    size_t least = list_threads();
    for (int i = 0; i < 20; i++) {
        usleep(1000);
        size_t n = list_threads();
        least = n < least ? n : least;
    }
    return least;
}

/** Fails unless there are `want` threads now or very soon. */
static inline void expect_threads(size_t want)
{
    int64_t until = clock_ms() + PATIENCE_S * 1000;
    while (list_threads() != want && clock_ms() < until)
        usleep(1000);
    assert_int_equal(list_threads(), want);
}

#endif
