#include "s3node/wire/host.h"
#include "tests/unit/test.h"

static const char *const domains[] = {"s3.example.com", "eu.s3.example.com"};

/* S3 User Guide, "Virtual hosting of buckets": the bucket is what stands before the endpoint. */
static const struct {
    const char *host, *bucket; /* NULL: path style */
} rows[] = {
    {"photos.s3.example.com", "photos"},
    {"photos.s3.example.com:9000", "photos"},
    {"photos.S3.Example.COM", "photos"},
    {"a.b.s3.example.com", "a.b"},
    {"photos.eu.s3.example.com", "photos"},
    {"s3.example.com", NULL},
    {"s3.example.com:9000", NULL},
    {"eu.s3.example.com", NULL},
    {".s3.example.com", NULL},
    {"photos.example.com", NULL},
    {"photoss3.example.com", NULL},
    {"10.0.0.1:9000", NULL},
    {"[2001:db8::1]:9000", NULL},
    {"", NULL},
};

static void buckets_in_host(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span bucket = host_bucket(span_of(rows[i].host), domains, COUNT(domains));
        print_message("%s\n", rows[i].host);
        if (rows[i].bucket)
            assert_true(span_is(bucket, rows[i].bucket));
        else
            assert_null(bucket.p);
    }
}

static void without_domains_all_is_path_style(void **state)
{
    (void)state;
    assert_null(host_bucket(span_of("photos.s3.example.com"), NULL, 0).p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_in_host),
        cmocka_unit_test(without_domains_all_is_path_style),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
