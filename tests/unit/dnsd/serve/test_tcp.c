/* test_tcp.c - DNS over TCP (RFC 7766) with real connections. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>

#include "base/rand.h"
#include "dnsd/serve/tcp.h"
#include "dnsd/serve/tcp_limits.h"
#include "tests/unit/dnsd/serve/serve_test.h"

enum { MESSAGE_MAX = DNS_QUERY_MAX + 2, TOTAL = 1000 };

struct fixture {
    struct served served;
    struct tcp_server *server;
    struct addr at;
};

static int setup(void **state)
{
    struct err err;
    struct fixture *f = NEW(struct fixture);
    served_init(&f->served);
    f->at = loopback("127.0.0.1", 0);
    int fd = net_listen_tcp(&f->at, LISTEN_REUSEPORT, 1024, &err);
    assert_true(fd >= 0);
    f->at.port = net_bound_port(fd);
    f->server = tcp_start(&fd, 1, &f->served.source, 0, TOTAL, &err);
    assert_non_null(f->server);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    tcp_stop(f->server);
    served_fini(&f->served);
    free(f);
    return 0;
}

/* @return false at the end of the stream; a reset counts as an end */
static bool read_exactly(int fd, uint8_t *p, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = recv(fd, p + at, len - at, 0);
        if (n < 0 && errno == EAGAIN)
            fail_msg("nothing came for %d s", PATIENCE_S);
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static void expect_reply(int fd, uint16_t id)
{
    uint8_t prefix[2], reply[ANSWER_MAX];
    assert_true(read_exactly(fd, prefix, 2));
    size_t len = dns_get16(prefix);
    assert_true(read_exactly(fd, reply, len));
    assert_true(is_reply(reply, len, id));
}

static void expect_end(int fd)
{
    uint8_t byte;
    assert_false(read_exactly(fd, &byte, 1));
}

static void ask(int fd, uint16_t id)
{
    uint8_t message[MESSAGE_MAX];
    send_all(fd, message, make_query(id, true, message));
}

/* Fails unless so many connections ended for this reason now or soon. */
static void expect_count(const struct fixture *f, enum tcp_count row, uint64_t want)
{
    int64_t until = clock_ms() + 2 * PATIENCE_S * 1000;
    while (counter_get(&tcp_counts(f->server)[row]) != want && clock_ms() < until)
        usleep(1000);
    assert_int_equal(counter_get(&tcp_counts(f->server)[row]), want);
}

/* --- how messages may arrive --- */

static void one_after_the_other(void **state)
{
    const struct fixture *f = *state;
    int fd = dial(&f->at, SOCK_STREAM);
    for (uint16_t id = 1; id < 50; id++) {
        ask(fd, id);
        expect_reply(fd, id);
    }
    assert_int_equal(counter_get(&tcp_answer_counts(f->server)[COUNT_TCP]), 49);
    close(fd);
}

/* RFC 7766 6.2.1.1: many queries without waiting; here many in a segment and cut at odd places. */
static void pipelined(void **state)
{
    enum { MANY = 500 };
    const struct fixture *f = *state;
    struct buf all = {0};
    uint8_t message[MESSAGE_MAX];
    for (uint16_t id = 1; id <= MANY; id++)
        buf_add(&all, message, make_query(id, true, message));
    int fd = dial(&f->at, SOCK_STREAM);
    for (size_t at = 0; at < all.len; at += 777)
        send_all(fd, all.p + at, all.len - at < 777 ? all.len - at : 777);
    for (uint16_t id = 1; id <= MANY; id++)
        expect_reply(fd, id);
    buf_fini(&all);
    close(fd);
}

static void one_byte_a_segment(void **state)
{
    const int on = 1;
    const struct fixture *f = *state;
    uint8_t message[MESSAGE_MAX];
    int fd = dial(&f->at, SOCK_STREAM);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (uint16_t id = 1; id < 4; id++) {
        size_t len = make_query(id, true, message);
        for (size_t i = 0; i < len; i++)
            send_all(fd, message + i, 1);
        expect_reply(fd, id);
    }
    close(fd);
}

/* RFC 7766 6.2.4: who has sent its last query still gets the answers, then the end. */
static void half_closed(void **state)
{
    const struct fixture *f = *state;
    int fd = dial(&f->at, SOCK_STREAM);
    for (uint16_t id = 1; id <= 20; id++)
        ask(fd, id);
    shutdown(fd, SHUT_WR);
    for (uint16_t id = 1; id <= 20; id++)
        expect_reply(fd, id);
    expect_end(fd);
    close(fd);
}

static void half_closed_inside_a_message(void **state)
{
    const struct fixture *f = *state;
    uint8_t message[MESSAGE_MAX];
    int fd = dial(&f->at, SOCK_STREAM);
    ask(fd, 1);
    send_all(fd, message, make_query(2, true, message) - 1);
    shutdown(fd, SHUT_WR);
    expect_reply(fd, 1);
    expect_end(fd);
    close(fd);
}

/* --- who speaks no DNS --- */

static void what_deserves_no_answer_ends_the_connection(void **state)
{
    static const struct {
        const char *what, *bytes;
        size_t len;
    } rows[] = {
        {"a message of length 0", "\0\0", 2},
        {"a message shorter than a header", "\0\5hello", 7},
        {"a response", "\0\14\0\1\200\0\0\0\0\0\0\0\0\0", 14},
    };
    const struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].what);
        int fd = dial(&f->at, SOCK_STREAM);
        ask(fd, 1);
        send_all(fd, rows[i].bytes, rows[i].len);
        expect_reply(fd, 1);
        expect_end(fd);
        close(fd);
    }
}

