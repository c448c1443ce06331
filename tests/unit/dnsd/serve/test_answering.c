/* test_answering.c - all answering threads together: ports that are taken, several addresses,
 * nothing left open. */
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dnsd/serve/answering.h"
#include "dnsd/serve/tcp_counts.h"
#include "tests/unit/dnsd/serve/serve_test.h"

enum { TRIES = 20 };

/* A TCP port of 127.0.0.1 that was free a moment ago. */
static uint16_t free_port(void)
{
    struct err err;
    struct addr any = loopback("127.0.0.1", 0);
    int fd = net_listen_tcp(&any, 0, 1, &err);
    assert_true(fd >= 0);
    uint16_t port = net_bound_port(fd);
    close(fd);
    return port;
}

/* Opens `n` addresses with one port, which somebody may just have taken from us. */
static struct answering *open_at(struct addr *listen, size_t n, size_t threads)
{
    struct err err;
    struct answering *a = NULL;
    for (int tries = 0; !a && tries < TRIES; tries++) {
        uint16_t port = free_port();
        for (size_t i = 0; i < n; i++)
            listen[i].port = port;
        a = answering_open(listen, n, threads, &err);
    }
    if (!a)
        fail_msg("%s", err.text);
    return a;
}

static struct answering *open_some(size_t threads)
{
    struct addr listen = loopback("127.0.0.1", 0);
    return open_at(&listen, 1, threads);
}

static void port_in_use(int type)
{
    struct err err;
    char text[ADDR_TEXT];
    size_t before = count_fds();
    const struct addr any = loopback("127.0.0.2", 0);
    int taken = type == SOCK_DGRAM ? net_listen_udp(&any, LISTEN_REUSEPORT, &err)
                                   : net_listen_tcp(&any, LISTEN_REUSEPORT, 1, &err);
    uint16_t port = net_bound_port(taken);
    const struct addr listen[] = {loopback("127.0.0.1", free_port()), loopback("127.0.0.2", port)};
    assert_null(answering_open(listen, COUNT(listen), 2, &err));
    if (!strstr(err.text, addr_text(&listen[1], text)) || !strstr(err.text, "in use"))
        fail_msg("the error is: %s", err.text);
    assert_int_equal(count_fds(), before + 1);
    close(taken);
}

/* Even one of our own kind, which shares its port, counts as taken. */
static void a_port_in_use_is_named(void **state)
{
    (void)state;
    port_in_use(SOCK_DGRAM);
    port_in_use(SOCK_STREAM);
}

static void too_many_addresses(void **state)
{
    (void)state;
    struct err err;
    struct addr listen[ANSWERING_MAX_LISTEN + 1];
    size_t before = count_fds();
    for (size_t i = 0; i < COUNT(listen); i++) {
        listen[i] = loopback("127.0.0.1", 0);
        listen[i].ip[3] = (uint8_t)(i + 1);
    }
    assert_null(answering_open(listen, COUNT(listen), 1, &err));
    assert_non_null(strstr(err.text, "33 addresses"));
    assert_int_equal(count_fds(), before);
}

static void ask_both(const struct addr *at, uint16_t id)
{
    uint8_t reply[ANSWER_MAX_UDP], message[DNS_QUERY_MAX + 2];
    int udp = dial(at, SOCK_DGRAM), tcp = dial(at, SOCK_STREAM);
    ask_udp(udp, id);
    assert_true(is_reply(reply, hear_udp(udp, reply), id));
    send_all(tcp, message, make_query(id, true, message));
    ssize_t n = recv(tcp, reply, sizeof reply, 0);
    assert_true(n > 2 && is_reply(reply + 2, (size_t)n - 2, id));
    close(udp);
    close(tcp);
}

static void several_addresses_and_threads(void **state)
{
    enum { THREADS = 3, CLIENTS = 60 };
    (void)state;
    struct err err;
    struct served served;
    size_t fds = count_fds(), threads = count_threads();
    struct addr listen[] = {loopback("127.0.0.1", 0), loopback("127.0.0.2", 0)};
    struct answering *a = open_at(listen, COUNT(listen), THREADS);
    assert_true(answering_readers(THREADS) <= SERVED_READERS);
    served_init(&served);
    assert_true(answering_start(a, &served.source, &err));
    expect_threads(threads + 2 * THREADS);
    for (uint16_t i = 0; i < CLIENTS; i++)
        ask_both(&listen[i % 2], (uint16_t)(i + 1));

    size_t n;
    uint64_t udp = 0, tcp = 0;
    counter *const *counts = answering_counts(a, &n);
    assert_int_equal(n, 2 * THREADS);
    for (size_t i = 0; i < n; i++) {
        udp += counter_get(&counts[i][COUNT_UDP]);
        tcp += counter_get(&counts[i][COUNT_TCP]);
    }
    assert_int_equal(udp, CLIENTS);
    assert_int_equal(tcp, CLIENTS);
    counter *const *connections = answering_tcp_counts(a, &n);
    assert_int_equal(n, THREADS);
    uint64_t accepted = 0;
    for (size_t i = 0; i < n; i++)
        accepted += counter_get(&connections[i][TCP_ACCEPTED]);
    assert_int_equal(accepted, CLIENTS);
    answering_stop(a);
    served_fini(&served);
    assert_int_equal(count_fds(), fds);
    expect_threads(threads);
}

static void opened_but_never_started(void **state)
{
    (void)state;
    size_t fds = count_fds();
    struct answering *a = open_some(4);
    assert_int_equal(count_fds(), fds + 8);
    answering_stop(a);
    assert_int_equal(count_fds(), fds);
}

/* Lets this process open `n` more descriptors. @return the limit before */
static struct rlimit allow_descriptors(rlim_t n)
{
    struct rlimit before, now;
    int next = dup(0);
    assert_true(next >= 0);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    now = before;
    now.rlim_cur = (rlim_t)next + n;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
    return before;
}

/* Descriptors that one lane opens when it starts. */
static size_t lane_needs(const struct served *served)
{
    struct err err;
    struct answering *a = open_some(1);
    size_t before = count_fds();
    assert_true(answering_start(a, &served->source, &err));
    size_t needs = count_fds() - before;
    answering_stop(a);
    return needs;
}

/* Descriptors run out between two lanes: what had started ends, all sockets are closed. */
static void a_start_that_fails_half_way(void **state)
{
    enum { LANES = 4 };
    (void)state;
    struct err err;
    struct served served;
    size_t fds = count_fds(), threads = count_threads();
    served_init(&served);
    size_t needs = lane_needs(&served);
    for (size_t lanes = 0; lanes < LANES; lanes++) {
        struct answering *a = open_some(LANES);
        struct rlimit before = allow_descriptors(lanes * needs);
        bool started = answering_start(a, &served.source, &err);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        expect_threads(threads + 2 * lanes);
        answering_stop(a);
        assert_false(started);
        assert_non_null(strstr(err.text, "cannot"));
        assert_int_equal(count_fds(), fds);
        expect_threads(threads);
    }
    served_fini(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_in_use_is_named),        cmocka_unit_test(too_many_addresses),
        cmocka_unit_test(several_addresses_and_threads), cmocka_unit_test(opened_but_never_started),
        cmocka_unit_test(a_start_that_fails_half_way),
    };
    signal(SIGPIPE, SIG_IGN); /* as base/daemon.h does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
