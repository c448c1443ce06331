/* What a node reports of its load, and the latch over it. */
#include <stdio.h>

#include "probe/load.h"
#include "tests/unit/test.h"

/* --- X-Node-Load ------------------------------------------------------------------------------ */

static void a_whole_report(void **state)
{
    (void)state;
    struct load_report r;
    assert_true(
        load_parse_header(span_of("boot=5f1c;seq=123;state=ready;conns=512;limit=1536"), &r));
    assert_true(r.given);
    assert_true(r.boot != 0);
    assert_int_equal(r.seq, 123);
    assert_int_equal(r.word, WORD_READY);
    assert_true(r.value == 512 && r.limit == 1536);
}

static void numbers_that_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } rows[] = {
        {"0", 0},
        {"1536", 1536},
        {"0001", 1},
        {"1.5", 1.5},
        {"0.9", 0.9},
        {"1e3", 1000},
        {"1E+3", 1000},
        {"15e-1", 1.5},
        {"-0", 0},
        {"-0.0", 0},
        {"0e99999", 0},
        {"123456", 123456},
        {"9007199254740993", 9007199254740992.0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        struct load_report r;
        snprintf(text, sizeof text, "conns=%s;limit=%s", rows[i].text, rows[i].text);
        if (!load_parse_header(span_of(text), &r) || r.value != rows[i].want ||
            r.limit != rows[i].want)
            fail_msg("%s: read as %g", text, r.value);
    }
}

static void an_exponent_out_of_bounds_stays_finite(void **state)
{
    (void)state;
    struct load_report r;
    assert_true(load_parse_header(span_of("conns=1e999;limit=1e-999999999999"), &r));
    assert_true(r.value > 1e200 && r.value < 1e300);
    assert_true(r.limit > 0 && r.limit < 1e-200);
    assert_true(load_parse_header(span_of("conns=9999999999999999999999e999999"), &r));
    assert_true(r.value > 1e200 && r.value < 1e300);
}

static void reports_that_are_refused_whole(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        ";",
        "conns",
        "conns=",
        "conns=NaN",
        "conns=nan",
        "conns=Inf",
        "conns=-inf",
        "conns=0x10",
        "conns=1,5",
        "conns=12x",
        "conns=1.",
        "conns=.5",
        "conns=1e",
        "conns=1e+",
        "conns=+5",
        "conns=-1",
        "conns=-0.1",
        "conns= 5 5",
        "conns=--0",
        "conns=5;conns=5",
        "conns=5;conns=6",
        "conns=5;seq=1;seq=2",
        "seq=3;limit=5",
        "conns=5;",
        "conns=5;;seq=1",
        "conns=5;junk",
        "conns=5;seq=",
        "conns=5;seq=-1",
        "conns=5;seq=1.5",
        "conns=5;seq=99999999999999999999",
        "conns=5;limit=",
        "conns=5;limit=-1",
        "conns=5;limit=NaN",
        "conns=5;boot=",
        "conns=111111111111111111111111111111111",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct load_report r = {.given = true, .value = 9};
        if (load_parse_header(span_of(rows[i]), &r))
            fail_msg("'%s' was read as %g", rows[i], r.value);
        assert_false(r.given);
        assert_true(r.value == 0);
    }
}

static void blanks_and_keys_of_later_versions_do_no_harm(void **state)
{
    (void)state;
    struct load_report r;
    assert_true(load_parse_header(span_of(" conns=5; seq=7 ;color=blue=green;shade="), &r));
    assert_true(r.value == 5);
    assert_int_equal(r.seq, 7);
    assert_true(load_parse_header(span_of("conns=5;state=dancing"), &r));
    assert_int_equal(r.word, WORD_NONE);
}

static void boots_differ(void **state)
{
    (void)state;
    struct load_report a, b, c;
    assert_true(load_parse_header(span_of("boot=5f1c;conns=1"), &a));
    assert_true(load_parse_header(span_of("boot=5f1d;conns=1"), &b));
    assert_true(load_parse_header(span_of("boot=5f1c;conns=2"), &c));
    assert_true(a.boot != b.boot);
    assert_true(a.boot == c.boot);
}

