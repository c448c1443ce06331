/* dnsd/wire/cookie: the test vectors of RFC 9018 appendix A, and which cookies are good. */
#include "base/digest.h"
#include "dnsd/wire/cookie.h"
#include "tests/unit/dnsd/cmocka_all.h"

#define SECRET "e5e973e5a6b2a43f48e7dc849e37bfcf"
#define CLIENT "2464c4abcf10c957"
#define FIRST  CLIENT "010000005cf79f111f8130c3eee29480"

enum { MADE_S = 1559731985 }; /* the time in FIRST */

static struct cookie_secrets secrets_of(const char *active, const char *before)
{
    struct cookie_secrets s = {.n = before ? 2 : 1};
    assert_true(hex_decode(span_of(active), s.keys[0], SIPHASH_KEY));
    if (before)
        assert_true(hex_decode(span_of(before), s.keys[1], SIPHASH_KEY));
    return s;
}

struct row {
    const char *active, *before; /* secrets */
    const char *from;
    uint32_t now_s;
    const char *sent;
    bool good;
    const char *reply;
};

static void check(const struct row *row)
{
    struct cookie_secrets secrets = secrets_of(row->active, row->before);
    struct addr from;
    uint8_t sent[COOKIE_LEN_MAX], reply[COOKIE_LEN];
    char text[2 * COOKIE_LEN + 1];
    size_t len = strlen(row->sent) / 2;
    assert_true(addr_parse_ip(span_of(row->from), &from));
    assert_true(hex_decode(span_of(row->sent), sent, len));
    bool good = cookie_answer(&secrets, span_bytes(sent, len), &from, row->now_s, reply);
    assert_string_equal(hex_encode(reply, COOKIE_LEN, text), row->reply);
    assert_int_equal(good, row->good);
}

static void rfc9018_appendix_a(void **unused)
{
    (void)unused;
    static const struct row rows[] = {
        /* A.1 a client's first */
        {SECRET, NULL, "198.51.100.100", MADE_S, CLIENT, false, FIRST},
        /* A.2 the same client 40 minutes later gets a new one */
        {SECRET, NULL, "198.51.100.100", 1559734385, FIRST, true,
         CLIENT "010000005cf7a871d4a564a1442aca77"},
        /* A.3 the reserved field may hold anything, and is hashed */
        {SECRET, NULL, "203.0.113.203", 0x5cf78f71,
         "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", true,
         "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"},
        /* A.4 IPv6, and a secret that has just been replaced */
        {"445536bcd2513298075a5d379663c962", "dd3bdf9344b678b185a6f5cb60fca715",
         "2001:db8:220:1:59de:d0f4:8769:82b8", 1559741961,
         "22681ab97d52c298010000005cf7c57926556bd0934c72f8", true,
         "22681ab97d52c298010000005cf7c609a6bb79d16625507a"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check(&rows[i]);
}

/* Whether FIRST is good at an age, and whether it comes back as it is. */
static void rfc9018_4_3_age(void **unused)
{
    (void)unused;
    static const struct {
        int age_s;
        bool good, kept;
    } rows[] = {
        {-301, false, false}, {-300, true, true},  {0, true, true},      {1800, true, true},
        {1801, true, false},  {3600, true, false}, {3601, false, false},
    };
    struct cookie_secrets secrets = secrets_of(SECRET, NULL);
    struct addr from;
    uint8_t sent[COOKIE_LEN], reply[COOKIE_LEN];
    assert_true(addr_parse_ip(span_of("198.51.100.100"), &from));
    assert_true(hex_decode(span_of(FIRST), sent, sizeof sent));
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t now_s = (uint32_t)(MADE_S + rows[i].age_s);
        bool good = cookie_answer(&secrets, span_bytes(sent, sizeof sent), &from, now_s, reply);
        assert_int_equal(good, rows[i].good);
        assert_int_equal(memcmp(reply, sent, sizeof sent) == 0, rows[i].kept);
    }
}

/* 32 bits of seconds end in 2106. */
static void age_is_right_where_the_seconds_wrap(void **unused)
{
    (void)unused;
    struct cookie_secrets secrets = secrets_of(SECRET, NULL);
    struct addr from;
    uint8_t made[COOKIE_LEN], reply[COOKIE_LEN];
    const struct span client = span_bytes("01234567", COOKIE_CLIENT);
    assert_true(addr_parse_ip(span_of("192.0.2.1"), &from));
    assert_false(cookie_answer(&secrets, client, &from, UINT32_MAX - 9, made));
    assert_true(cookie_answer(&secrets, span_bytes(made, sizeof made), &from, 10, reply));
    assert_memory_equal(made, reply, sizeof made);
    assert_false(cookie_answer(&secrets, span_bytes(made, sizeof made), &from, 3600, reply));
}

static void what_is_not_ours_is_not_good(void **unused)
{
    (void)unused;
    static const struct row rows[] = {
#define FROM "198.51.100.100", MADE_S
        /* the cookie of another: format, version, two lengths, reserved field, time, hash */
        {SECRET, NULL, FROM, CLIENT "0100000000000000", false, FIRST},
        {SECRET, NULL, FROM, CLIENT "020000005cf79f111f8130c3eee29480", false, FIRST},
        {SECRET, NULL, FROM, FIRST "00", false, FIRST},
        {SECRET, NULL, FROM, FIRST "00000000000000000000000000000000", false, FIRST},
        {SECRET, NULL, FROM, CLIENT "010000015cf79f111f8130c3eee29480", false, FIRST},
        {SECRET, NULL, FROM, CLIENT "010000005cf79f121f8130c3eee29480", false, FIRST},
        {SECRET, NULL, FROM, CLIENT "010000005cf79f111f8130c3eee29481", false, FIRST},
#undef FROM
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check(&rows[i]);
}

/* A good cookie for one client, address and secret is good for no other. */
static void a_cookie_is_for_one_client_at_one_address(void **unused)
{
    (void)unused;
    struct cookie_secrets secrets = secrets_of(SECRET, NULL);
    struct addr from, other;
    uint8_t sent[COOKIE_LEN], reply[COOKIE_LEN];
    const struct span cookie = span_bytes(sent, sizeof sent);
    assert_true(addr_parse_ip(span_of("198.51.100.100"), &from));
    assert_true(addr_parse_ip(span_of("198.51.100.101"), &other));
    assert_true(hex_decode(span_of(FIRST), sent, sizeof sent));
    assert_true(cookie_answer(&secrets, cookie, &from, MADE_S, reply));
    assert_false(cookie_answer(&secrets, cookie, &other, MADE_S, reply));
    secrets.keys[0][0] ^= 1;
    assert_false(cookie_answer(&secrets, cookie, &from, MADE_S, reply));
    secrets.keys[0][0] ^= 1;
    sent[0] ^= 1;
    assert_false(cookie_answer(&secrets, cookie, &from, MADE_S, reply));
    assert_memory_equal(reply, sent, COOKIE_CLIENT);
}

static void rfc7873_lengths(void **unused)
{
    (void)unused;
    for (size_t len = 0; len < 64; len++)
        assert_int_equal(cookie_len_ok(len), len == 8 || (len >= 16 && len <= 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc9018_appendix_a),
        cmocka_unit_test(rfc9018_4_3_age),
        cmocka_unit_test(age_is_right_where_the_seconds_wrap),
        cmocka_unit_test(what_is_not_ours_is_not_good),
        cmocka_unit_test(a_cookie_is_for_one_client_at_one_address),
        cmocka_unit_test(rfc7873_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
