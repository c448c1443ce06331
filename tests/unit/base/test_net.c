#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/net.h"
#include "tests/unit/test.h"

static struct addr ip(const char *text)
{
    struct addr a;
    assert_true(addr_parse_ip(span_of(text), &a));
    return a;
}

static struct addr endpoint(const char *text)
{
    struct addr a;
    assert_true(addr_parse_port(span_of(text), true, &a));
    return a;
}

static void addresses_are_read_and_written(void **state)
{
    static const struct {
        const char *in, *out; /* out NULL: refused */
    } rows[] = {
        {"10.0.0.1", "10.0.0.1"},
        {"255.255.255.255", "255.255.255.255"},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"}, /* RFC 5952 4.2.3 */
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"::", "::"},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
        {"fe80::1%lo", "fe80::1%lo"},
        {"fe80::1%99999", "fe80::1%99999"},
        {"fe80::1%no-such-interface", NULL},
        {"fe80::1%", NULL},
        {"10.0.0.1%lo", NULL},
        {"10.0.0", NULL},
        {"10.0.0.01", NULL},
        {"10.0.0.256", NULL},
        {" 10.0.0.1", NULL},
        {"10.0.0.1:53", NULL},
        {"[::1]", NULL},
        {":::", NULL},
        {"", NULL},
        {"localhost", NULL},
        {"1111111111111111111111111111111111111111111111111111111111111111111111111111111111",
         NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct addr a;
        char text[ADDR_TEXT];
        assert_int_equal(addr_parse_ip(span_of(rows[i].in), &a), rows[i].out != NULL);
        if (rows[i].out)
            assert_string_equal(addr_ip_text(&a, text), rows[i].out);
    }
    struct addr a;
    assert_false(addr_parse_ip(span_bytes("10.0.0.1\0x", 10), &a));
    assert_true(addr_parse_ip(span_bytes("10.0.0.123", 8), &a)); /* a span has no NUL */
}

