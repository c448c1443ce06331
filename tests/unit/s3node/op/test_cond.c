/* RFC 9110 13.1 and 13.2.2: conditional GET and HEAD. */
#include "s3node/op/cond.h"
#include "tests/unit/test.h"

static const char etag[] = "b1946ac92492d2347c6235b4d2611184";
static const int64_t mtime_ms = 1795166723500; /* Fri, 20 Nov 2026 09:25:23.500 GMT */

static const char same_s[] = "Fri, 20 Nov 2026 09:25:23 GMT";
static const char before[] = "Fri, 20 Nov 2026 09:25:22 GMT";
static const char after[] = "Fri, 20 Nov 2026 09:25:24 GMT";

static void precedence(void **state)
{
    (void)state;
    static const char mine[] = "\"b1946ac92492d2347c6235b4d2611184\"";
    static const struct {
        const char *match, *none_match, *modified, *unmodified;
        enum s3err want;
    } cases[] = {
        {NULL, NULL, NULL, NULL, S3ERR_OK},
        {mine, NULL, NULL, NULL, S3ERR_OK},
        {"b1946ac92492d2347c6235b4d2611184", NULL, NULL, NULL,
         S3ERR_OK}, /* SDKs leave quotes out */
        {"*", NULL, NULL, NULL, S3ERR_OK},
        {"\"x\", \"b1946ac92492d2347c6235b4d2611184\"", NULL, NULL, NULL, S3ERR_OK},
        {"\"x\"", NULL, NULL, NULL, S3ERR_PRECONDITION_FAILED},
        {NULL, mine, NULL, NULL, S3ERR_NOT_MODIFIED},
        {NULL, "*", NULL, NULL, S3ERR_NOT_MODIFIED},
        {NULL, "W/\"b1946ac92492d2347c6235b4d2611184\"", NULL, NULL, S3ERR_NOT_MODIFIED},
        {NULL, "\"x\"", NULL, NULL, S3ERR_OK},
        {NULL, NULL, same_s, NULL, S3ERR_NOT_MODIFIED}, /* the half second is not seen */
        {NULL, NULL, after, NULL, S3ERR_NOT_MODIFIED},
        {NULL, NULL, before, NULL, S3ERR_OK},
        {NULL, NULL, NULL, same_s, S3ERR_OK},
        {NULL, NULL, NULL, before, S3ERR_PRECONDITION_FAILED},
        /* If-Match stands over If-Unmodified-Since, If-None-Match over If-Modified-Since */
        {mine, NULL, NULL, before, S3ERR_OK},
        {NULL, "\"x\"", after, NULL, S3ERR_OK},
        {NULL, mine, before, NULL, S3ERR_NOT_MODIFIED},
        /* a date that is none is no condition */
        {NULL, NULL, "tomorrow", NULL, S3ERR_OK},
        {NULL, NULL, NULL, "2026-11-20T09:25:22Z", S3ERR_OK},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http1_head head = {0};
        const char *const pairs[][2] = {
            {"If-Match", cases[i].match},
            {"If-None-Match", cases[i].none_match},
            {"If-Modified-Since", cases[i].modified},
            {"If-Unmodified-Since", cases[i].unmodified},
        };
        for (size_t j = 0; j < COUNT(pairs); j++)
            if (pairs[j][1])
                head.headers[head.n_headers++] =
                    (struct http1_header){span_of(pairs[j][0]), span_of(pairs[j][1])};
        print_message("row %zu\n", i);
        assert_int_equal(cond_check(&head, etag, mtime_ms), cases[i].want);
    }
}

static void dates(void **state)
{
    (void)state;
    assert_int_equal(cond_parse_date(span_of("Sun, 06 Nov 1994 08:49:37 GMT")), 784111777);
    assert_int_equal(cond_parse_date(span_of("Sun, 06 Nov 1994 08:49:37 GMT ")), -1);
    assert_int_equal(cond_parse_date(span_of("")), -1);
    assert_int_equal(cond_parse_date((struct span){0}), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence),
        cmocka_unit_test(dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
