/* Names of buckets and keys, continuation tokens, and the UTF-8 under them. */
#include "s3node/wire/s3name.h"
#include "s3node/wire/utf8.h"
#include "tests/unit/test.h"

static void bucket_naming_rules(void **state)
{
    (void)state;
    static const char *const good[] = {
        "abc",
        "a-b",
        "my.bucket.2026",
        "0ab",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4a",
        "1234.2.3.4",
        "a123456789b123456789c123456789d123456789e123456789f123456789g12"};
    static const char *const bad[] = {
        "",
        "a",
        "ab",
        "ABC",
        "a_b",
        "-ab",
        "ab-",
        ".ab",
        "ab.",
        "a..b",
        "192.168.5.4",
        "a b",
        "-",
        "xn--abc",
        "sthree-x",
        "amzn-s3-demo-x",
        "x-s3alias",
        "x--ol-s3",
        "x.mrap",
        "x--x-s3",
        "x--table-s3",
        ".s3n-sys",
        "a/b",
        "..",
        "a123456789b123456789c123456789d123456789e123456789f123456789g123"};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(s3name_check_bucket(span_of(good[i])), S3ERR_OK);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(s3name_check_bucket(span_of(bad[i])), S3ERR_INVALID_BUCKET_NAME);
}

static void key_rules(void **state)
{
    (void)state;
    char big[S3NAME_KEY_MAX + 1];
    memset(big, 'k', sizeof big);
    assert_int_equal(s3name_check_key(span_bytes(big, S3NAME_KEY_MAX)), S3ERR_OK);
    assert_int_equal(s3name_check_key(span_bytes(big, sizeof big)), S3ERR_KEY_TOO_LONG);
    assert_int_equal(s3name_check_key(span_of("//../\x01 \xc3\xa9")), S3ERR_OK);
    assert_int_equal(s3name_check_key(span_of("")), S3ERR_INVALID_URI);
    assert_int_equal(s3name_check_key(span_bytes("a\0b", 3)), S3ERR_INVALID_URI);
    assert_int_equal(s3name_check_key(span_of("a\xff")), S3ERR_INVALID_URI);
}

static void utf8_is_strict_rfc3629(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\xc2\x80",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80",         "\xc0\x80",         "\xc1\xbf",         "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xc2",         "\xe1\x80",         "\xc2\x41",         "\xf1\x80\x80\x41"};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(utf8_valid(span_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(utf8_valid(span_of(bad[i])));
}

static void tokens_come_back(void **state)
{
    (void)state;
    char key[S3NAME_KEY_MAX];
    memset(key, '\xff', sizeof key);
    for (size_t len = 1; len <= sizeof key; len += 31) {
        struct buf token = {0}, back = {0};
        s3name_token(span_bytes(key, len), &token);
        assert_int_equal(s3name_untoken(buf_span(&token), &back), S3ERR_OK);
        assert_true(span_equal(buf_span(&back), span_bytes(key, len)));
        buf_fini(&token);
        buf_fini(&back);
    }
    char big[2 * S3NAME_KEY_MAX];
    memset(big, 'A', sizeof big);
    const struct span bad[] = {span_of(""), span_of("???"), span_bytes(big, sizeof big)};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct buf back = {0};
        assert_int_equal(s3name_untoken(bad[i], &back), S3ERR_INVALID_TOKEN);
        assert_int_equal(back.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bucket_naming_rules),
        cmocka_unit_test(key_rules),
        cmocka_unit_test(utf8_is_strict_rfc3629),
        cmocka_unit_test(tokens_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
