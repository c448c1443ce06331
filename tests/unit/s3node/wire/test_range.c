/* RFC 9110 14: one byte range, anything else is the whole object, as S3 does. */
#include "s3node/wire/range.h"
#include "tests/unit/test.h"

static void ranges_of_an_object(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        uint64_t size;
        enum range_kind kind;
        uint64_t first, len;
    } cases[] = {
        {NULL, 10, RANGE_WHOLE, 0, 10},
        {"bytes=0-0", 10, RANGE_PART, 0, 1},
        {"bytes=0-9", 10, RANGE_PART, 0, 10},
        {"bytes=3-", 10, RANGE_PART, 3, 7},
        {"bytes=9-99", 10, RANGE_PART, 9, 1},
        {"Bytes=2-5", 10, RANGE_PART, 2, 4},
        {"bytes=-3", 10, RANGE_PART, 7, 3},
        {"bytes=-99", 10, RANGE_PART, 0, 10},
        {"bytes=0-18446744073709551615", 10, RANGE_PART, 0, 10},
        {"bytes=0-99999999999999999999999", 10, RANGE_PART, 0, 10},
        {"bytes=10-", 10, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=10-20", 10, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=99999999999999999999999-", 10, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=-0", 10, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=0-", 0, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=-1", 0, RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=5-3", 10, RANGE_WHOLE, 0, 10},
        {"bytes=0-1,3-4", 10, RANGE_WHOLE, 0, 10},
        {"bytes=a-b", 10, RANGE_WHOLE, 0, 10},
        {"bytes=--1", 10, RANGE_WHOLE, 0, 10},
        {"bytes=1", 10, RANGE_WHOLE, 0, 10},
        {"bytes=-", 10, RANGE_WHOLE, 0, 10},
        {"bytes=", 10, RANGE_WHOLE, 0, 10},
        {"items=0-1", 10, RANGE_WHOLE, 0, 10},
        {"", 10, RANGE_WHOLE, 0, 10},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct range range;
        assert_int_equal(range_resolve(span_of(cases[i].header), cases[i].size, &range),
                         cases[i].kind);
        assert_int_equal(range.first, cases[i].first);
        assert_int_equal(range.len, cases[i].len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ranges_of_an_object)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