/* A message that is wrong but a query is told so, and the connection goes on. */
static void a_malformed_query_gets_formerr(void **state)
{
    static const char bad[] = "\0\15\0\1\0\0\0\1\0\0\0\0\0\0\377";
    const struct fixture *f = *state;
    uint8_t reply[14];
    int fd = dial(&f->at, SOCK_STREAM);
    send_all(fd, bad, sizeof bad - 1);
    assert_true(read_exactly(fd, reply, sizeof reply));
    assert_int_equal(dns_get16(reply), 12);
    assert_int_equal(dns_rcode(reply + 2), 1);
    ask(fd, 2);
    expect_reply(fd, 2);
    close(fd);
}

static void noise(void **state)
{
    struct rand r = {7};
    const struct fixture *f = *state;
    for (int i = 0; i < 50; i++) {
        uint8_t bytes[2000];
        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)rand_u64(&r);
        int fd = dial(&f->at, SOCK_STREAM);
        (void)!send(fd, bytes, sizeof bytes, MSG_NOSIGNAL);
        close(fd);
    }
    int fd = dial(&f->at, SOCK_STREAM);
    ask(fd, 1);
    expect_reply(fd, 1);
    close(fd);
}

static void who_resets_harms_nobody(void **state)
{
    const struct linger at_once = {1, 0};
    const struct fixture *f = *state;
    for (int i = 0; i < 50; i++) {
        int fd = dial(&f->at, SOCK_STREAM);
        ask(fd, 1);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
    int fd = dial(&f->at, SOCK_STREAM);
    ask(fd, 2);
    expect_reply(fd, 2);
    close(fd);
}

/* --- bounds --- */

/* Who does not read its replies is not read either: the server's memory has a bound. */
static void who_does_not_read_is_not_read(void **state)
{
    const struct timeval soon = {0, 300 * 1000};
    const struct fixture *f = *state;
    uint8_t message[MESSAGE_MAX];
    size_t sent = 0, len = make_query(1, true, message);
    int fd = dial(&f->at, SOCK_STREAM);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
    while (send(fd, message, len, MSG_NOSIGNAL) == (ssize_t)len)
        assert_true(++sent < 1000 * 1000);
    /* the rest is in the kernel's buffers of both sides, as queries and as replies */
    uint64_t answered = counter_get(&tcp_answer_counts(f->server)[COUNT_TCP]);
    assert_true(answered < sent);
    for (uint64_t i = 0; i < answered; i++)
        expect_reply(fd, 1);
    expect_reply(fd, 1); /* having read, the client is read again */
    close(fd);
}

/* RFC 9210 4.2 names slow clients: a message has two seconds, whatever trickles in meanwhile. */
static void a_message_that_does_not_come_to_an_end_ends_the_connection(void **state)
{
    static const struct {
        const char *what, *bytes;
        size_t len;
    } rows[] = {
        {"half a length", "\0", 1},
        {"a length without a message", "\0\35", 2},
        {"the longest message, hardly begun", "\377\377\0\1\0\0", 6},
    };
    const struct fixture *f = *state;
    int fds[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        fds[i] = dial(&f->at, SOCK_STREAM);
        ask(fds[i], 1);
        send_all(fds[i], rows[i].bytes, rows[i].len);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].what);
        expect_reply(fds[i], 1);
        expect_end(fds[i]);
        close(fds[i]);
    }
    expect_count(f, TCP_END_SLOW, COUNT(rows));
}

static void every_end_is_counted(void **state)
{
    const struct fixture *f = *state;
    int fd = dial(&f->at, SOCK_STREAM);
    expect_count(f, TCP_OPEN, 1);
    close(fd);
    expect_count(f, TCP_END_PEER, 1);
    fd = dial(&f->at, SOCK_STREAM);
    send_all(fd, "\0", 2);
    expect_end(fd);
    close(fd);
    expect_count(f, TCP_END_MALFORMED, 1);
    expect_count(f, TCP_OPEN, 0);
    expect_count(f, TCP_ACCEPTED, 2);
}