static void endpoints_are_read_and_written(void **state)
{
    static const struct {
        const char *in;
        bool port0, good;
    } rows[] = {
        {"10.0.0.1:53", false, true},  {"[2001:db8::1]:65535", false, true},
        {"[::]:53", false, true},      {"127.0.0.1:0", true, true},
        {"127.0.0.1:0", false, false}, {"127.0.0.1:65536", false, false},
        {"127.0.0.1:-1", true, false}, {"127.0.0.1:5 ", false, false},
        {"127.0.0.1:", true, false},   {"127.0.0.1", true, false},
        {"::1:53", false, false},      {"[::1]", false, false},
        {"[::1]53", false, false},     {"[127.0.0.1]:53", false, false},
        {"[]:53", false, false},       {"[:53", false, false},
        {":53", false, false},         {"", false, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct addr a;
        char text[ADDR_TEXT];
        assert_int_equal(addr_parse_port(span_of(rows[i].in), rows[i].port0, &a), rows[i].good);
        if (rows[i].good)
            assert_string_equal(addr_text(&a, text), rows[i].in);
    }
}

static void prefixes_have_no_host_bits(void **state)
{
    static const struct {
        const char *in;
        bool good;
        int bits;
    } rows[] = {
        {"10.0.0.0/8", true, 8}, {"0.0.0.0/0", true, 0},       {"10.1.2.3", true, 32},
        {"::1/128", true, 128},  {"2001:db8::/33", true, 33},  {"::1", true, 128},
        {"::/0", true, 0},       {"10.0.0.1/8", false, 0},     {"10.0.0.0/33", false, 0},
        {"10.0.0.0/", false, 0}, {"10.0.0.0/-1", false, 0},    {"10.0.0.0/8/8", false, 0},
        {"::1/127", false, 0},   {"2001:db8::/129", false, 0}, {"/8", false, 0},
        {"", false, 0},          {"128.0.0.0/0", false, 0},    {"10.128.0.0/9", true, 9},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct prefix p;
        assert_int_equal(prefix_parse(span_of(rows[i].in), &p), rows[i].good);
        if (rows[i].good)
            assert_int_equal(p.bits, rows[i].bits);
    }
}

static void prefixes_contain_their_addresses(void **state)
{
    static const struct {
        const char *prefix, *ip;
        bool inside;
    } rows[] = {
        {"10.128.0.0/9", "10.128.0.0", true},
        {"10.128.0.0/9", "10.255.255.255", true},
        {"10.128.0.0/9", "10.127.255.255", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "10.0.0.1", false},
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.3", "10.1.2.2", false},
        {"2001:db8:8000::/33", "2001:db8:ffff::1", true},
        {"2001:db8:8000::/33", "2001:db8:7fff::1", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct prefix p;
        struct addr a = ip(rows[i].ip);
        assert_true(prefix_parse(span_of(rows[i].prefix), &p));
        assert_int_equal(prefix_contains(&p, &a), rows[i].inside);
    }
}

static void addresses_survive_sockaddr(void **state)
{
    static const char *const rows[] = {"10.0.0.1:53", "[2001:db8::1]:9000", "[fe80::1%lo]:1"};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct addr back, a = endpoint(rows[i]);
        struct sockaddr_storage sa;
        socklen_t len = addr_to_sockaddr(&a, &sa);
        assert_int_equal(len, a.family == AF_INET ? sizeof(struct sockaddr_in)
                                                  : sizeof(struct sockaddr_in6));
        addr_from_sockaddr((struct sockaddr *)&sa, &back);
        assert_true(addr_equal_ip(&back, &a));
        assert_int_equal(back.port, a.port);
    }
    struct addr none;
    addr_from_sockaddr(&(struct sockaddr){.sa_family = AF_UNIX}, &none);
    assert_int_equal(none.family, 0);
}

static void equal_is_of_the_address_alone(void **state)
{
    struct addr a = endpoint("10.0.0.1:1"), b = endpoint("10.0.0.1:2"), c = ip("10.0.0.2");
    struct addr v6 = ip("a00:1::"); /* begins with the bytes of 10.0.0.1 */
    (void)state;
    assert_true(addr_equal_ip(&a, &b));
    assert_false(addr_equal_ip(&a, &c));
    assert_false(addr_equal_ip(&a, &v6));
}

static int option(int fd, int level, int name)
{
    int value = -1;
    socklen_t len = sizeof value;
    assert_int_equal(getsockopt(fd, level, name, &value, &len), 0);
    return value;
}

static void udp_sockets_are_set_up(void **state)
{
    static const struct {
        const char *at;
        int level, name, value;
    } rows[] = {
        {"127.0.0.1:0", IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT},
        {"127.0.0.1:0", IPPROTO_IP, IP_PKTINFO, 0},
        {"0.0.0.0:0", IPPROTO_IP, IP_PKTINFO, 1},
        {"[::1]:0", IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT},
        {"[::1]:0", IPPROTO_IPV6, IPV6_V6ONLY, 1},
        {"[::1]:0", IPPROTO_IPV6, IPV6_RECVPKTINFO, 0},
        {"[::]:0", IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct addr at = endpoint(rows[i].at);
        struct err err;
        int fd = net_listen_udp(&at, 0, &err);
        assert_true(fd >= 0);
        assert_int_equal(option(fd, rows[i].level, rows[i].name), rows[i].value);
        assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
        assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        assert_true(net_bound_port(fd) > 0);
        close(fd);
    }
}

static void several_sockets_share_a_port_when_asked(void **state)
{
    struct addr at = endpoint("127.0.0.1:0");
    struct err err;
    (void)state;
    int one = net_listen_udp(&at, LISTEN_REUSEPORT, &err);
    at.port = net_bound_port(one);
    int two = net_listen_udp(&at, LISTEN_REUSEPORT, &err);
    assert_true(one >= 0 && two >= 0);
    assert_int_equal(net_bound_port(two), at.port);
    close(one);
    close(two);
}

static void tcp_listens(void **state)
{
    struct addr at = endpoint("127.0.0.1:0");
    struct sockaddr_storage sa;
    struct err err;
    (void)state;
    int fd = net_listen_tcp(&at, 0, 8, &err), client = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0 && client >= 0);
    at.port = net_bound_port(fd);
    assert_int_equal(connect(client, (struct sockaddr *)&sa, addr_to_sockaddr(&at, &sa)), 0);
    close(client);
    close(fd);
}

/* The whole sentence that a person reads for a port of either kind that is taken. */
static void a_port_in_use_says_what_to_do(void **state)
{
    struct addr at = endpoint("127.0.0.1:0");
    struct err err;
    char want[ERR_TEXT];
    (void)state;
    int udp = net_listen_udp(&at, 0, &err);
    at.port = net_bound_port(udp);
    assert_int_equal(net_listen_udp(&at, 0, &err), -1);
    snprintf(want, sizeof want,
             "cannot listen on 127.0.0.1:%u (UDP): Address already in use; stop the other program "
             "or choose another port",
             at.port);
    assert_string_equal(err.text, want);
    close(udp);
    at.port = 0;
    int tcp = net_listen_tcp(&at, 0, 1, &err);
    at.port = net_bound_port(tcp);
    assert_int_equal(net_listen_tcp(&at, 0, 1, &err), -1);
    assert_non_null(strstr(err.text, "(TCP): Address already in use; stop the other program"));
    close(tcp);
}

static void a_foreign_address_says_what_to_do(void **state)
{
    struct addr at = endpoint("192.0.2.1:0"); /* RFC 5737: nobody has it */
    struct err err;
    (void)state;
    assert_int_equal(net_listen_udp(&at, 0, &err), -1);
    assert_string_equal(err.text, "cannot listen on 192.0.2.1:0 (UDP): Cannot assign requested "
                                  "address; no interface of this host has it: add it or listen "
                                  "elsewhere");
}

static void no_descriptor_leaks_on_failure(void **state)
{
    struct addr at = endpoint("192.0.2.1:0");
    struct err err;
    (void)state;
    int before = dup(0);
    close(before);
    assert_int_equal(net_listen_tcp(&at, 0, 1, &err), -1);
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

static void the_file_limit_is_raised_to_the_hard_one(void **state)
{
    struct rlimit limit;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    struct rlimit low = {limit.rlim_max < 64 ? limit.rlim_max : 64, limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    assert_int_equal(net_raise_file_limit(), limit.rlim_max);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(limit.rlim_cur, limit.rlim_max);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_written),
        cmocka_unit_test(endpoints_are_read_and_written),
        cmocka_unit_test(prefixes_have_no_host_bits),
        cmocka_unit_test(prefixes_contain_their_addresses),
        cmocka_unit_test(addresses_survive_sockaddr),
        cmocka_unit_test(equal_is_of_the_address_alone),
        cmocka_unit_test(udp_sockets_are_set_up),
        cmocka_unit_test(several_sockets_share_a_port_when_asked),
        cmocka_unit_test(tcp_listens),
        cmocka_unit_test(a_port_in_use_says_what_to_do),
        cmocka_unit_test(a_foreign_address_says_what_to_do),
        cmocka_unit_test(no_descriptor_leaks_on_failure),
        cmocka_unit_test(the_file_limit_is_raised_to_the_hard_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
