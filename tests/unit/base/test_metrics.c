/* Prometheus text, exposition format 0.0.4. */
#include <math.h>

#include "base/metrics.h"
#include "tests/unit/test.h"

enum { QUERIES_UDP, QUERIES_TCP, UP, N_VALUES };

static const struct metric rows[N_VALUES] = {
    [QUERIES_UDP] = {"dnsd_queries_total", METRIC_COUNTER, "transport=\"udp\"", "Queries\nread."},
    [QUERIES_TCP] = {"dnsd_queries_total", METRIC_COUNTER, "transport=\"tcp\"", "Queries\nread."},
    [UP] = {"dnsd_up", METRIC_GAUGE, NULL, "A \\ is one."},
};

static void a_family_once_and_the_sum_of_all_threads(void **state)
{
    static counter one[N_VALUES], two[N_VALUES];
    counter *const sets[] = {one, two};
    struct buf out = {0};
    (void)state;
    counter_add(&one[QUERIES_UDP], 40);
    counter_add(&two[QUERIES_UDP], 2);
    counter_add(&two[QUERIES_TCP], UINT64_MAX);
    counter_add(&one[UP], 1);
    metrics_write(rows, N_VALUES, sets, 2, &out);
    assert_string_equal(buf_cstr(&out),
                        "# HELP dnsd_queries_total Queries\\nread.\n"
                        "# TYPE dnsd_queries_total counter\n"
                        "dnsd_queries_total{transport=\"udp\"} 42\n"
                        "dnsd_queries_total{transport=\"tcp\"} 18446744073709551615\n"
                        "# HELP dnsd_up A \\\\ is one.\n"
                        "# TYPE dnsd_up gauge\n"
                        "dnsd_up 1\n");
    buf_fini(&out);
}

static void no_threads_means_zero(void **state)
{
    struct buf out = {0};
    (void)state;
    metrics_write(&rows[UP], 1, NULL, 0, &out);
    assert_non_null(strstr(buf_cstr(&out), "\ndnsd_up 0\n"));
    buf_fini(&out);
}

static void label_values_are_escaped(void **state)
{
    struct buf out = {0};
    (void)state;
    metrics_sample(&out, "m", 1, "node", "a\"b\\c\nd", "pool", "", NULL);
    assert_string_equal(buf_cstr(&out), "m{node=\"a\\\"b\\\\c\\nd\",pool=\"\"} 1\n");
    buf_fini(&out);
}

static void values_as_people_write_them(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "m 0\n"},
        {-0.0, "m 0\n"},
        {1536, "m 1536\n"},
        {-3, "m -3\n"},
        {0.1, "m 0.1\n"},
        {4294967296e3, "m 4294967296000\n"},
        {9007199254740991.0, "m 9007199254740991\n"},
        {1e300, "m 1e+300\n"},
        {NAN, "m NaN\n"},
        {INFINITY, "m +Inf\n"},
        {-INFINITY, "m -Inf\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out = {0};
        metrics_sample(&out, "m", cases[i].value, NULL);
        assert_string_equal(buf_cstr(&out), cases[i].text);
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_family_once_and_the_sum_of_all_threads),
        cmocka_unit_test(no_threads_means_zero),
        cmocka_unit_test(label_values_are_escaped),
        cmocka_unit_test(values_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
