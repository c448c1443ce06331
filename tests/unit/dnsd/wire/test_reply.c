/* Owners of records, sizes, truncation, OPT: what only the encoder decides. Whole packets are
 * judged in tests/unit/dnsd/answer. */
#include "dnsd/wire/record.h"
#include "dnsd/wire/reply.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"

static const uint8_t packet[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\3wWw\2s3\4test\0\0\1\0\1";
static const struct span none;
enum { QUESTION_LEN = sizeof packet - 1 - HEADER_LEN, RR_LEN = RECORD_HEAD + 4 };

struct fixture {
    struct query query;
    struct reply reply;
    uint8_t out[UINT16_MAX];
    uint8_t records[4000 * RR_LEN];
};

static int setup(void **state)
{
    static struct fixture f;
    assert_int_equal(query_parse(packet, sizeof packet - 1, &f.query), RCODE_NOERROR);
    for (size_t i = 0; i < sizeof f.records / RR_LEN; i++)
        memset(record_head(f.records + i * RR_LEN, TYPE_A, CLASS_IN, 5, 4), 7, 4);
    *state = &f;
    return 0;
}

static struct run run_of(const struct fixture *f, uint16_t count)
{
    return (struct run){f->records, (size_t)count * RR_LEN, count};
}

static struct owner owner_of(const char *wire)
{
    return (struct owner){(const uint8_t *)wire, strlen(wire) + 1};
}

static void owners(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *owner;
        const char *first, *second; /* how the two records begin; pointers or names */
        size_t first_len, second_len;
    } rows[] = {
        {"\3www\2s3\4test", "\xc0\x0c", "\xc0\x0c", 2, 2},       /* the question */
        {"\2s3\4test", "\xc0\x10", "\xc0\x10", 2, 2},            /* a suffix of it */
        {"", "\xc0\x18", "\xc0\x18", 2, 2},                      /* the root */
        {"\2ns\2s3\4test", "\2ns\2s3\4test", "\xc0\x1d", 12, 2}, /* out once, then pointed at */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        reply_begin(&f->reply, &f->query, f->out, 512, none);
        assert_true(reply_add(&f->reply, SECTION_ANSWER, owner_of(rows[i].owner), run_of(f, 2)));
        size_t len = reply_finish(&f->reply);
        const uint8_t *p = f->out + HEADER_LEN + QUESTION_LEN;
        assert_memory_equal(p, rows[i].first, rows[i].first_len);
        p += rows[i].first_len + RR_LEN - 2;
        assert_memory_equal(p, rows[i].second, rows[i].second_len);
        p += rows[i].second_len + RR_LEN - 2;
        assert_int_equal(p - f->out, len);
    }
}

/* RFC 1035 4.1.4: a pointer has 14 bits; behind them owners stand in full. */
static void pointers_stay_within_14_bits(void **state)
{
    struct fixture *f = *state;
    static const char elsewhere[] = "\2ns\7example";
    reply_begin(&f->reply, &f->query, f->out, sizeof f->out, none);
    size_t at = HEADER_LEN + QUESTION_LEN;
    for (uint16_t count = 1021; at + RR_LEN <= 0x3fff; at = f->reply.len, count = 1)
        assert_true(
            reply_add(&f->reply, SECTION_ANSWER, owner_of("\3www\2s3\4test"), run_of(f, count)));
    at = f->reply.len; /* the last place that a pointer reaches */
    assert_in_range(at, 0x3fff - RR_LEN, 0x3fff);
    assert_true(reply_add(&f->reply, SECTION_ANSWER, owner_of(elsewhere), run_of(f, 2)));
    assert_int_equal(f->reply.len, at + sizeof elsewhere + 2 + 2 * (RR_LEN - 2));
    at = f->reply.len;
    assert_true(reply_add(&f->reply, SECTION_ANSWER, owner_of(elsewhere), run_of(f, 2)));
    assert_int_equal(f->reply.len, at + 2 * (sizeof elsewhere + RR_LEN - 2));
    assert_memory_equal(f->out + f->reply.len - RR_LEN + 2 - sizeof elsewhere, elsewhere,
                        sizeof elsewhere);
}

