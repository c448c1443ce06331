#include "base/clock.h"
#include "base/span.h"
#include "tests/unit/test.h"

static void times_are_written_by_rfc_3339_and_9110(void **state)
{
    static const struct {
        int64_t wall_ms;
        const char *plain, *ms, *http;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"},
        {784111777042, "1994-11-06T08:49:37Z", "1994-11-06T08:49:37.042Z",
         "Sun, 06 Nov 1994 08:49:37 GMT"}, /* the example of RFC 9110 5.6.7 */
        {951782400999, "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.999Z",
         "Tue, 29 Feb 2000 00:00:00 GMT"},
        {4102444800000, "2100-01-01T00:00:00Z", "2100-01-01T00:00:00.000Z",
         "Fri, 01 Jan 2100 00:00:00 GMT"},
    };
    char out[CLOCK_TEXT];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(clock_rfc3339(rows[i].wall_ms, out), rows[i].plain);
        assert_string_equal(clock_rfc3339_ms(rows[i].wall_ms, out), rows[i].ms);
        assert_string_equal(clock_http_date(rows[i].wall_ms, out), rows[i].http);
    }
}

static void the_monotonic_clock_never_goes_back(void **state)
{
    int64_t last = clock_us();
    (void)state;
    for (int i = 0; i < 10000; i++) {
        int64_t now = clock_us();
        assert_true(now >= last);
        last = now;
    }
    assert_true(clock_ms() >= last / 1000);
}

static void the_wall_clock_is_of_this_century(void **state)
{
    (void)state;
    assert_true(clock_wall_ms() > 1577836800000); /* 2020 */
    assert_true(clock_wall_ms() < 4102444800000); /* 2100 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_by_rfc_3339_and_9110),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
        cmocka_unit_test(the_wall_clock_is_of_this_century),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
