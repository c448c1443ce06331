/* Addresses of pools, the sizes of answers, and `_pool` names. */
#include "tests/unit/dnsd/answer/answer_test.h"

#define SOA                                                                                        \
    "s3.example.com. 3600 IN SOA ns1.s3.example.com. hostmaster.example.com. 1 14400 3600 "        \
    "1209600 3600"

enum { A = 1, MX = 15, TXT = 16, AAAA = 28, ANY = 255 };

static void pool_of_one_node(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("one.s3.example.com", A), "NOERROR aa | one.s3.example.com. 5 IN A 10.0.0.1 | |"},
        {ASK("one.s3.example.com", AAAA),
         "NOERROR aa | one.s3.example.com. 5 IN AAAA 2001:db8::1 | |"},
        {ASK("one.s3.example.com", ANY), "NOERROR aa | one.s3.example.com. 5 IN A 10.0.0.1 | |"},
        {ASK("one.s3.example.com", TXT),
         "NOERROR aa | one.s3.example.com. 300 IN TXT \"text beside a pool\" | |"},
        {ASK("one.s3.example.com", MX), "NOERROR aa | | " SOA " |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void pool_without_the_family_is_nodata(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("s3.example.com", AAAA), "NOERROR aa | | " SOA " |"},
        {ASK("maint.s3.example.com", AAAA), "NOERROR aa | | " SOA " |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void pool_in_maintenance_says_so(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("maint.s3.example.com", A), "SERVFAIL | | |"},
        {ASK("maint.s3.example.com", ANY), "SERVFAIL | | |"},
        {ASK("maint.s3.example.com", A, .payload = 1232),
         "SERVFAIL | | | | 1232 ede=14:every node of the pool is in maintenance"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static unsigned node_of(const struct addr *a)
{
    return dns_get16(a->ip + 2);
}

static void rotation_begins_with_every_node_in_turn(void **state)
{
    struct answer_test *t = *state;
    static const char *const names[] = {"s3.example.com", "bucket.s3.example.com",
                                        "a.b.c.s3.example.com", "*.s3.example.com"};
    unsigned first[MANY_NODES + 1] = {0};
    for (unsigned turn = 0; turn < 3 * MANY_NODES; turn++) {
        struct addr got[MANY_NODES];
        answer_test_ask(t, &(struct dns_ask)ASK(names[turn % COUNT(names)], A));
        assert_int_equal(dns_addrs(t->reply, t->len, got, COUNT(got)), MANY_ANSWERS);
        assert_int_equal(first[node_of(&got[0])]++, turn / MANY_NODES);
    }
}

static void families_and_services_turn_apart(void **state)
{
    struct answer_test *t = *state;
    memset(t->w.ctx->rotation, 0, sizeof t->w.ctx->rotation);
    answer_test_ask(t, &(struct dns_ask)ASK("one.s3.example.com", A));
    answer_test_ask(t, &(struct dns_ask)ASK("one.s3.example.com", AAAA));
    answer_test_ask(t, &(struct dns_ask)ASK("one.s3.example.com", AAAA));
    answer_test_ask(t, &(struct dns_ask)ASK("s3.example.com", AAAA)); /* no such family: no turn */
    assert_int_equal(t->w.ctx->rotation[2 * SERVICE_ONE], 1);
    assert_int_equal(t->w.ctx->rotation[2 * SERVICE_ONE + 1], 2);
    assert_int_equal(t->w.ctx->rotation[2 * SERVICE_MANY + 1], 0);
}

/* 12 header, 18 question of s3.example.com with a bucket label in front, 16 a record, 11 OPT. */
static void sets_shrink_to_what_fits(void **state)
{
    struct answer_test *t = *state;
    char label[5][64], name[300];
    for (int i = 0; i < 5; i++) {
        memset(label[i], 'a' + i, sizeof label[i]);
        label[i][63] = '\0';
    }
    snprintf(name, sizeof name, "%s.%s.%s.%.40s.s3.example.com", label[0], label[1], label[2],
             label[3]);
    size_t question = strlen(name) + 2 + 4;
    answer_test_ask(t, &(struct dns_ask)ASK(name, A));
    assert_int_equal(dns_count(t->reply, 0), MANY_ANSWERS);
    assert_int_equal(t->len, 12 + question + MANY_ANSWERS * 16);

    char asked_nsid[] = "\0\3\0\0";
    char identity[] =
        "a name of this server that is as long as anybody could want it to be, and then"
        " some more, and more, and more, up to the bound, and over it";
    t->w.settings.identity = identity;
    answer_test_ask(
        t, &(struct dns_ask)ASK(name, A, .payload = 512, .options = asked_nsid, .options_len = 4));
    size_t room = 512 - 12 - question - 11 - 4 - 128;
    assert_int_equal(dns_count(t->reply, 0), room / 16);
    assert_true(room / 16 < MANY_ANSWERS);
    assert_false(dns_flag(t->reply, DNS_TC));
    t->w.settings.identity = "ns1.example.net";
}

static void whole_sets_set_tc_instead(void **state)
{
    struct answer_test *t = *state;
    static const struct answer_row rows[] = {
        {ASK("all.s3.example.com", A), "NOERROR aa tc | | |"},
        {ASK("all.s3.example.com", A, .payload = 900), "NOERROR aa tc | | | | 1232"},
    };
    answer_test_rows(t, rows, COUNT(rows));
    answer_test_ask(t, &(struct dns_ask)ASK("all.s3.example.com", A, .payload = 1232));
    assert_int_equal(dns_count(t->reply, 0), ALL_NODES);
    t->tcp = true;
    answer_test_ask(t, &(struct dns_ask)ASK("all.s3.example.com", A));
    assert_int_equal(dns_count(t->reply, 0), ALL_NODES);
    t->tcp = false;
}

#define SUMMARY                                                                                    \
    "\"pool=s3 up=1 full=0 down=1 going_up=0 going_down=0 drain=0 maint=0 unchecked=0 nodes=2\""
#define NODE_11                                                                                    \
    "\"node=10.0.0.11 state=up load=512/1536 since=2026-11-20T09:12:03Z "                          \
    "reason=\\\"3 checks in a row passed\\\"\""
#define NODE_C "\"node=C state=down load=- since=2026-11-20T09:12:03Z reason=\\\"said 'no'\\\"\""
#define POOL   "_pool.s3.example.com"

static void pool_names_show_the_status(void **state)
{
    static const struct answer_row rows[] = {
        {ASK(POOL, TXT, .payload = 1232),
         "NOERROR aa | " POOL ". 0 IN TXT " SUMMARY "; " POOL ". 0 IN TXT " NODE_11 "; " POOL
         ". 0 IN TXT " NODE_C " | | | 1232"},
        {ASK("_POOL.s3.example.com", A), "NOERROR aa | | " SOA " |"},
        {ASK("10.0.0.11." POOL, TXT), "NOERROR aa | 10.0.0.11." POOL ". 0 IN TXT " NODE_11 " | |"},
        {ASK("c." POOL, TXT), "NOERROR aa | c." POOL ". 0 IN TXT " NODE_C " | |"},
        {ASK("c." POOL, A), "NOERROR aa | | " SOA " |"},
        {ASK("0.11." POOL, TXT), "NOERROR aa | | " SOA " |"}, /* empty non-terminal */
        {ASK("1." POOL, TXT), "NXDOMAIN aa | | " SOA " |"},
        {ASK("x.c." POOL, TXT), "NXDOMAIN aa | | " SOA " |"},
        {ASK("_pool.one.s3.example.com", TXT), "NXDOMAIN aa | | " SOA " |"}, /* no status of it */
        /* covered by a wildcard only, not bound: an ordinary name */
        {ASK("_pool.bucket.s3.example.com", TXT), "NOERROR aa | | " SOA " |"},
        {ASK("_pools.s3.example.com", TXT), "NOERROR aa | | " SOA " |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void pool_names_are_for_those_who_may_inspect(void **state)
{
    struct answer_test *t = *state;
    static const struct answer_row rows[] = {
        {ASK(POOL, TXT, .payload = 1232),
         "NOERROR aa | | " SOA " | | 1232 ede=18:`inspect:` does not list your address"},
        {ASK("nobody." POOL, TXT, .payload = 1232),
         "NOERROR aa | | " SOA " | | 1232 ede=18:`inspect:` does not list your address"},
    };
    struct addr inside = t->w.from;
    if (!addr_parse_ip(span_of("192.0.2.7"), &t->w.from))
        fail();
    answer_test_rows(t, rows, COUNT(rows));
    t->w.from = inside;
}

static void pool_names_before_the_first_status(void **state)
{
    struct answer_test *t = *state;
    struct status *status = t->w.status;
    t->w.status = NULL;
    answer_test_ask(t, &(struct dns_ask)ASK(POOL, TXT));
    answer_test_is(t, "SERVFAIL | | |");
    t->w.status = status;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pool_of_one_node),
        cmocka_unit_test(pool_without_the_family_is_nodata),
        cmocka_unit_test(pool_in_maintenance_says_so),
        cmocka_unit_test(rotation_begins_with_every_node_in_turn),
        cmocka_unit_test(families_and_services_turn_apart),
        cmocka_unit_test(sets_shrink_to_what_fits),
        cmocka_unit_test(whole_sets_set_tc_instead),
        cmocka_unit_test(pool_names_show_the_status),
        cmocka_unit_test(pool_names_are_for_those_who_may_inspect),
        cmocka_unit_test(pool_names_before_the_first_status),
    };
    return cmocka_run_group_tests(tests, answer_test_setup, answer_test_teardown);
}
