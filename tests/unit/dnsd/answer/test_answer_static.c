/* Names, CNAMEs, wildcards, referrals and negative answers of the static part. */
#include "tests/unit/dnsd/answer/answer_test.h"

#define NEGATIVE                                                                                   \
    "s3.example.com. 3600 IN SOA ns1.s3.example.com. hostmaster.example.com. 1 14400 3600 "        \
    "1209600 3600"
#define CNAME(from, to) from ".s3.example.com. 300 IN CNAME " to ".s3.example.com."
#define WWW             "www.s3.example.com. 300 IN A 192.0.2.1"

enum { A = 1, NS = 2, CNAME = 5, SOA = 6, MX = 15, TXT = 16, AAAA = 28, DS = 43, ANY = 255 };

static void positive_answers_are_minimal(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", A), "NOERROR aa | " WWW " | |"},
        {ASK("s3.example.com", SOA), "NOERROR aa | " NEGATIVE " | |"},
        {ASK("s3.example.com", NS),
         "NOERROR aa | s3.example.com. 3600 IN NS ns1.s3.example.com. | |"},
        {ASK("s3.example.com", TXT), "NOERROR aa | s3.example.com. 300 IN TXT \"the apex\" | |"},
        {ASK("ns1.s3.example.com", A), "NOERROR aa | ns1.s3.example.com. 3600 IN A 192.0.2.53 | |"},
        {ASK("mail.s3.example.com", MX),
         "NOERROR aa | mail.s3.example.com. 300 IN MX 10 www.s3.example.com. | |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void rfc3597_unknown_types_are_served(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("odd.s3.example.com", 65280),
         "NOERROR aa | odd.s3.example.com. 300 IN TYPE65280 \\# 4 0a0b0c0d | |"},
        {ASK("odd.s3.example.com", 666), "NOERROR aa | | " NEGATIVE " |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void rfc2308_negative_answers(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", AAAA), "NOERROR aa | | " NEGATIVE " |"},
        {ASK("no.www.s3.example.com", A), "NXDOMAIN aa | | " NEGATIVE " |"},
        {ASK("ent.s3.example.com", TXT), "NOERROR aa | | " NEGATIVE " |"}, /* RFC 8020 */
        {ASK("y.ent.s3.example.com", TXT), "NXDOMAIN aa | | " NEGATIVE " |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void rfc4592_wildcards(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("q.wild.s3.example.com", TXT),
         "NOERROR aa | q.wild.s3.example.com. 300 IN TXT \"wild\" | |"},
        {ASK("x.y.wild.s3.example.com", A),
         "NOERROR aa | x.y.wild.s3.example.com. 300 IN A 192.0.2.9 | |"},
        {ASK("*.wild.s3.example.com", A),
         "NOERROR aa | *.wild.s3.example.com. 300 IN A 192.0.2.9 | |"},
        {ASK("q.wild.s3.example.com", MX), "NOERROR aa | | " NEGATIVE " |"},
        {ASK("b.wild.s3.example.com", TXT), "NOERROR aa | | " NEGATIVE " |"},
        {ASK("q.b.wild.s3.example.com", A), "NXDOMAIN aa | | " NEGATIVE " |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void cname_chains(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("alias.s3.example.com", A), "NOERROR aa | " CNAME("alias", "www") "; " WWW " | |"},
        {ASK("alias.s3.example.com", CNAME), "NOERROR aa | " CNAME("alias", "www") " | |"},
        {ASK("alias.s3.example.com", ANY), "NOERROR aa | " CNAME("alias", "www") " | |"},
        {ASK("mixed.s3.example.com", A),
         "NOERROR aa | " CNAME("mixed", "Alias") "; " CNAME("alias", "www") "; " WWW " | |"},
        {ASK("away.s3.example.com", A),
         "NOERROR aa | away.s3.example.com. 300 IN CNAME www.example.net. | |"},
        {ASK("nodata.s3.example.com", A),
         "NOERROR aa | " CNAME("nodata", "mail") " | " NEGATIVE " |"},
        {ASK("topool.s3.example.com", A),
         "NOERROR aa | " CNAME("topool", "one") "; one.s3.example.com. 5 IN A 10.0.0.1 | |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void rfc6604_rcode_is_of_the_last_name(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("nowhere.s3.example.com", A),
         "NXDOMAIN aa | " CNAME("nowhere", "no.www") " | " NEGATIVE " |"},
        {ASK("tomaint.s3.example.com", A), "SERVFAIL | | |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void cname_loops_and_long_chains_end(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("self.s3.example.com", A), "NOERROR aa | " CNAME("self", "self") " | |"},
        {ASK("loop1.s3.example.com", A),
         "NOERROR aa | " CNAME("loop1", "loop2") "; " CNAME("loop2", "loop1") " | |"},
        {ASK("b.w.s3.example.com", A),
         "NOERROR aa | " CNAME("b.w", "a.w") "; " CNAME("a.w", "a.w") " | |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
    struct answer_test *t = *state;
    answer_test_ask(t, &(struct dns_ask)ASK("c1.s3.example.com", A));
    assert_int_equal(dns_count(t->reply, 0), 9); /* the first and 8 more */
    answer_test_ask(t, &(struct dns_ask)ASK("c3.s3.example.com", A));
    assert_int_equal(dns_count(t->reply, 0), 9); /* 8 CNAMEs and the address */
}

#define REFERRAL                                                                                   \
    "sub.s3.example.com. 300 IN NS ns.sub.s3.example.com.; "                                       \
    "sub.s3.example.com. 300 IN NS ns.other.s3.example.com.; "                                     \
    "sub.s3.example.com. 300 IN NS far.example.net."
#define GLUE                                                                                       \
    "ns.sub.s3.example.com. 300 IN A 192.0.2.60; "                                                 \
    "ns.sub.s3.example.com. 300 IN AAAA 2001:db8::60; "                                            \
    "ns.other.s3.example.com. 300 IN A 192.0.2.61"

static void rfc9471_referrals_carry_their_glue(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("sub.s3.example.com", A), "NOERROR | | " REFERRAL " | " GLUE},
        {ASK("sub.s3.example.com", NS), "NOERROR | | " REFERRAL " | " GLUE},
        {ASK("a.b.sub.s3.example.com", TXT), "NOERROR | | " REFERRAL " | " GLUE},
        {ASK("ns.sub.s3.example.com", A), "NOERROR | | " REFERRAL " | " GLUE},
        {ASK("sub.s3.example.com", DS),
         "NOERROR aa | sub.s3.example.com. 300 IN DS 1 13 2 "
         "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff | |"},
        {ASK("other.s3.example.com", DS), "NOERROR aa | | " NEGATIVE " |"},
        {ASK("tocut.s3.example.com", A), /* RFC 1034 4.3.2, 3b */
         "NOERROR aa | " CNAME("tocut", "www.sub") " | " REFERRAL " | " GLUE},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

/* Two delegations whose name server has 30 addresses: inside the one, beside the other. */
static struct world *world_of_much_glue(void)
{
    char text[2000], *p = text;
    p += sprintf(p, "big NS ns.big\nfat NS ns.big\n");
    for (int i = 0; i < 30; i++)
        p += sprintf(p, "ns.big AAAA 2001:db8::%x\n", i + 1);
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test", text);
    zones_finish(z);
    struct world *w = world_new(z, NULL, 0, 1);
    zones_release(z);
    return w;
}

/* RFC 9471 3: glue inside the delegation must be there or TC says that it is not; 3.2: glue beside
 * it may be left out. */
static void rfc9471_glue_that_does_not_fit(void **state)
{
    struct answer_test *t = *state;
    static const struct {
        struct dns_ask ask;
        bool tc;
        unsigned authority, additional;
    } rows[] = {
        {ASK("x.big.s3.test", A), true, 0, 0},
        {ASK("x.big.s3.test", A, .payload = 1232), false, 1, 30 + 1},
        {ASK("x.fat.s3.test", A), false, 1, 0},
        {ASK("x.fat.s3.test", A, .payload = 1232), false, 1, 30 + 1},
    };
    struct world *usual = t->w.world;
    t->w.world = world_of_much_glue();
    for (size_t i = 0; i < COUNT(rows); i++) {
        answer_test_ask(t, &rows[i].ask);
        assert_int_equal(dns_flag(t->reply, DNS_TC), rows[i].tc);
        assert_int_equal(dns_count(t->reply, 1), rows[i].authority);
        assert_int_equal(dns_count(t->reply, 2), rows[i].additional);
    }
    world_free(t->w.world);
    t->w.world = usual;
}

static void names_outside_are_refused(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("example.com", A), "REFUSED | | |"},
        {ASK(".", NS), "REFUSED | | |"},
        {ASK("www.example.net", A, .payload = 1232), "REFUSED | | | | 1232 ede=20"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void rfc8482_any_gets_one_rrset(void **state)
{
    struct answer_test *t = *state;
    static const char *const names[] = {"s3.example.com", "q.wild.s3.example.com",
                                        "one.s3.example.com", "mail.s3.example.com"};
    for (size_t i = 0; i < COUNT(names); i++) {
        for (int tcp = 0; tcp < 2; tcp++) {
            t->tcp = tcp;
            answer_test_ask(t, &(struct dns_ask)ASK(names[i], ANY));
            size_t at = dns_first_record(t->reply, t->len);
            struct dns_record first, r;
            assert_int_equal(dns_rcode(t->reply), 0);
            assert_true(dns_count(t->reply, 0) > 0);
            assert_true(dns_record(t->reply, t->len, &at, &first));
            for (unsigned n = dns_count(t->reply, 0); n > 1; n--) {
                assert_true(dns_record(t->reply, t->len, &at, &r));
                assert_int_equal(r.type, first.type);
            }
        }
    }
    t->tcp = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positive_answers_are_minimal),
        cmocka_unit_test(rfc3597_unknown_types_are_served),
        cmocka_unit_test(rfc2308_negative_answers),
        cmocka_unit_test(rfc4592_wildcards),
        cmocka_unit_test(cname_chains),
        cmocka_unit_test(rfc6604_rcode_is_of_the_last_name),
        cmocka_unit_test(cname_loops_and_long_chains_end),
        cmocka_unit_test(rfc9471_referrals_carry_their_glue),
        cmocka_unit_test(rfc9471_glue_that_does_not_fit),
        cmocka_unit_test(names_outside_are_refused),
        cmocka_unit_test(rfc8482_any_gets_one_rrset),
    };
    return cmocka_run_group_tests(tests, answer_test_setup, answer_test_teardown);
}
