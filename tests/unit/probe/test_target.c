/* What a person may write for a target. */
#include "probe/target.h"
#include "tests/unit/test.h"

static void targets_that_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host;
        uint16_t port;
        const char *path;
    } rows[] = {
        {"10.0.0.1", "10.0.0.1", 0, ""},
        {"10.0.0.1:9000", "10.0.0.1", 9000, ""},
        {"s3.example.com", "s3.example.com", 0, ""},
        {"s3.example.com:65535", "s3.example.com", 65535, ""},
        {"2001:db8::1", "2001:db8::1", 0, ""},
        {"[2001:db8::1]", "2001:db8::1", 0, ""},
        {"[2001:db8::1]:9000", "2001:db8::1", 9000, ""},
        {"http://10.0.0.1", "10.0.0.1", 80, ""},
        {"http://10.0.0.1:9000", "10.0.0.1", 9000, ""},
        {"http://10.0.0.1:9000/", "10.0.0.1", 9000, "/"},
        {"http://a.b/c/d?e=f#g", "a.b", 80, "/c/d?e=f"},
        {"http://[::1]:9000/-/ready", "::1", 9000, "/-/ready"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct target_text t;
        struct err err = {0};
        if (!target_parse(span_of(rows[i].text), &t, &err))
            fail_msg("%s: %s", rows[i].text, err.text);
        assert_string_equal(t.host, rows[i].host);
        assert_int_equal(t.port, rows[i].port);
        assert_string_equal(t.path, rows[i].path);
    }
}

static void targets_that_are_none(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",     ":",       ":9000",       "a:",        "a:0",        "a:65536",       "a:999999",
        "a:9x", "a b",     "a/b",         "[::1",      "[::1]x",     "[10.0.0.1x]:1", "[]:1",
        "a@b",  "http://", "http://:80/", "http:///x", "http://a?x", "ftp://a/",      "a:1:2",
        "\n",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct target_text t;
        struct err err = {0};
        if (target_parse(span_of(rows[i]), &t, &err))
            fail_msg("'%s' was read as %s port %u path %s", rows[i], t.host, t.port, t.path);
        assert_true(span_starts(span_of(err.text), "'"));
    }
}

static void too_long_a_host_or_path_is_no_target(void **state)
{
    (void)state;
    struct target_text t;
    struct err err;
    char text[2048] = "http://a/";
    memset(text + 9, 'x', 1500);
    assert_false(target_parse(span_of(text), &t, &err));
    assert_false(target_parse(span_bytes(text + 9, 256), &t, &err));
    assert_true(target_parse(span_bytes(text + 9, 255), &t, &err));
}

static void tls_is_refused_in_words(void **state)
{
    (void)state;
    struct target_text t;
    struct err err;
    assert_false(target_parse(span_of("https://a/"), &t, &err));
    assert_non_null(strstr(err.text, "TLS checks are not in this version"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_that_are_read),
        cmocka_unit_test(targets_that_are_none),
        cmocka_unit_test(too_long_a_host_or_path_is_no_target),
        cmocka_unit_test(tls_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
