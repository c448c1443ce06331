/* base/conf_expand and base/file: variables, defaults, dollars and secrets from files. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/conf_expand.h"
#include "base/file.h"
#include "tests/unit/test.h"

static char secret_path[] = "/tmp/s3pool-test-XXXXXX";

static void write_secret(const char *bytes, size_t len)
{
    FILE *f = fopen(secret_path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

static int set_up(void **unused)
{
    (void)unused;
    int fd = mkstemp(secret_path);
    setenv("S3POOL_TEST", "value", 1);
    setenv("S3POOL_EMPTY", "", 1);
    setenv("S3POOL_DOLLAR", "${S3POOL_TEST}", 1);
    unsetenv("S3POOL_UNSET");
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **unused)
{
    (void)unused;
    return unlink(secret_path);
}

static const struct {
    const char *text, *want; /* what comes out, or the error */
    bool ok;
} cases[] = {
    {"plain", "plain", true},
    {"", "", true},
    {"${S3POOL_TEST}", "value", true},
    {"a-${S3POOL_TEST}-${S3POOL_TEST}-z", "a-value-value-z", true},
    {"${S3POOL_UNSET:-default}", "default", true},
    {"${S3POOL_UNSET:-}", "", true},
    {"${S3POOL_UNSET:-a:-b}", "a:-b", true},
    {"${S3POOL_EMPTY:-default}", "default", true},
    {"${S3POOL_EMPTY}", "", true},
    {"${S3POOL_TEST:-default}", "value", true},
    {"${S3POOL_DOLLAR}", "${S3POOL_TEST}", true}, /* once, not again */
    {"$$", "$", true},
    {"$${S3POOL_TEST}", "${S3POOL_TEST}", true},
    {"pa$$word$$", "pa$word$", true},
    {"${S3POOL_UNSET}",
     "${S3POOL_UNSET} is not set and has no default; set it or write ${S3POOL_UNSET:-value}",
     false},
    {"cost: 5$", "a lone $; write $$ for a dollar sign, or ${NAME}", false},
    {"$HOME", "a lone $; write $$ for a dollar sign, or ${NAME}", false},
    {"${HOME", "${ without a closing }; write $$ for a dollar sign", false},
    {"${", "${ without a closing }; write $$ for a dollar sign", false},
    {"${}", "${} is not understood; write ${NAME}, ${NAME:-value} or ${file:/path}", false},
    {"${1st}", "${1st} is not understood; write ${NAME}, ${NAME:-value} or ${file:/path}", false},
    {"${a b}", "${a b} is not understood; write ${NAME}, ${NAME:-value} or ${file:/path}", false},
    {"${:-x}", "${:-x} is not understood; write ${NAME}, ${NAME:-value} or ${file:/path}", false},
    {"${file:secret}", "${file:secret} needs an absolute path", false},
    {"${file:}", "${file:} needs an absolute path", false},
    {"${file:/nowhere/x}", "/nowhere/x: cannot read: No such file or directory", false},
    {"${file:/}", "/: cannot read: Is a directory", false},
};

static void test_expansion(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *a = arena_new();
        struct span out = {0};
        struct err err = {0};
        bool ok = conf_expand(span_of(cases[i].text), 1000, a, &out, &err);
        const char *got = ok ? out.p : err.text;
        if (ok != cases[i].ok || strcmp(got, cases[i].want) != 0)
            fail_msg("%s:\n  got  %s\n  want %s", cases[i].text, got, cases[i].want);
        arena_free(a);
    }
}

/* Expands `${file:...}` of a file with these bytes. */
static bool expand_secret(const char *bytes, size_t len, struct arena *a, struct span *out,
                          struct err *err)
{
    char text[64];
    write_secret(bytes, len);
    snprintf(text, sizeof text, "${file:%s}", secret_path);
    return conf_expand(span_of(text), SIZE_MAX, a, out, err);
}

static void test_a_file_loses_one_newline(void **unused)
{
    (void)unused;
    static const struct {
        const char *bytes, *want;
    } files[] = {
        {"s3cret\n", "s3cret"}, {"s3cret", "s3cret"}, {"a\n\n", "a\n"}, {"", ""}, {"$x", "$x"}};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct arena *a = arena_new();
        struct span out;
        struct err err;
        assert_true(expand_secret(files[i].bytes, strlen(files[i].bytes), a, &out, &err));
        assert_string_equal(out.p, files[i].want);
        arena_free(a);
    }
}

static void test_a_file_is_bounded_text(void **unused)
{
    (void)unused;
    struct arena *a = arena_new();
    struct span out;
    struct err err;
    char *large = calloc(CONF_MAX_SECRET + 1, 1);
    memset(large, 'x', CONF_MAX_SECRET + 1);
    assert_true(expand_secret(large, CONF_MAX_SECRET, a, &out, &err));
    assert_int_equal(out.len, CONF_MAX_SECRET);
    assert_false(expand_secret(large, CONF_MAX_SECRET + 1, a, &out, &err));
    assert_non_null(strstr(err.text, "cannot read: larger than 65536 bytes"));
    assert_false(expand_secret("a\0b", 3, a, &out, &err));
    assert_non_null(strstr(err.text, "has a NUL byte"));
    free(large);
    arena_free(a);
}

static void test_the_result_is_bounded(void **unused)
{
    (void)unused;
    struct arena *a = arena_new();
    struct span out;
    struct err err;
    assert_true(conf_expand(span_of("${S3POOL_TEST}"), 5, a, &out, &err));
    assert_false(conf_expand(span_of("${S3POOL_TEST}"), 4, a, &out, &err));
    assert_string_equal(err.text, "expands to too much: more than 4 bytes");
    arena_free(a);
}

static void test_file_read(void **unused)
{
    (void)unused;
    struct arena *a = arena_new();
    struct span out;
    struct err err;
    write_secret("12345", 5);
    assert_true(file_read(secret_path, 5, a, &out, &err));
    assert_true(span_is(out, "12345"));
    assert_int_equal(out.p[5], '\0');
    assert_false(file_read(secret_path, 4, a, &out, &err));
    assert_string_equal(err.file, secret_path);
    assert_string_equal(err.text, "cannot read: larger than 4 bytes");
    assert_false(file_read("/dev/zero", 1000, a, &out, &err));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expansion),
        cmocka_unit_test(test_a_file_loses_one_newline),
        cmocka_unit_test(test_a_file_is_bounded_text),
        cmocka_unit_test(test_the_result_is_bounded),
        cmocka_unit_test(test_file_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
