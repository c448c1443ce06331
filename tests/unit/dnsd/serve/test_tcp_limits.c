/* test_tcp_limits.c - who may connect over TCP, and who gives way (RFC 7766 6.2.2, RFC 9210 4.2).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/rand.h"
#include "dnsd/serve/tcp_limits.h"
#include "tests/unit/test.h"

enum { TOTAL = 300 };

struct fixture {
    struct tcp_limits *limits;
    struct tcp_member members[TOTAL];
    size_t n;
};

static int setup(void **state)
{
    struct fixture *f = NEW(struct fixture);
    f->limits = tcp_limits_new(TOTAL, 1);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    struct tcp_member *m;
    while ((m = tcp_limits_first(f->limits)))
        tcp_limits_remove(f->limits, m);
    tcp_limits_free(f->limits);
    free(f);
    return 0;
}

static struct addr at(const char *ip)
{
    struct addr a;
    assert_true(addr_parse_ip(span_of(ip), &a));
    return a;
}

static void join(struct fixture *f, const char *ip)
{
    struct addr from = at(ip);
    assert_null(tcp_limits_victim(f->limits, &from));
    tcp_limits_add(f->limits, &f->members[f->n++], &from);
}

/* `n` connections, `per_address` from each of the addresses `before`1`after`, `before`2`after`...
 */
static void join_many(struct fixture *f, const char *before, const char *after, int n,
                      int per_address)
{
    char ip[ADDR_TEXT];
    for (int i = 0; i < n; i++) {
        snprintf(ip, sizeof ip, "%s%d%s", before, i / per_address + 1, after);
        join(f, ip);
    }
}

static void expect_victim(const struct fixture *f, const char *ip, const struct tcp_member *want)
{
    struct addr from = at(ip);
    assert_ptr_equal(tcp_limits_victim(f->limits, &from), want);
}

static void an_address_has_twenty(void **state)
{
    struct fixture *f = *state;
    join_many(f, "192.0.2.", "", 20, 20);
    expect_victim(f, "192.0.2.1", &f->members[0]);
    expect_victim(f, "192.0.2.2", NULL);
}

static void a_network_has_a_hundred(void **state)
{
    static const struct {
        const char *before, *after, *inside, *outside;
    } rows[] = {
        {"192.0.2.", "", "192.0.2.255", "192.0.3.0"},
        {"2001:db8:0:100::", "", "2001:db8:0:1ff::", "2001:db8:0:200::"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        setup(state);
        struct fixture *f = *state;
        join_many(f, rows[i].before, rows[i].after, TCP_MAX_NETWORK, 5);
        expect_victim(f, rows[i].inside, &f->members[0]);
        expect_victim(f, rows[i].outside, NULL);
        teardown(state);
    }
}

static void all_have_the_total(void **state)
{
    struct fixture *f = *state;
    join_many(f, "192.0.", ".1", TOTAL, 20);
    expect_victim(f, "2001:db8::1", &f->members[0]);
}

/* An offender's own connections go first, even if others are more idle. */
static void the_offender_pays_first(void **state)
{
    struct fixture *f = *state;
    join(f, "198.51.100.1");
    join_many(f, "192.0.2.", "", 80, 16);
    join_many(f, "192.0.2.10", "", 20, 20);
    expect_victim(f, "192.0.2.101", &f->members[81]); /* of the address */
    expect_victim(f, "192.0.2.200", &f->members[1]);  /* of the network */
    join_many(f, "203.0.", ".1", TOTAL - 101, 20);
    expect_victim(f, "192.0.2.101", &f->members[81]);
    expect_victim(f, "192.0.2.200", &f->members[1]);
    expect_victim(f, "198.51.100.2", &f->members[0]); /* of all */
}

static void who_asks_gives_way_last(void **state)
{
    struct fixture *f = *state;
    join_many(f, "192.0.2.", "", 20, 20);
    tcp_limits_used(&f->members[0]);
    expect_victim(f, "192.0.2.1", &f->members[1]);
    tcp_limits_used(&f->members[2]);
    tcp_limits_remove(f->limits, &f->members[1]);
    expect_victim(f, "192.0.2.1", NULL);
    join(f, "192.0.2.1");
    expect_victim(f, "192.0.2.1", &f->members[3]);
    assert_ptr_equal(tcp_limits_first(f->limits), &f->members[3]);
}

/* An IPv6 address whose first bytes are those of an IPv4 one is somebody else. */
static void families_do_not_mix(void **state)
{
    struct fixture *f = *state;
    join_many(f, "32.1.13.", "", 20, 20);
    expect_victim(f, "32.1.13.1", &f->members[0]);
    expect_victim(f, "2001:d01::", NULL);
}

/* Connections from everywhere come and go at random; a count of our own must agree always. */
static void random_coming_and_going(void **state)
{
    enum { ADDRESSES = 64, STEPS = 20 * 1000 };
    struct fixture *f = *state;
    struct rand r = {11};
    size_t per_address[ADDRESSES] = {0}, of[TOTAL], n = 0;
    bool in[TOTAL] = {false};
    for (int step = 0; step < STEPS; step++) {
        size_t i = rand_below(&r, TOTAL), a = rand_below(&r, ADDRESSES);
        struct addr from = {.family = AF_INET, .ip = {10, 0, (uint8_t)a, 1}};
        const struct tcp_member *victim = tcp_limits_victim(f->limits, &from);
        assert_int_equal(victim != NULL, per_address[a] >= TCP_MAX_ADDRESS || n >= TOTAL);
        if (in[i]) {
            tcp_limits_remove(f->limits, &f->members[i]);
            per_address[of[i]]--;
        } else if (!victim) {
            tcp_limits_add(f->limits, &f->members[i], &from);
            per_address[of[i] = a]++;
        } else {
            continue;
        }
        in[i] = !in[i];
        n = in[i] ? n + 1 : n - 1;
    }
}

static void the_total_follows_the_file_limit(void **state)
{
    static const struct {
        size_t files, threads, want;
    } rows[] = {
        {1024, 1, 512},     {1024, 2, 256},  {1024, 64, 20},  {0, 1, 20},       {4096, 1, 3072},
        {1048576, 4, 8192}, {2048, 1, 1024}, {2049, 1, 1025}, {20000, 3, 6325}, {20000, 2, 8192},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(tcp_limits_total(rows[i].files, rows[i].threads), rows[i].want);
}

/* RFC 7828 3.4: 0 asks clients to close; said while more than 80 % are in use. */
static void keepalive_is_zero_in_a_crowd(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(tcp_limits_keepalive(f->limits), 100);
    join_many(f, "192.0.", ".1", TOTAL / 5 * 4, 20);
    assert_int_equal(tcp_limits_keepalive(f->limits), 100);
    join(f, "198.51.100.1");
    assert_int_equal(tcp_limits_keepalive(f->limits), 0);
    tcp_limits_remove(f->limits, &f->members[0]);
    assert_int_equal(tcp_limits_keepalive(f->limits), 100);
}

#define WITH_LIMITS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIMITS(an_address_has_twenty),
        cmocka_unit_test(a_network_has_a_hundred),
        WITH_LIMITS(all_have_the_total),
        WITH_LIMITS(the_offender_pays_first),
        WITH_LIMITS(who_asks_gives_way_last),
        WITH_LIMITS(families_do_not_mix),
        WITH_LIMITS(random_coming_and_going),
        cmocka_unit_test(the_total_follows_the_file_limit),
        WITH_LIMITS(keepalive_is_zero_in_a_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
