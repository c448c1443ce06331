/* base/conf: rows, defaults, shorthands, and every error with its place. */
#include "base/buf.h"
#include "base/conf.h"
#include "tests/unit/base/conf_sample.h"
#include "tests/unit/test.h"

struct state {
    struct arena *arena;
    struct errs errs;
    struct sample sample;
    bool ok;
};

static void parse(struct state *s, const char *text)
{
    *s = (struct state){.arena = arena_new()};
    s->ok = conf_parse(span_of(text), "f.yaml", sample_rows, &s->sample, s->arena, &s->errs);
}

static void done(struct state *s)
{
    errs_fini(&s->errs);
    arena_free(s->arena);
}

/* All errors as the program prints them, one a line. */
static void errors_of(const struct state *s, struct buf *out)
{
    char line[ERR_FILE + ERR_TEXT + 32];
    for (size_t i = 0; i < s->errs.n; i++)
        buf_printf(out, "%s%s", i ? "\n" : "", err_format(&s->errs.items[i], line, sizeof line));
}

static void test_defaults_without_a_file(void **unused)
{
    (void)unused;
    struct state s;
    parse(&s, "# nothing but a comment\n");
    assert_true(s.ok);
    assert_int_equal(s.errs.n, 0);
    assert_false(s.sample.flag);
    assert_false(s.sample.given_flag);
    assert_int_equal(s.sample.policy, 1);
    assert_int_equal(s.sample.count, 0);
    assert_int_equal(s.sample.wait_ms, 5000);
    assert_int_equal(s.sample.size, 65536);
    assert_null(s.sample.text);
    assert_null(s.sample.secret);
    assert_int_equal(s.sample.addr.family, 0);
    assert_int_equal(s.sample.endpoint.port, 53);
    assert_int_equal(s.sample.numbers.n, 2);
    assert_int_equal(((int64_t *)s.sample.numbers.items)[1], 204);
    assert_int_equal(s.sample.at_numbers.line, 1);
    assert_int_equal(s.sample.pools.n, 0);
    done(&s);
}

static void test_values_of_every_kind(void **unused)
{
    (void)unused;
    struct state s;
    parse(&s, "flag: on\npolicy: rotate\ncount: 7\nwait: 250ms\nsize: 5GiB\ntext: 'a b'\n"
              "secret: x\naddr: 2001:db8::1\nendpoint: off\nprefix: 10.0.0.0/8\nnumbers: 404\n");
    assert_true(s.ok);
    assert_true(s.sample.flag);
    assert_true(s.sample.given_flag);
    assert_int_equal(s.sample.policy, 2);
    assert_int_equal(s.sample.count, 7);
    assert_int_equal(s.sample.wait_ms, 250);
    assert_int_equal(s.sample.size, 5LL << 30);
    assert_string_equal(s.sample.text, "a b");
    assert_string_equal(s.sample.secret, "x");
    assert_int_equal(s.sample.addr.family, AF_INET6);
    assert_int_equal(s.sample.endpoint.family, 0);
    assert_int_equal(s.sample.prefix.bits, 8);
    assert_int_equal(s.sample.numbers.n, 1);
    assert_int_equal(s.sample.numbers.at[0].line, 11);
    assert_int_equal(s.sample.numbers.at[0].col, 10);
    done(&s);
}

static void test_shorthands_and_file_order(void **unused)
{
    (void)unused;
    struct state s;
    parse(&s, "pools:\n"
              "  z:\n"
              "    nodes:\n"
              "      - 10.0.0.1\n"
              "      - [10.0.0.2, \"::2\"]\n"
              "      - {name: c, address: 10.0.0.3, weight: 9}\n"
              "  a: {}\n"
              "networks: {storage: [10.1.0.0/16, 10.2.0.0/16], lab: \"::1\"}\n");
    assert_true(s.ok);
    const struct pool *pools = s.sample.pools.items;
    assert_int_equal(s.sample.pools.n, 2);
    assert_string_equal(pools[0].name, "z");
    assert_string_equal(pools[1].name, "a");
    assert_int_equal(s.sample.pools.at[1].line, 7);
    assert_int_equal(s.sample.pools.at[1].col, 3);
    assert_int_equal(pools[0].nodes.n, 3);
    const struct node *nodes = pools[0].nodes.items;
    assert_null(nodes[0].name);
    assert_int_equal(nodes[0].addrs.n, 1);
    assert_int_equal(nodes[0].weight, 1);
    assert_int_equal(nodes[0].at_weight.line, 4);
    assert_int_equal(nodes[1].addrs.n, 2);
    assert_string_equal(nodes[2].name, "c");
    assert_int_equal(nodes[2].weight, 9);
    assert_int_equal(nodes[2].at_weight.col, 46);
    assert_int_equal(pools[1].nodes.n, 0);
    assert_int_equal(pools[1].probe.interval_ms, 1000);
    const struct network *networks = s.sample.networks.items;
    assert_int_equal(networks[0].prefixes.n, 2);
    assert_int_equal(networks[1].prefixes.n, 1);
    done(&s);
}