static void words(void **state)
{
    (void)state;
    for (enum word w = WORD_READY; w <= WORD_FAILED; w++)
        assert_int_equal(word_parse(span_of(word_text(w))), w);
    assert_int_equal(word_parse(span_of(" Drain ")), WORD_DRAIN);
    static const char *const none[] = {"", "none", "ful", "fulll", "full drain", "0"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(word_parse(span_of(none[i])), WORD_NONE);
}

/* --- the latch -------------------------------------------------------------------------------- */

static const struct load_rule rule = {.stop = 1536, .resume = 1024, .expire_ms = 10000};

static struct load_report bare(double value)
{
    return (struct load_report){.given = true, .value = value};
}

static void out_at_1536_back_at_1023(void **state)
{
    (void)state;
    static const struct {
        double value;
        enum load_state want;
    } walk[] = {
        {0, LOAD_NORMAL},    {1024, LOAD_NORMAL}, {1535, LOAD_NORMAL}, {1536, LOAD_FULL},
        {1535, LOAD_FULL},   {1025, LOAD_FULL},   {1024, LOAD_FULL},   {1023, LOAD_NORMAL},
        {1024, LOAD_NORMAL}, {1535, LOAD_NORMAL}, {1537, LOAD_FULL},   {1023.5, LOAD_NORMAL},
    };
    struct load l = {0};
    for (size_t i = 0; i < COUNT(walk); i++) {
        enum load_state before = l.state;
        struct load_report r = bare(walk[i].value);
        bool changed = load_feed(&l, &rule, &r, (int64_t)i);
        assert_int_equal(l.state, walk[i].want);
        assert_int_equal(changed, before != l.state);
        assert_int_equal(l.at_ms, i);
    }
}

static void a_first_report_between_the_edges_is_normal(void **state)
{
    (void)state;
    struct load l = {0};
    struct load_report r = bare(1200);
    assert_true(load_feed(&l, &rule, &r, 1));
    assert_int_equal(l.state, LOAD_NORMAL);
}

static void a_node_that_says_its_state_owns_its_latch(void **state)
{
    (void)state;
    struct load l = {0};
    struct load_report r = {.given = true, .word = WORD_READY, .value = 2000};
    assert_true(load_feed(&l, &rule, &r, 1));
    assert_int_equal(l.state, LOAD_NORMAL);
    r = (struct load_report){.given = true, .word = WORD_FULL, .value = 10};
    assert_true(load_feed(&l, &rule, &r, 2));
    assert_int_equal(l.state, LOAD_FULL);
    r = (struct load_report){.word = WORD_READY}; /* a word without a number */
    assert_true(load_feed(&l, &rule, &r, 3));
    assert_int_equal(l.state, LOAD_NORMAL);
    assert_true(l.last.given && l.last.value == 10);
    r = (struct load_report){.word = WORD_DRAIN}; /* says nothing of the load */
    assert_false(load_feed(&l, &rule, &r, 4));
    assert_int_equal(l.at_ms, 3);
}

static void an_absurd_number_is_full_whatever_the_node_says(void **state)
{
    (void)state;
    struct load l = {0};
    struct load_report r = {.given = true, .word = WORD_READY, .value = 9007199254740994.0};
    assert_true(load_feed(&l, &rule, &r, 1));
    assert_int_equal(l.state, LOAD_FULL);
}

static void nothing_reported_changes_nothing(void **state)
{
    (void)state;
    struct load l = {.state = LOAD_FULL, .at_ms = 5};
    assert_false(load_feed(&l, &rule, &(struct load_report){0}, 9));
    assert_int_equal(l.state, LOAD_FULL);
    assert_int_equal(l.at_ms, 5);
}

static void seq_must_rise_within_one_boot(void **state)
{
    (void)state;
    static const struct {
        uint64_t boot, seq;
        double value;
        bool accepted;
    } walk[] = {
        {7, 5, 100, true}, {7, 5, 200, false}, {7, 4, 300, false},
        {7, 6, 400, true}, {8, 1, 500, true},  {8, 1, 600, false},
        {7, 9, 700, true}, {0, 0, 800, true},  {0, 0, 900, true},
    };
    struct load l = {0};
    for (size_t i = 0; i < COUNT(walk); i++) {
        struct load_report r = {
            .given = true, .boot = walk[i].boot, .seq = walk[i].seq, .value = walk[i].value};
        bool changed = load_feed(&l, &rule, &r, (int64_t)i);
        assert_int_equal(changed, i == 0); /* 100 opened it; no other one crosses an edge */
        if ((l.last.value == walk[i].value) != walk[i].accepted ||
            (l.at_ms == (int64_t)i) != walk[i].accepted)
            fail_msg("report %zu", i);
    }
}

static void a_new_boot_starts_with_an_open_latch(void **state)
{
    (void)state;
    struct load l = {0};
    struct load_report r = {.given = true, .boot = 7, .seq = 1, .value = 1600};
    assert_true(load_feed(&l, &rule, &r, 1));
    r = (struct load_report){.given = true, .boot = 7, .seq = 2, .value = 1200};
    assert_false(load_feed(&l, &rule, &r, 2));
    r = (struct load_report){.given = true, .boot = 8, .seq = 1, .value = 1200};
    assert_true(load_feed(&l, &rule, &r, 3));
    assert_int_equal(l.state, LOAD_NORMAL);
}

static void an_old_report_is_unknown_never_idle(void **state)
{
    (void)state;
    struct load l = {0};
    struct load_report r = {.given = true, .boot = 7, .seq = 1, .value = 1600};
    assert_true(load_feed(&l, &rule, &r, 1000));
    assert_false(load_age(&l, &rule, 11000));
    assert_int_equal(l.state, LOAD_FULL);
    assert_true(load_age(&l, &rule, 11001));
    assert_int_equal(l.state, LOAD_UNKNOWN);
    assert_int_equal(l.changed_ms, 11001);
    assert_false(load_age(&l, &rule, 99999));
    assert_false(load_feed(&l, &rule, &r, 12000)); /* the frozen reporter says it again */
    assert_int_equal(l.state, LOAD_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_report),
        cmocka_unit_test(numbers_that_are_read),
        cmocka_unit_test(an_exponent_out_of_bounds_stays_finite),
        cmocka_unit_test(reports_that_are_refused_whole),
        cmocka_unit_test(blanks_and_keys_of_later_versions_do_no_harm),
        cmocka_unit_test(boots_differ),
        cmocka_unit_test(words),
        cmocka_unit_test(out_at_1536_back_at_1023),
        cmocka_unit_test(a_first_report_between_the_edges_is_normal),
        cmocka_unit_test(a_node_that_says_its_state_owns_its_latch),
        cmocka_unit_test(an_absurd_number_is_full_whatever_the_node_says),
        cmocka_unit_test(nothing_reported_changes_nothing),
        cmocka_unit_test(seq_must_rise_within_one_boot),
        cmocka_unit_test(a_new_boot_starts_with_an_open_latch),
        cmocka_unit_test(an_old_report_is_unknown_never_idle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
