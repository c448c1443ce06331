/* s3node/s3_conf: the example, the defaults, the command line, what belongs together. */
#include <stdlib.h>
#include <unistd.h>

#include "s3node/s3_conf.h"
#include "tests/unit/test.h"

#define EXAMPLE SOURCE_DIR "/zones/s3node.yaml"

struct state {
    struct arena *arena;
    struct errs errs;
    struct s3_conf conf;
    bool ok;
};

static void load(struct state *s, const struct s3_options *options)
{
    *s = (struct state){.arena = arena_new()};
    s->ok = s3_conf_load(options, &s->conf, s->arena, &s->errs);
}

static void done(struct state *s)
{
    errs_fini(&s->errs);
    arena_free(s->arena);
}

/* The errors without the name of the file, one a line. */
static void errors_of(const struct state *s, struct buf *out)
{
    char line[ERR_FILE + ERR_TEXT + 32];
    for (size_t i = 0; i < s->errs.n; i++) {
        struct err e = s->errs.items[i];
        const char *text = err_format(&e, line, sizeof line);
        size_t file = e.line > 0 ? strlen(e.file) + 1 : 0;
        buf_printf(out, "%s%s", i ? "\n" : "", text + file);
    }
}

/* Loads `text` from a file of its own. */
static void load_text(struct state *s, const char *text)
{
    char path[] = "/tmp/s3pool-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    load(s, &(struct s3_options){.config = path});
    unlink(path);
}

static void test_the_example(void **unused)
{
    (void)unused;
    struct state s;
    setenv("APP_SECRET", "hunter2", 1);
    load(&s, &(struct s3_options){.config = EXAMPLE});
    errs_print(&s.errs, stderr);
    assert_true(s.ok);
    assert_string_equal(s.conf.root, "/srv/s3");
    const struct s3_key *key = s.conf.keys.items;
    assert_int_equal(s.conf.keys.n, 1);
    assert_string_equal(key->access_key, "app");
    assert_string_equal(key->secret_key, "hunter2");
    assert_string_equal(((const char **)key->buckets.items)[0], "*");
    assert_int_equal(key->mode, S3_MODE_READWRITE);
    assert_int_equal(s.conf.connections.limit, 1536);
    assert_int_equal(s.conf.durability, S3_DURABILITY_FULL);
    assert_int_equal(s.conf.access_log, S3_ACCESS_LOG_ERRORS);
    done(&s);
}

static void test_the_example_shown_reads_back_but_for_secrets(void **unused)
{
    (void)unused;
    struct state first, second;
    struct buf once = {0}, twice = {0};
    setenv("APP_SECRET", "hunter2", 1);
    load(&first, &(struct s3_options){.config = EXAMPLE});
    s3_conf_show(&first.conf, &once);
    assert_null(strstr(once.p, "hunter2"));
    load_text(&second, once.p);
    assert_true(second.ok);
    s3_conf_show(&second.conf, &twice);
    assert_string_equal(once.p, twice.p);
    buf_fini(&once);
    buf_fini(&twice);
    done(&first);
    done(&second);
}

static void test_defaults_need_no_file(void **unused)
{
    (void)unused;
    struct state s;
    char text[ADDR_TEXT];
    load(&s, &(struct s3_options){.root = "/data"});
    assert_true(s.ok);
    assert_string_equal(s.conf.root, "/data");
    assert_int_equal(s.conf.listen.n, 1);
    assert_string_equal(addr_text(s.conf.listen.items, text), "0.0.0.0:9000");
    assert_string_equal(s.conf.region, "us-east-1");
    assert_int_equal(s.conf.keys.n, 0);
    assert_int_equal(s.conf.connections.limit, 1536);
    assert_int_equal(s.conf.connections.resume, 1024);
    assert_int_equal(s.conf.connections.hard, 0);
    assert_int_equal(s.conf.connections.idle_ms, 60000);
    assert_int_equal(s.conf.inspect.n, 2);
    assert_int_equal(s.conf.drain_ms, 20000);
    assert_int_equal(s.conf.durability, S3_DURABILITY_FULL);
    assert_int_equal(s.conf.threads, 0);
    done(&s);
}

static void test_the_command_line_wins(void **unused)
{
    (void)unused;
    struct state s;
    char text[ADDR_TEXT];
    setenv("APP_SECRET", "x", 1);
    load(&s, &(struct s3_options){.config = EXAMPLE, .root = "/data", .listen = "[::1]:9001"});
    assert_true(s.ok);
    assert_string_equal(s.conf.root, "/data");
    assert_int_equal(s.conf.listen.n, 1);
    assert_string_equal(addr_text(s.conf.listen.items, text), "[::1]:9001");
    done(&s);
}