/* One file, the errors that it must give: all of them, in file order. */
static const struct {
    const char *rule, *text, *want;
} wrong[] = {
    {"unknown key with a suggestion", "pools:\n  s3:\n    probe:\n        intervall: 1s\n",
     "f.yaml:4:9: pools.s3.probe.intervall: unknown key; did you mean \"interval\"?"},
    {"unknown key without one", "xyzzy: 1\n", "f.yaml:1:1: xyzzy: unknown key"},
    {"a suggestion is never a key of a later version", "service: 1\n",
     "f.yaml:1:1: service: unknown key"},
    {"out of range", "pools: {s3: {probe: {rise: 0}}}\n",
     "f.yaml:1:28: pools.s3.probe.rise: 0 is out of range, 1..64"},
    {"bounds carry their unit", "pools: {s3: {probe: {interval: 5ms}}}\n",
     "f.yaml:1:32: pools.s3.probe.interval: 5ms is out of range, 100ms..1h"},
    {"open bound", "size: 0\n", "f.yaml:1:7: size: 0 is out of range, at least 1"},
    {"larger than any number", "count: 99999999999999999999\n",
     "f.yaml:1:8: count: 99999999999999999999 is out of range, 1..100"},
    {"an element by its number",
     "pools:\n  s3:\n    nodes:\n      - 10.0.0.1\n      - ::1\n"
     "      - {address: 10.0.0.3, weight: x}\n",
     "f.yaml:6:37: pools.s3.nodes[2].weight: expected a whole number, found \"x\""},
    {"a shorthand has no key in its path", "pools: {s3: {nodes: [10.0.0]}}\n",
     "f.yaml:1:22: pools.s3.nodes[0]: expected an address such as 10.0.0.1 or 2001:db8::1, "
     "found \"10.0.0\""},
    {"a list inside a shorthand counts on", "networks: {lab: [10.0.0.0/8, 10.0.0.1/8]}\n",
     "f.yaml:1:30: networks.lab[1]: expected a network such as 10.0.0.0/8 or ::1/128 (host bits "
     "0), found \"10.0.0.1/8\""},
    {"words", "policy: balnced\n",
     "f.yaml:1:9: policy: expected balanced or rotate, found \"balnced\"; did you mean "
     "\"balanced\"?"},
    {"a number or a word", "count: some\n",
     "f.yaml:1:8: count: expected a whole number or all, found \"some\""},
    {"yes or no", "flag: maybe\n", "f.yaml:1:7: flag: expected yes or no, found \"maybe\""},
    {"a duration has a unit", "wait: 5\n",
     "f.yaml:1:7: wait: expected a duration such as 250ms, 5s, 2m or 1h, found \"5\""},
    {"too long", "text: abcdefghijklmnopqrstuvwxyz\n",
     "f.yaml:1:7: text: has 26 bytes; 0..20 are allowed"},
    {"no control characters", "text: \"a\\nb\"\n",
     "f.yaml:1:7: text: has a control character, or a byte that is not UTF-8 text"},
    {"a map where a value belongs", "wait: {a: 1}\n",
     "f.yaml:1:7: wait: expected a duration such as 250ms, 5s, 2m or 1h, found a map"},
    {"nothing where a value belongs", "flag: yes\nwait:\n",
     "f.yaml:2:6: wait: expected a duration such as 250ms, 5s, 2m or 1h, found nothing"},
    {"a list where a map belongs", "pools: [a]\n",
     "f.yaml:1:8: pools: expected a map of names, found a list"},
    {"a value where a map belongs", "pools: {s3: {probe: fast}}\n",
     "f.yaml:1:21: pools.s3.probe: expected a map, found a single value"},
    {"a list for a file", "- 1\n", "f.yaml:1:1: expected a map, found a list"},
    {"required", "pools:\n  s3:\n    nodes:\n      - name: a\n",
     "f.yaml:4:9: pools.s3.nodes[0].address: is missing"},
    {"key given twice", "wait: 1s\nflag: yes\nwait: 2s\nwait: 3s\n",
     "f.yaml:3:1: wait: given twice, first in line 1; remove one of them\n"
     "f.yaml:4:1: wait: given twice, first in line 1; remove one of them"},
    {"name given twice", "pools:\n  a: {}\n  b: {}\n  a: {}\n",
     "f.yaml:4:3: pools.a: given twice, first in line 2; remove one of them"},
    {"empty name", "pools: {\"\": {}}\n",
     "f.yaml:1:9: pools.: a name has 1..255 bytes and no control characters"},
    {"key of a later version", "services: []\n",
     "f.yaml:1:1: services: not supported in this version"},
    {"every error, in the order of the file",
     "size: big\npools:\n  s3: {probe: {rise: 65, fall: 1}}\nflag: 2\ncount: 0\n",
     "f.yaml:1:7: size: expected a size such as 512, 64KiB or 5GiB, found \"big\"\n"
     "f.yaml:3:22: pools.s3.probe.rise: 65 is out of range, 1..64\n"
     "f.yaml:3:26: pools.s3.probe.fall: unknown key\n"
     "f.yaml:4:7: flag: expected yes or no, found \"2\"\n"
     "f.yaml:5:8: count: 0 is out of range, 1..100"},
    {"a terminal is not at the file's mercy", "wait: \"\\e[2J\"\n",
     "f.yaml:1:7: wait: expected a duration such as 250ms, 5s, 2m or 1h, found \"?[2J\""},
};

