#include "base/span.h"
#include "tests/unit/test.h"

static void equal_is_of_length_and_bytes(void **state)
{
    (void)state;
    assert_true(span_equal(span_of("ab"), span_bytes("abc", 2)));
    assert_false(span_equal(span_of("ab"), span_of("abc")));
    assert_false(span_equal(span_bytes("a\0b", 3), span_bytes("a\0c", 3)));
    assert_true(span_equal(span_of(NULL), span_of("")));
    assert_true(span_is(span_bytes("abc", 2), "ab"));
    assert_false(span_is(span_of("Ab"), "ab"));
    assert_true(span_is_nocase(span_of("cOnTeNt-LENGTH"), "Content-Length"));
    assert_false(span_is_nocase(span_of("content-length "), "Content-Length"));
    assert_true(span_starts(span_of("--check"), "--"));
    assert_true(span_starts(span_of("--"), "--"));
    assert_false(span_starts(span_of("-"), "--"));
}

static void skip_and_first_stay_inside(void **state)
{
    struct span s = span_of("abc");
    (void)state;
    assert_true(span_is(span_skip(s, 1), "bc"));
    assert_int_equal(span_skip(s, 3).len, 0);
    assert_ptr_equal(span_skip(s, 9).p, s.p + 3);
    assert_true(span_is(span_first(s, 2), "ab"));
    assert_true(span_is(span_first(s, 9), "abc"));
}

static void trim_takes_blanks_and_tabs(void **state)
{
    static const char *const rows[][2] = {
        {"", ""}, {" \t ", ""}, {"a", "a"}, {"\t a b \t", "a b"}, {"\na\r", "\na\r"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_true(span_is(span_trim(span_of(rows[i][0])), rows[i][1]));
}

static void split_gives_every_part_once(void **state)
{
    static const struct {
        const char *text, *parts[4];
    } rows[] = {
        {"a,b,c", {"a", "b", "c"}}, {"", {""}},           {",", {"", ""}}, {"a,", {"a", ""}},
        {",,a", {"", "", "a"}},     {"alone", {"alone"}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span part, rest = span_of(rows[i].text);
        for (size_t k = 0; rows[i].parts[k]; k++) {
            assert_true(span_split(&rest, ',', &part));
            assert_true(span_is(part, rows[i].parts[k]));
        }
        assert_false(span_split(&rest, ',', &part));
    }
    struct span part, none = span_of(NULL);
    assert_false(span_split(&none, ',', &part));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_is_of_length_and_bytes),
        cmocka_unit_test(skip_and_first_stay_inside),
        cmocka_unit_test(trim_takes_blanks_and_tabs),
        cmocka_unit_test(split_gives_every_part_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