static const struct {
    const char *rule;
    struct s3_options options;
    const char *want;
} wrong_options[] = {
    {"nothing to serve",
     {NULL, NULL, NULL},
     "no directory to serve: give --root DIR, or the key `root` in the file"},
    {"an empty root",
     {NULL, "", NULL},
     "no directory to serve: give --root DIR, or the key `root` in the file"},
    {"not an endpoint",
     {NULL, "/data", "9000"},
     "--listen 9000: expected an address and port such as 0.0.0.0:9000"},
    {"no such file",
     {"/nowhere/s3node.yaml", NULL, NULL},
     "/nowhere/s3node.yaml: cannot read: No such file or directory"},
};

static void expect(const char *rule, const struct state *s, const char *want)
{
    struct buf got = {0};
    errors_of(s, &got);
    if (s->ok || strcmp(buf_cstr(&got), want) != 0)
        fail_msg("%s:\n  got  %s\n  want %s", rule, buf_cstr(&got), want);
    buf_fini(&got);
}

static void test_wrong_options(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(wrong_options); i++) {
        struct state s;
        load(&s, &wrong_options[i].options);
        expect(wrong_options[i].rule, &s, wrong_options[i].want);
        done(&s);
    }
}

static const struct {
    const char *rule, *text, *want;
} wrong[] = {
    {"no root", "region: eu-1\n",
     "no directory to serve: give --root DIR, or the key `root` in the file"},
    {"a wrong root is one error", "root: [/a]\n", "1:7: root: expected a text, found a list"},
    {"resume above limit", "root: /a\nconnections: {limit: 10}\n",
     "2:14: connections.resume: 1024 is more than limit, 10"},
    {"hard below limit", "root: /a\nconnections: {hard: 100}\n",
     "2:21: connections.hard: 100 is less than limit, 1536; 0 leaves it to the file limit"},
    {"a wrong limit is one error", "root: /a\nconnections: {limit: 0, hard: 1, resume: 9999}\n",
     "2:22: connections.limit: 0 is out of range, 1..2147483647"},
    {"an access key with a slash", "root: /a\nkeys: [{access_key: a/b, secret_key: x}]\n",
     "2:21: keys[0].access_key: has letters, digits and . _ - only"},
    {"an access key twice",
     "root: /a\nkeys:\n  - {access_key: a, secret_key: x}\n  - {access_key: a, secret_key: y}\n",
     "4:18: keys[1].access_key: is that of keys[0] already"},
    {"half a key", "root: /a\nkeys: [{access_key: a}]\n", "2:8: keys[0].secret_key: is missing"},
    {"no bucket", "root: /a\nkeys: [{access_key: a, secret_key: x, buckets: []}]\n",
     "2:48: keys[0].buckets: name at least one bucket, or \"*\" for all"},
    {"a mode", "root: /a\nkeys: [{access_key: a, secret_key: x, mode: read}]\n",
     "2:45: keys[0].mode: expected readonly, readwrite or admin, found \"read\""},
    {"a secret that is not set",
     "root: /a\nkeys: [{access_key: a, secret_key: \"${S3POOL_UNSET}\"}]\n",
     "2:36: keys[0].secret_key: ${S3POOL_UNSET} is not set and has no default; set it or write "
     "${S3POOL_UNSET:-value}"},
    {"listen at nothing", "root: /a\nlisten: []\n",
     "2:9: listen: needs at least one address and port"},
    {"keys of later versions",
     "root: /a\ntls: {}\nhttps_only: no\nanonymous: {}\nconnections: {shed: off}\n",
     "2:1: tls: not supported in this version\n"
     "3:1: https_only: not supported in this version\n"
     "4:1: anonymous: not supported in this version\n"
     "5:15: connections.shed: not supported in this version"},
};

static void test_wrong_files(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct state s;
        load_text(&s, wrong[i].text);
        expect(wrong[i].rule, &s, wrong[i].want);
        done(&s);
    }
}

static void has_help(void *arg, const char *path, const struct conf_field *row)
{
    (void)arg;
    if (row->kind != CONF_LATER && (!row->help || !row->help[0]))
        fail_msg("%s has no help", path);
}

static void test_every_row_has_a_help(void **unused)
{
    (void)unused;
    conf_walk(s3_conf_rows, has_help, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example),
        cmocka_unit_test(test_the_example_shown_reads_back_but_for_secrets),
        cmocka_unit_test(test_defaults_need_no_file),
        cmocka_unit_test(test_the_command_line_wins),
        cmocka_unit_test(test_wrong_options),
        cmocka_unit_test(test_wrong_files),
        cmocka_unit_test(test_every_row_has_a_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
