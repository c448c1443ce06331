/* base/conf_show: what is shown reads back to the same values. */
#include <stdlib.h>

#include "base/buf.h"
#include "tests/unit/base/conf_sample.h"
#include "tests/unit/test.h"

/* Parses `text` and shows it. */
static void show(const char *text, struct buf *out)
{
    struct arena *a = arena_new();
    struct errs errs = {0};
    struct sample sample;
    bool ok = conf_parse(span_of(text), "f.yaml", sample_rows, &sample, a, &errs);
    if (!ok)
        fail_msg("%d: %s in\n%s", errs.items[0].line, errs.items[0].text, text);
    conf_show(sample_rows, &sample, out);
    arena_free(a);
}

static const char *const defaults = "policy: balanced\n"
                                    "count: all\n"
                                    "wait: 5s\n"
                                    "size: 64KiB\n"
                                    "text: off\n"
                                    "endpoint: \"127.0.0.1:53\"\n"
                                    "numbers: [200, 204]\n";

static void test_defaults(void **unused)
{
    (void)unused;
    struct buf got = {0};
    show("", &got);
    assert_string_equal(got.p, defaults);
    buf_fini(&got);
}

static void test_every_kind(void **unused)
{
    (void)unused;
    static const char *const full = "flag: no\n"
                                    "policy: rotate\n"
                                    "count: 7\n"
                                    "wait: 250ms\n"
                                    "size: 1KiB\n"
                                    "text: \"$$5 off\"\n"
                                    "secret: \"***\"\n"
                                    "addr: \"2001:db8::1\"\n"
                                    "endpoint: off\n"
                                    "prefix: 10.0.0.0/8\n"
                                    "numbers: []\n"
                                    "networks:\n"
                                    "  storage: [10.1.0.0/16, \"2001:db8::/32\"]\n"
                                    "  \"l$b\": {}\n"
                                    "pools:\n"
                                    "  s3:\n"
                                    "    nodes:\n"
                                    "      - name: c\n"
                                    "        address: [10.0.0.3]\n"
                                    "        weight: 9\n"
                                    "      - address: [10.0.0.1]\n"
                                    "        weight: 1\n"
                                    "    probe:\n"
                                    "      interval: 1m\n"
                                    "      rise: 2\n"
                                    "  empty:\n"
                                    "    probe:\n"
                                    "      interval: 1s\n"
                                    "      rise: 2\n";
    struct buf got = {0};
    show(full, &got);
    assert_string_equal(got.p, full);
    buf_fini(&got);
}

static void test_shorthands_read_back(void **unused)
{
    (void)unused;
    static const char *const texts[] = {
        "pools: {a: {nodes: 10.0.0.1}, b: {nodes: [10.0.0.1, [10.0.0.2, 10.0.0.3]]}, c: }",
        "networks: {a: 10.0.0.0/8, b: [], c: {prefixes: 10.0.0.0/8}}",
        "numbers: 200\ntext: '*'\nflag: true",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct buf once = {0}, twice = {0};
        show(texts[i], &once);
        show(once.p, &twice);
        assert_string_equal(once.p, twice.p);
        buf_fini(&once);
        buf_fini(&twice);
    }
}

static void test_secrets_never_show(void **unused)
{
    (void)unused;
    struct buf got = {0};
    setenv("S3POOL_SECRET", "hunter2", 1);
    show("secret: ${S3POOL_SECRET}\n", &got);
    assert_non_null(strstr(got.p, "secret: \"***\"\n"));
    assert_null(strstr(got.p, "hunter2"));
    buf_fini(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_shorthands_read_back),
        cmocka_unit_test(test_secrets_never_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