static void test_every_error_has_its_place(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct state s;
        struct buf got = {0};
        parse(&s, wrong[i].text);
        errors_of(&s, &got);
        if (strcmp(buf_cstr(&got), wrong[i].want) != 0)
            fail_msg("%s:\n  got  %s\n  want %s", wrong[i].rule, buf_cstr(&got), wrong[i].want);
        assert_false(s.ok);
        buf_fini(&got);
        done(&s);
    }
}

static void test_wrong_values_leave_no_place(void **unused)
{
    (void)unused;
    struct state s;
    parse(&s, "numbers: [200, x, 204]\n"
              "pools:\n  s3:\n    nodes: [{address: 10.0.0.1, weight: 0}, 10.0.0.2]\n    probe: "
              "{rise: x}\n");
    assert_false(s.ok);
    assert_int_equal(s.sample.at_numbers.line, 0);
    assert_int_equal(s.sample.numbers.n, 2);
    assert_int_equal(((int64_t *)s.sample.numbers.items)[1], 204);
    assert_int_equal(s.sample.numbers.at[1].col, 19);
    const struct pool *pool = s.sample.pools.items;
    assert_int_equal(s.sample.pools.at[0].line, 0);
    assert_int_equal(pool->nodes.n, 2);
    assert_int_equal(pool->nodes.at[0].line, 0);
    assert_int_equal(pool->nodes.at[1].line, 4);
    assert_int_equal(((struct node *)pool->nodes.items)[0].at_weight.line, 0);
    assert_int_equal(pool->probe.at.line, 0);
    assert_int_equal(pool->probe.rise, 2);
    conf_errs_add(&s.errs, "f.yaml", pool->probe.at, "pools.s3.probe: not said");
    assert_int_equal(s.errs.n, 3);
    done(&s);
}

static void test_errors_are_bounded(void **unused)
{
    (void)unused;
    struct buf text = {0};
    buf_text(&text, "numbers: [x");
    for (int i = 0; i < 1000; i++)
        buf_text(&text, ", x");
    buf_text(&text, "]\n");
    struct state s;
    parse(&s, text.p);
    assert_int_equal(s.errs.n, CONF_MAX_ERRORS + 1);
    assert_int_equal(s.errs.items[CONF_MAX_ERRORS - 1].line, 1);
    assert_string_equal(s.errs.items[CONF_MAX_ERRORS].text,
                        "more than 100 errors; the others are not shown");
    done(&s);
    buf_fini(&text);
}

static void test_missing_file(void **unused)
{
    (void)unused;
    struct state s = {.arena = arena_new()};
    assert_false(conf_load("/nowhere/f.yaml", sample_rows, &s.sample, s.arena, &s.errs));
    struct buf got = {0};
    errors_of(&s, &got);
    assert_string_equal(got.p, "/nowhere/f.yaml: cannot read: No such file or directory");
    buf_fini(&got);
    done(&s);
}

struct walked {
    struct buf paths;
};

static void visit(void *arg, const char *path, const struct conf_field *row)
{
    struct walked *w = arg;
    buf_printf(&w->paths, "%s (", path);
    conf_describe(row, &w->paths);
    buf_text(&w->paths, ")\n");
}

static void test_walk_names_and_describes_every_row(void **unused)
{
    (void)unused;
    struct walked w = {0};
    conf_walk(sample_rows, visit, &w);
    static const char *const wanted[] = {
        "flag (yes or no)\n",
        "count (a whole number or all, 1..100 records)\n",
        "text (a text or off, 0..20 bytes)\n",
        "numbers (list, each a whole number, 100..599)\n",
        "pools.NAME.nodes[].weight (a whole number, 1..255)\n",
        "pools.NAME.probe.interval (a duration such as 250ms, 5s, 2m or 1h, 100ms..1h)\n",
        "networks.NAME.prefixes (list, each a network",
    };
    for (size_t i = 0; i < COUNT(wanted); i++)
        if (!strstr(w.paths.p, wanted[i]))
            fail_msg("missing: %s in\n%s", wanted[i], w.paths.p);
    buf_fini(&w.paths);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_without_a_file),
        cmocka_unit_test(test_values_of_every_kind),
        cmocka_unit_test(test_shorthands_and_file_order),
        cmocka_unit_test(test_every_error_has_its_place),
        cmocka_unit_test(test_wrong_values_leave_no_place),
        cmocka_unit_test(test_errors_are_bounded),
        cmocka_unit_test(test_missing_file),
        cmocka_unit_test(test_walk_names_and_describes_every_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
