/* test_udp.c - UDP answers over real loopback sockets. */
#include "dnsd/serve/udp.h"
#include "tests/unit/dnsd/serve/serve_test.h"

enum { WAITING = 100 };

struct fixture {
    struct served served;
    struct udp_server *server;
    uint16_t port;
};

static int open_udp(const char *ip)
{
    struct err err;
    const struct addr at = loopback(ip, 0);
    int fd = net_listen_udp(&at, LISTEN_REUSEPORT, &err);
    if (fd < 0)
        print_message("%s\n", err.text);
    return fd;
}

static void start(struct fixture *f, const int *sockets, size_t n)
{
    struct err err;
    served_init(&f->served);
    f->port = net_bound_port(sockets[0]);
    f->server = udp_start(sockets, n, &f->served.source, 0, &err);
    assert_non_null(f->server);
}

static void stop(struct fixture *f)
{
    udp_stop(f->server);
    served_fini(&f->served);
}

static void a_query_is_answered(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t reply[ANSWER_MAX_UDP];
    int fd = open_udp("127.0.0.1");
    start(&f, &fd, 1);
    const struct addr to = loopback("127.0.0.1", f.port);
    int client = dial(&to, SOCK_DGRAM);
    for (uint16_t id = 1; id < 200; id++) {
        ask_udp(client, id);
        assert_true(is_reply(reply, hear_udp(client, reply), id));
    }
    assert_int_equal(counter_get(&udp_counts(f.server)[COUNT_UDP]), 199);
    assert_int_equal(counter_get(&udp_counts(f.server)[COUNT_POOL]), 199);
    close(client);
    stop(&f);
}

/* RFC 2181 4: the reply comes from the address that was asked. */
static void a_wildcard_socket_replies_from_the_address_asked(void **state)
{
    static const struct {
        const char *listen, *asked[3];
    } rows[] = {{"0.0.0.0", {"127.0.0.1", "127.0.0.5", "127.9.9.9"}}, {"::", {"::1", "::1"}}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture f;
        uint8_t reply[ANSWER_MAX_UDP];
        int fd = open_udp(rows[i].listen);
        if (fd < 0)
            continue; /* no IPv6 here */
        start(&f, &fd, 1);
        for (size_t k = 0; k < COUNT(rows[i].asked) && rows[i].asked[k]; k++) {
            const struct addr to = loopback(rows[i].asked[k], f.port);
            int client = dial(&to, SOCK_DGRAM);
            ask_udp(client, 7);
            assert_true(is_reply(reply, hear_udp(client, reply), 7));
            close(client);
        }
        stop(&f);
    }
}

static void several_sockets_in_one_thread(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t reply[ANSWER_MAX_UDP];
    int fds[] = {open_udp("127.0.0.1"), open_udp("127.0.0.2"), open_udp("127.0.0.3")};
    const struct addr at[] = {loopback("127.0.0.1", net_bound_port(fds[0])),
                              loopback("127.0.0.2", net_bound_port(fds[1])),
                              loopback("127.0.0.3", net_bound_port(fds[2]))};
    start(&f, fds, COUNT(fds));
    for (size_t i = 0; i < COUNT(at); i++) {
        int client = dial(&at[i], SOCK_DGRAM);
        ask_udp(client, 9);
        assert_true(is_reply(reply, hear_udp(client, reply), 9));
        close(client);
    }
    stop(&f);
}

enum { LONGEST_QUERY = 1500 };

/* The rcode for a query of `len` bytes, padded with a record or with bytes that nothing counts. */
static unsigned ask_long(int client, size_t len, bool record)
{
    uint8_t reply[ANSWER_MAX_UDP], packet[9000] = {0};
    size_t end = make_query(5, false, packet);
    packet[11] = record;
    dns_put16(packet + end + 9, (unsigned)(len - end - 11)); /* RDLENGTH behind ten bytes of 0 */
    assert_int_equal(send(client, packet, len, 0), len);
    assert_true(hear_udp(client, reply) >= 12);
    assert_int_equal(dns_get16(reply), 5);
    return dns_rcode(reply);
}