/* Replies that nobody takes are kept for five seconds. */
static void who_never_reads_is_reset(void **state)
{
    const struct timeval soon = {0, 300 * 1000};
    const struct fixture *f = *state;
    uint8_t message[MESSAGE_MAX];
    size_t len = make_query(1, true, message);
    int fd = dial(&f->at, SOCK_STREAM);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
    while (send(fd, message, len, MSG_NOSIGNAL) == (ssize_t)len)
        ;
    expect_count(f, TCP_END_STALL, 1);
    close(fd);
}

/* The i-th of many clients: as many per address and network of 127.0.0.0/8 as the limits allow. */
static int dial_as(const struct fixture *f, size_t i)
{
    struct addr from = loopback("127.0.0.1", 0);
    from.ip[2] = (uint8_t)(1 + i / TCP_MAX_NETWORK);
    from.ip[3] = (uint8_t)(1 + i % TCP_MAX_NETWORK / TCP_MAX_ADDRESS);
    return dial_from(&from, &f->at, SOCK_STREAM);
}

/* Over the bound the connection whose last question is oldest gives way; trickling bytes is no
 * question. */
static void the_most_idle_connection_gives_way(void **state)
{
    struct fixture *f = *state;
    static int fds[TOTAL + 1];
    if (net_raise_file_limit() < 2 * TOTAL + 100)
        skip();
    for (size_t i = 0; i < TOTAL; i++)
        fds[i] = dial_as(f, i);
    ask(fds[TOTAL - 1], 1); /* accepted in order, so all of them are in now */
    expect_reply(fds[TOTAL - 1], 1);
    ask(fds[0], 2);
    expect_reply(fds[0], 2);
    send_all(fds[1], "", 1);
    fds[TOTAL] = dial_as(f, TOTAL);
    ask(fds[TOTAL], 3);
    expect_reply(fds[TOTAL], 3);
    expect_end(fds[1]);
    for (size_t i = 0; i <= TOTAL; i += i == 0 ? 2 : 199) {
        ask(fds[i], 4);
        expect_reply(fds[i], 4);
    }
    for (size_t i = 0; i <= TOTAL; i++)
        close(fds[i]);
}

/* RFC 7766 6.2.2: one client cannot take the place of the others. */
static void the_offender_gives_way_first(void **state)
{
    const struct fixture *f = *state;
    int other = dial_as(f, TOTAL), fds[TCP_MAX_ADDRESS + 1];
    ask(other, 1);
    expect_reply(other, 1);
    for (size_t i = 0; i <= TCP_MAX_ADDRESS; i++) {
        fds[i] = dial(&f->at, SOCK_STREAM);
        ask(fds[i], 1);
        expect_reply(fds[i], 1);
    }
    expect_end(fds[0]);
    ask(fds[1], 2);
    expect_reply(fds[1], 2);
    ask(other, 2);
    expect_reply(other, 2);
    expect_count(f, TCP_END_LIMIT, 1);
    expect_count(f, TCP_OPEN, TCP_MAX_ADDRESS + 1);
    for (size_t i = 0; i <= TCP_MAX_ADDRESS; i++)
        close(fds[i]);
    close(other);
}

/* --- the end --- */

static void nothing_stays_open(void **state)
{
    (void)state;
    size_t fds = count_fds(), threads = count_threads();
    void *own;
    setup(&own);
    const struct fixture *f = own;
    int fd = dial(&f->at, SOCK_STREAM);
    ask(fd, 1);
    expect_reply(fd, 1);
    teardown(&own);
    expect_end(fd);
    close(fd);
    assert_int_equal(count_fds(), fds);
    expect_threads(threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_after_the_other, setup, teardown),
        cmocka_unit_test_setup_teardown(pipelined, setup, teardown),
        cmocka_unit_test_setup_teardown(one_byte_a_segment, setup, teardown),
        cmocka_unit_test_setup_teardown(half_closed, setup, teardown),
        cmocka_unit_test_setup_teardown(half_closed_inside_a_message, setup, teardown),
        cmocka_unit_test_setup_teardown(what_deserves_no_answer_ends_the_connection, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_malformed_query_gets_formerr, setup, teardown),
        cmocka_unit_test_setup_teardown(noise, setup, teardown),
        cmocka_unit_test_setup_teardown(who_resets_harms_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(who_does_not_read_is_not_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_message_that_does_not_come_to_an_end_ends_the_connection,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(every_end_is_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(who_never_reads_is_reset, setup, teardown),
        cmocka_unit_test_setup_teardown(the_most_idle_connection_gives_way, setup, teardown),
        cmocka_unit_test_setup_teardown(the_offender_gives_way_first, setup, teardown),
        cmocka_unit_test(nothing_stays_open),
    };
    signal(SIGPIPE, SIG_IGN); /* as base/daemon.h does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