static void sets_go_in_whole_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"\3www\2s3\4test", "\2s3\4test", "\2ns\7example"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct owner owner = owner_of(names[i]);
        reply_begin(&f->reply, &f->query, f->out, 512, none);
        uint16_t fit = reply_fit(&f->reply, owner, 100, RR_LEN);
        assert_in_range(fit, 20, 31);
        size_t before = f->reply.len;
        assert_false(reply_add(&f->reply, SECTION_ANSWER, owner, run_of(f, fit + 1)));
        assert_int_equal(f->reply.len, before);
        assert_int_equal(f->reply.counts[SECTION_ANSWER], 0);
        assert_true(reply_add(&f->reply, SECTION_ANSWER, owner, run_of(f, fit)));
        assert_true(f->reply.len <= 512);
        assert_int_equal(reply_fit(&f->reply, owner, 100, RR_LEN), 0);
    }
}

static void truncation_leaves_the_question(void **state)
{
    struct fixture *f = *state;
    reply_begin(&f->reply, &f->query, f->out, 512, none);
    assert_true(reply_add(&f->reply, SECTION_ANSWER, owner_of(""), run_of(f, 3)));
    reply_truncate(&f->reply);
    assert_int_equal(reply_finish(&f->reply), HEADER_LEN + QUESTION_LEN);
    static const uint8_t want[HEADER_LEN] = {0x12, 0x34, 0x83, 0, 0, 1};
    assert_memory_equal(f->out, want, HEADER_LEN);
    assert_memory_equal(f->out + HEADER_LEN, packet + HEADER_LEN, QUESTION_LEN);
}

static void opt_has_its_room_and_ede_only_if_there_is_some(void **state)
{
    struct fixture *f = *state;
    struct query q = f->query;
    q.edns = (struct edns){.present = true, .nsid = true};
    for (uint16_t text_len = 0; text_len < 100; text_len++) {
        char text[100] = "";
        reply_begin(&f->reply, &q, f->out, 512, span_of("ns1"));
        uint16_t fit = reply_fit(&f->reply, owner_of("\3www\2s3\4test"), 100, RR_LEN);
        assert_int_equal(fit, (512 - HEADER_LEN - QUESTION_LEN - 11 - 7) / RR_LEN);
        assert_true(reply_add(&f->reply, SECTION_ANSWER, owner_of("\3www\2s3\4test"),
                              run_of(f, (uint16_t)(fit - 1))));
        size_t left = 512 - f->reply.len - 11 - 7;
        f->reply.edns.ede = EDE_OTHER;
        f->reply.edns.ede_text = span_bytes(text, text_len);
        size_t plain = f->reply.len + 11 + 7;
        assert_int_equal(reply_finish(&f->reply),
                         6u + text_len <= left ? plain + 6 + text_len : plain);
        assert_int_equal(f->out[11], 1);
    }
}

/* Every option at its longest still leaves a whole message of at most 512 bytes. */
static void options_have_their_room(void **state)
{
    struct fixture *f = *state;
    struct query q = f->query;
    char identity[200];
    memset(identity, 'i', sizeof identity);
    const struct span cookie = span_bytes("0123456789abcdef01234567", 24);
    q.edns = (struct edns){.present = true, .nsid = true, .zone_version = true, .cookie = cookie};
    reply_begin(&f->reply, &q, f->out, 512, span_bytes(identity, sizeof identity));
    reply_cookie(&f->reply, cookie);
    reply_zone_version(&f->reply, 2, 0x01020304);
    const struct owner owner = owner_of("\3www\2s3\4test");
    const size_t opt_len = 11 + (4 + REPLY_NSID_MAX) + (4 + 24) + (4 + 6);
    uint16_t fit = reply_fit(&f->reply, owner, 100, RR_LEN);
    assert_int_equal(fit, (512 - HEADER_LEN - QUESTION_LEN - opt_len) / RR_LEN);
    assert_true(reply_add(&f->reply, SECTION_ANSWER, owner, run_of(f, fit)));
    size_t len = reply_finish(&f->reply);
    assert_int_equal(len, HEADER_LEN + QUESTION_LEN + fit * RR_LEN + opt_len);
    assert_true(len <= 512);
    const uint8_t *p = f->out + len - (4 + 6) - (4 + 24);
    assert_memory_equal(p, "\0\x0a\0\x18", 4);
    assert_memory_equal(p + 4, cookie.p, 24);
    assert_memory_equal(p + 28, "\0\x13\0\6\2\0\1\2\3\4", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners),
        cmocka_unit_test(pointers_stay_within_14_bits),
        cmocka_unit_test(sets_go_in_whole_or_not_at_all),
        cmocka_unit_test(truncation_leaves_the_question),
        cmocka_unit_test(opt_has_its_room_and_ede_only_if_there_is_some),
        cmocka_unit_test(options_have_their_room),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