/* What has no header is dropped in silence. What is longer than any query is cut off: malformed if
 * a record was cut, answered if only padding was. */
static void short_and_long_packets(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t reply[ANSWER_MAX_UDP], query[DNS_QUERY_MAX + 2];
    int fd = open_udp("127.0.0.1");
    start(&f, &fd, 1);
    const struct addr to = loopback("127.0.0.1", f.port);
    int client = dial(&to, SOCK_DGRAM);
    make_query(3, false, query);
    for (size_t len = 0; len < 12; len++)
        assert_int_equal(send(client, query, len, 0), len);
    ask_udp(client, 4);
    assert_true(is_reply(reply, hear_udp(client, reply), 4));

    for (size_t len = 1400; len <= 9000; len += 100) {
        assert_int_equal(ask_long(client, len, true), len > LONGEST_QUERY);
        assert_int_equal(ask_long(client, len, false), 0);
    }
    ask_udp(client, 6);
    assert_true(is_reply(reply, hear_udp(client, reply), 6));
    close(client);
    stop(&f);
}

/* A response is never answered, or two servers would talk for ever. */
static void a_response_is_dropped(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t reply[ANSWER_MAX_UDP], query[DNS_QUERY_MAX + 2];
    int fd = open_udp("127.0.0.1");
    start(&f, &fd, 1);
    const struct addr to = loopback("127.0.0.1", f.port);
    int client = dial(&to, SOCK_DGRAM);
    size_t len = make_query(3, false, query);
    query[2] |= 0x80;
    send_all(client, query, len);
    ask_udp(client, 4);
    assert_true(is_reply(reply, hear_udp(client, reply), 4));
    close(client);
    stop(&f);
}

/* Queries that were there before the thread, and before its end, are answered. */
static void what_has_arrived_is_answered_before_the_end(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t reply[ANSWER_MAX_UDP];
    int fd = open_udp("127.0.0.1");
    const struct addr to = loopback("127.0.0.1", net_bound_port(fd));
    int client = dial(&to, SOCK_DGRAM);
    for (uint16_t id = 1; id <= WAITING; id++)
        ask_udp(client, id);
    start(&f, &fd, 1);
    stop(&f);
    for (uint16_t id = 1; id <= WAITING; id++)
        assert_true(is_reply(reply, hear_udp(client, reply), id));
    close(client);
}

static void settings_change_while_it_runs(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t reply[ANSWER_MAX_UDP], query[DNS_QUERY_MAX];
    const struct dns_ask version = ASK("hostname.bind", DNS_TYPE_TXT, .class = 3);
    int fd = open_udp("127.0.0.1");
    start(&f, &fd, 1);
    const struct addr to = loopback("127.0.0.1", f.port);
    int client = dial(&to, SOCK_DGRAM);
    send_all(client, query, dns_query(&version, query));
    hear_udp(client, reply);
    assert_int_equal(dns_rcode(reply), 0);
    publish_set(f.served.source.settings, NEW(struct answer_settings));
    send_all(client, query, dns_query(&version, query));
    hear_udp(client, reply);
    assert_int_equal(dns_rcode(reply), 5);
    close(client);
    stop(&f);
}

static void nothing_stays_open(void **state)
{
    (void)state;
    size_t fds = count_fds(), threads = count_threads();
    a_query_is_answered(state);
    assert_int_equal(count_fds(), fds);
    expect_threads(threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_answered),
        cmocka_unit_test(a_wildcard_socket_replies_from_the_address_asked),
        cmocka_unit_test(several_sockets_in_one_thread),
        cmocka_unit_test(short_and_long_packets),
        cmocka_unit_test(a_response_is_dropped),
        cmocka_unit_test(what_has_arrived_is_answered_before_the_end),
        cmocka_unit_test(settings_change_while_it_runs),
        cmocka_unit_test(nothing_stays_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
