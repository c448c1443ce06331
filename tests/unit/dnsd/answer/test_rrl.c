/* dnsd/answer/rrl: how many replies a network gets, with a clock of our own. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/rand.h"
#include "dnsd/answer/rrl.h"
#include "tests/unit/dnsd/cmocka_all.h"

enum { RATE = 10 };

static const struct rrl_rule rule = {.rate = RATE, .seed = 42};

struct tally {
    unsigned send, shorten, drop;
};

static int setup(void **state)
{
    *state = NEW(struct rrl);
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static struct addr addr_of(const char *text)
{
    struct addr a;
    assert_true(addr_parse_ip(span_of(text), &a));
    return a;
}

static enum rrl_action take(struct rrl *t, const char *from, enum rrl_class class, int64_t now_ms)
{
    struct addr a = addr_of(from);
    return rrl_take(t, &rule, &a, class, now_ms);
}

static struct tally take_many(struct rrl *t, const char *from, int64_t now_ms, unsigned n)
{
    struct tally tally = {0};
    while (n-- > 0) {
        enum rrl_action action = take(t, from, RRL_ANSWER, now_ms);
        tally.send += action == RRL_SEND;
        tally.shorten += action == RRL_SHORTEN;
        tally.drop += action == RRL_DROP;
    }
    return tally;
}

static void assert_tally(struct tally got, unsigned send, unsigned shorten, unsigned drop)
{
    assert_int_equal(got.send, send);
    assert_int_equal(got.shorten, shorten);
    assert_int_equal(got.drop, drop);
}

static void the_rate_then_every_second_one_short(void **state)
{
    assert_tally(take_many(*state, "192.0.2.1", 5000, RATE), RATE, 0, 0);
    assert_int_equal(take(*state, "192.0.2.1", RRL_ANSWER, 5001), RRL_DROP);
    assert_int_equal(take(*state, "192.0.2.1", RRL_ANSWER, 5002), RRL_SHORTEN);
    assert_tally(take_many(*state, "192.0.2.1", 5999, 100), 0, 50, 50);
}

static void each_second_counts_anew(void **state)
{
    for (int64_t now_ms = 7; now_ms < 60000; now_ms += 1000)
        assert_tally(take_many(*state, "192.0.2.1", now_ms, 4 * RATE), RATE, 15, 15);
    take_many(*state, "198.51.100.1", 100000, 1);
    assert_tally(take_many(*state, "198.51.100.1", 100999, RATE), RATE - 1, 0, 1);
    assert_tally(take_many(*state, "198.51.100.1", 101000, RATE), RATE, 0, 0);
}

static void a_second_is_one_where_32_bits_wrap(void **state)
{
    const int64_t wrap = (int64_t)1 << 32;
    assert_tally(take_many(*state, "192.0.2.1", wrap - 500, RATE), RATE, 0, 0);
    assert_int_equal(take(*state, "192.0.2.1", RRL_ANSWER, wrap + 499), RRL_DROP);
    assert_int_equal(take(*state, "192.0.2.1", RRL_ANSWER, wrap + 500), RRL_SEND);
}

static void networks_and_classes(void **state)
{
    static const struct {
        const char *from;
        enum rrl_class class;
        bool counted; /* with 192.0.2.1 or 2001:db8:0:100::1, answers */
    } rows[] = {
        {"192.0.2.255", RRL_ANSWER, true},
        {"192.0.3.1", RRL_ANSWER, false},
        {"192.0.2.1", RRL_NODATA, false},
        {"192.0.2.1", RRL_NXDOMAIN, false},
        {"192.0.2.1", RRL_REFERRAL, false},
        {"192.0.2.1", RRL_ERROR, false},
        {"2001:db8:0:1ff::9", RRL_ANSWER, true},
        {"2001:db8:0:200::1", RRL_ANSWER, false},
        {"2001:db8:0:100::1", RRL_NODATA, false},
        {"0:c0:2::", RRL_ANSWER, false},
        {"::", RRL_ANSWER, false},
        {"0.0.0.0", RRL_ANSWER, false},
    };
    take_many(*state, "192.0.2.1", 0, RATE);
    take_many(*state, "2001:db8:0:100::1", 0, RATE);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(take(*state, rows[i].from, rows[i].class, 0) == RRL_SEND,
                         !rows[i].counted);
}

/* A flood from everywhere fills the table, but does not wash out who is flooded. */
static void who_is_flooded_stays_known(void **state)
{
    struct rand chance = {1};
    unsigned sent = 0;
    for (int i = 0; i < 200000; i++) {
        struct addr other = {.family = AF_INET};
        uint64_t ip = rand_u64(&chance);
        memcpy(other.ip, &ip, 4);
        rrl_take(*state, &rule, &other, RRL_ANSWER, 500);
        sent += take(*state, "192.0.2.1", RRL_ANSWER, 500) == RRL_SEND;
    }
    assert_int_equal(sent, RATE);
}

/* What the table has to forget is not refused: many quiet networks are all served. */
static void more_networks_than_slots(void **state)
{
    for (unsigned i = 0; i < 4 * RRL_SETS * RRL_WAYS; i++) {
        struct addr a = {.family = AF_INET,
                         .ip = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i, 1}};
        assert_int_equal(rrl_take(*state, &rule, &a, RRL_ANSWER, 0), RRL_SEND);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_rate_then_every_second_one_short), TEST(each_second_counts_anew),
        TEST(a_second_is_one_where_32_bits_wrap),   TEST(networks_and_classes),
        TEST(who_is_flooded_stays_known),           TEST(more_networks_than_slots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
