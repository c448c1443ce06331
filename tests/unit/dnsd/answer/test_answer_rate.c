/* Replies above the rate: whose are counted, and what becomes of each kind. */
#include "tests/unit/dnsd/answer/answer_test.h"

enum { RATE = 4, A = 1, AAAA = 28 };

#define COOKIE_OPTION                                                                              \
    "\0\x0a\0\x8"                                                                                  \
    "01234567"
#define WITH_COOKIE .payload = 512, .options = COOKIE_OPTION, .options_len = 12

static int setup(void **state)
{
    answer_test_setup(state);
    struct answer_test *t = *state;
    t->w.settings.rrl = (struct rrl_rule){RATE, 7};
    t->now_ms = 1000;
    return addr_parse_ip(span_of("192.0.2.1"), &t->w.from) ? 0 : -1;
}

/* Uses up the second, and the dropped reply behind it: the next one is short. */
static void use_up(struct answer_test *t, const struct dns_ask *ask)
{
    for (int i = 0; i < RATE; i++) {
        assert_true(answer_test_ask(t, ask) > 0);
        assert_false(dns_flag(t->reply, DNS_TC));
    }
    assert_int_equal(answer_test_ask(t, ask), 0);
}

static void every_second_one_above_the_rate_is_short(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("s3.example.com", A), "NOERROR tc | | |"},
        {ASK("s3.example.com", AAAA, .payload = 512), "NOERROR tc | | | | 1232"},
        {ASK("no.www.s3.example.com", A, .flags = DNS_RD), "NOERROR tc rd | | |"},
        {ASK("sub.s3.example.com", A), "NOERROR tc | | |"},
        /* as short as it can be, and TCP would bring no more */
        {ASK("example.net", A), "REFUSED | | |"},
        /* with a cookie the client need not come by TCP (RFC 7873 5.2.3) */
        {ASK("s3.example.com", A, WITH_COOKIE), "BADCOOKIE | | | | 1232 option=10"},
    };
    struct answer_test *t = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].ask.name);
        t->now_ms += 1000;
        use_up(t, &rows[i].ask);
        answer_test_ask(t, &rows[i].ask);
        answer_test_is(t, rows[i].want);
        assert_int_equal(answer_test_ask(t, &rows[i].ask), 0);
    }
    assert_int_equal(counter_get(&t->w.ctx->counts[COUNT_RRL_SHORTENED]), COUNT(rows));
    assert_int_equal(counter_get(&t->w.ctx->counts[COUNT_RRL_DROPPED]), 2 * COUNT(rows));
    assert_int_equal(counter_get(&t->w.ctx->counts[COUNT_BADCOOKIE]), 1);
}

static void classes_do_not_count_together(void **state)
{
    static const struct dns_ask asks[] = {ASK("s3.example.com", A), ASK("s3.example.com", AAAA),
                                          ASK("no.www.s3.example.com", A),
                                          ASK("sub.s3.example.com", A), ASK("example.net", A)};
    for (size_t i = 0; i < COUNT(asks); i++)
        use_up(*state, &asks[i]);
}

/* A reply without records because it was too large is an answer. */
static void a_cut_answer_is_an_answer(void **state)
{
    struct answer_test *t = *state;
    use_up(t, &(struct dns_ask)ASK("s3.example.com", A));
    answer_test_ask(t, &(struct dns_ask)ASK("s3.example.com", A));
    assert_int_equal(answer_test_ask(t, &(struct dns_ask)ASK("all.s3.example.com", A)), 0);
}

static void who_is_proven_is_never_limited(void **state)
{
    static const char *const loopback[] = {"127.0.0.1", "127.255.1.2", "::1"};
    static const struct dns_ask ask = ASK("s3.example.com", A);
    struct answer_test *t = *state;
    use_up(t, &ask);
    t->tcp = true;
    for (int i = 0; i < 10 * RATE; i++)
        assert_true(answer_test_ask(t, &ask) > 0);
    t->tcp = false;
    for (size_t i = 0; i < COUNT(loopback); i++) {
        assert_true(addr_parse_ip(span_of(loopback[i]), &t->w.from));
        for (int n = 0; n < 10 * RATE; n++)
            assert_true(answer_test_ask(t, &ask) > 0);
    }
    assert_true(addr_parse_ip(span_of("192.0.2.77"), &t->w.from));
    assert_true(answer_test_ask(t, &ask) > 0);
    assert_true(dns_flag(t->reply, DNS_TC)); /* it was the turn of a short one */
}

/* BADCOOKIE brings the cookie that ends the limit. */
static void a_good_cookie_ends_the_limit(void **state)
{
    struct answer_test *t = *state;
    char option[28] = "\0\x0a\0\x18";
    struct dns_ask ask = ASK("s3.example.com", A, WITH_COOKIE);
    use_up(t, &ask);
    answer_test_ask(t, &ask);
    memcpy(option + 4, t->reply + t->len - 24, 24);
    ask.options = option;
    ask.options_len = sizeof option;
    for (int i = 0; i < 10 * RATE; i++) {
        assert_true(answer_test_ask(t, &ask) > 0);
        assert_int_equal(dns_count(t->reply, 0), MANY_ANSWERS);
        assert_memory_equal(t->reply + t->len - 24, option + 4, 24);
    }
    option[27] ^= 1; /* the next reply above the rate is dropped, the one after it is short */
    assert_int_equal(answer_test_ask(t, &ask), 0);
}

static void off(void **state)
{
    struct answer_test *t = *state;
    t->w.settings.rrl.rate = 0;
    for (int i = 0; i < 10 * RATE; i++)
        assert_true(answer_test_ask(t, &(struct dns_ask)ASK("s3.example.com", A)) > 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, answer_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_second_one_above_the_rate_is_short),
        TEST(classes_do_not_count_together),
        TEST(a_cut_answer_is_an_answer),
        TEST(who_is_proven_is_never_limited),
        TEST(a_good_cookie_ends_the_limit),
        TEST(off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
