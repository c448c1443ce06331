/* The keys of `probe:`, and what the presets make of them. */
#include "base/buf.h"
#include "probe/preset.h"
#include "probe/probe.h"
#include "tests/unit/test.h"

static struct arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct probe_conf parse(const char *yaml)
{
    struct probe_conf c;
    struct errs errs = {0};
    if (!conf_parse(span_of(yaml), "test", probe_conf_rows, &c, arena, &errs))
        fail_msg("%s: %s", yaml, errs.items[0].text);
    return c;
}

static struct probe_conf finish(const char *yaml)
{
    struct err err;
    struct probe_conf c = parse(yaml);
    if (!probe_conf_finish(&c, &err))
        fail_msg("%s: %s", yaml, err.text);
    return c;
}

static void nothing_given_checks_an_s3node(void **state)
{
    (void)state;
    struct probe_conf c = finish("{}");
    assert_string_equal(c.preset->name, "s3node");
    assert_int_equal(c.port, 9000);
    assert_string_equal(c.method, "GET");
    assert_string_equal(c.path, "/-/ready");
    assert_null(c.host);
    assert_true(c.keepalive);
    static const int64_t want[] = {1000, 200, 2000, 2, 3, 5, 250, 500, 1000, 10000};
    const int64_t got[] = {
        c.interval_ms, c.fastinter_ms,         c.downinter_ms,       c.rise,
        c.fall,        c.jitter_percent,       c.timeout_connect_ms, c.timeout_response_ms,
        c.timeout_ms,  c.reconnect_interval_ms};
    assert_memory_equal(want, got, sizeof want);
}

static void presets_fill_what_the_file_left_out(void **state)
{
    (void)state;
    struct probe_conf c = finish("{preset: http, path: /health, port: 8080}");
    assert_int_equal(c.port, 8080);
    assert_string_equal(c.path, "/health");
    assert_string_equal(c.method, "GET");
    assert_int_equal(finish("{preset: http}").port, 80);
    assert_false(finish("{preset: tcp, port: 9000}").keepalive);
    assert_true(finish("{preset: tcp, port: 9000, keepalive: yes}").keepalive);
    assert_false(finish("{keepalive: no}").keepalive);
}

static void what_is_longer_than_the_interval_gives_way(void **state)
{
    (void)state;
    struct probe_conf c = finish("{interval: 100ms}");
    assert_int_equal(c.fastinter_ms, 100);
    assert_int_equal(c.timeout_connect_ms, 100);
    assert_int_equal(c.timeout_response_ms, 100);
    assert_int_equal(c.timeout_ms, 100);
    assert_int_equal(c.downinter_ms, 2000);
    assert_int_equal(finish("{interval: 10s}").downinter_ms, 10000);
}

static void errors_say_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *text;
    } rows[] = {
        {"{preset: s3nod}", "unknown preset s3nod; did you mean s3node"},
        {"{preset: weka}", "preset weka is not supported in this version; use http with its health "
                           "path, or tcp"},
        {"{preset: tcp}", "preset tcp needs a port"},
        {"{preset: tcp, port: 1, path: /x}",
         "preset tcp sends no request; remove method, path and expect_status"},
        {"{preset: tcp, port: 1, expect_status: 200}",
         "preset tcp sends no request; remove method, path and expect_status"},
        {"{timeout_response: 2s}", "timeout_response is 2000 ms, longer than the interval of 1000 "
                                   "ms"},
        {"{interval: 100ms, fastinter: 200ms}",
         "fastinter is 200 ms, longer than the interval of 100 ms"},
        {"{method: get}", "method must be in capitals, such as GET or HEAD"},
        {"{path: health}", "path must begin with / and have no blanks (write %20)"},
        {"{path: \"/a b\"}", "path must begin with / and have no blanks (write %20)"},
        {"{host: \"a b\"}", "host must be a name or an address, without blanks"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err;
        struct probe_conf c = parse(rows[i].yaml);
        assert_false(probe_conf_finish(&c, &err));
        assert_string_equal(err.text, rows[i].text);
    }
}

static void every_preset_of_the_contract_is_known(void **state)
{
    (void)state;
    static const char *const names[] = {
        "s3node",          "weka",     "minio",     "aistor", "ozone",   "alluxio",
        "s3-orchestrator", "ceph-rgw", "seaweedfs", "garage", "scality", "swift-s3",
        "versitygw",       "http",     "tcp"};
    for (size_t i = 0; i < COUNT(names); i++)
        assert_non_null(preset_find(span_of(names[i])));
    assert_null(preset_name(NULL, COUNT(names)));
    assert_null(preset_find(span_of("")));
}

static void equal_means_checked_in_the_same_way(void **state)
{
    (void)state;
    static const char *const variants[] = {
        "{}",
        "{preset: http}",
        "{port: 9001}",
        "{interval: 2s}",
        "{fall: 4}",
        "{path: /x}",
        "{host: a}",
        "{keepalive: no}",
        "{expect_status: [200]}",
        "{expect_status: [200, 204]}",
        "{expect_status: [200, 205]}",
        "{timeout: 900ms}",
    };
    for (size_t i = 0; i < COUNT(variants); i++) {
        for (size_t j = 0; j < COUNT(variants); j++) {
            struct probe_conf a = finish(variants[i]), b = finish(variants[j]);
            assert_int_equal(probe_conf_equal(&a, &b), i == j);
        }
    }
}

static void show_config_reads_back_as_the_same(void **state)
{
    (void)state;
    static const char *const rows[] = {"{}", "{preset: tcp, port: 7}", "{keepalive: no}",
                                       "{interval: 100ms}", "{expect_status: [200, 204]}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct probe_conf before = finish(rows[i]);
        struct buf text = {0};
        conf_show(probe_conf_rows, &before, &text);
        struct probe_conf after = finish(buf_cstr(&text));
        assert_true(probe_conf_equal(&before, &after));
        buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_given_checks_an_s3node),
        cmocka_unit_test(presets_fill_what_the_file_left_out),
        cmocka_unit_test(what_is_longer_than_the_interval_gives_way),
        cmocka_unit_test(errors_say_what_to_do),
        cmocka_unit_test(every_preset_of_the_contract_is_known),
        cmocka_unit_test(equal_means_checked_in_the_same_way),
        cmocka_unit_test(show_config_reads_back_as_the_same),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
