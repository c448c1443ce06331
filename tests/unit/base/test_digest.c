/* Known answers: RFC 1321 A.5, FIPS 180-4 examples, RFC 4231 4, RFC 4648 10. */
#include "base/digest.h"
#include "tests/unit/test.h"

static const char *hex_of(const uint8_t *p, size_t len)
{
    static char text[2 * DIGEST_MAX + 1];
    return hex_encode(p, len, text);
}

static void digests_known_answers(void **state)
{
    static const struct {
        enum digest_kind kind;
        const char *data, *hex;
    } rows[] = {
        {DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
        {DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
        {DIGEST_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {DIGEST_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {DIGEST_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {DIGEST_SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct digest *d = digest_new(rows[i].kind);
        uint8_t out[DIGEST_MAX];
        for (int again = 0; again < 2; again++) { /* digest_final starts over */
            for (const char *p = rows[i].data; *p; p++)
                digest_add(d, p, 1);
            size_t len = digest_final(d, out);
            assert_int_equal(len, rows[i].kind == DIGEST_MD5 ? MD5_LEN : SHA256_LEN);
            assert_string_equal(hex_of(out, len), rows[i].hex);
        }
        digest_free(d);
        if (rows[i].kind == DIGEST_SHA256) {
            sha256(span_of(rows[i].data), out);
            assert_string_equal(hex_of(out, SHA256_LEN), rows[i].hex);
        }
    }
}

static void hmac_sha256_rfc4231(void **state)
{
    static const struct {
        const char *key, *data, *hex;
    } rows[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
         "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        /* no key, no data: an empty secret is still a defined MAC */
        {"", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };
    (void)state;
    uint8_t out[SHA256_LEN];
    for (size_t i = 0; i < COUNT(rows); i++) {
        hmac_sha256(span_of(rows[i].key), span_of(rows[i].data), out);
        assert_string_equal(hex_of(out, sizeof out), rows[i].hex);
    }
    char key[131]; /* test case 6: a key longer than a block */
    memset(key, 0xaa, sizeof key);
    hmac_sha256(span_bytes(key, sizeof key),
                span_of("Test Using Larger Than Block-Size Key - Hash Key First"), out);
    assert_string_equal(hex_of(out, sizeof out),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void crc32_check_value(void **state)
{
    (void)state;
    assert_int_equal(crc32_add(0, "", 0), 0);
    assert_int_equal(crc32_add(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(crc32_add(crc32_add(0, "1234", 4), "56789", 5), 0xcbf43926);
    uint8_t all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (uint8_t)i;
    assert_int_equal(crc32_add(0, all, sizeof all), 0x29058c73);
}

static void hex_both_ways(void **state)
{
    static const struct {
        const char *hex;
        bool good;
    } rows[] = {
        {"00ff7F", true}, {"00ff7", false},  {"00ff7f00", false}, {"00fg7f", false},
        {"", false},      {"0x00ff", false}, {"00ff7`", false},   {"00@f7f", false},
    };
    (void)state;
    uint8_t out[3];
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(hex_decode(span_of(rows[i].hex), out, sizeof out), rows[i].good);
    assert_true(hex_decode(span_of("00ff7F"), out, sizeof out));
    assert_string_equal(hex_of(out, sizeof out), "00ff7f");
    assert_true(hex_decode(span_of(""), out, 0));
}

static void base64_rfc4648_10(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xbf", "+/+/"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span text = span_of(rows[i][0]);
        char out[16];
        uint8_t back[8];
        assert_string_equal(base64_encode(text.p, text.len, out), rows[i][1]);
        assert_int_equal(base64_decode(span_of(rows[i][1]), back, sizeof back), text.len);
        assert_memory_equal(back, text.p, text.len);
    }
}

static void base64_refuses(void **state)
{
    static const char *const rows[] = {
        "Z",    "Zg",   "Zg=",  "Zg==\n",   "Zh==", /* bits where nothing stands */
        "Zm9=", "====", "=g==", "Zg==Zg==", "Z=g=", "Zm 9v", "Zm-v", "Zm9vYmFy\xff\xff\xff\xff",
    };
    (void)state;
    uint8_t out[16];
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(base64_decode(span_of(rows[i]), out, sizeof out), -1);
    assert_int_equal(base64_decode(span_of("Zm9vYmFy"), out, 5), -1);
    assert_int_equal(base64_decode(span_of("Zm9vYmE="), out, 5), 5);
    assert_int_equal(base64_decode(span_bytes("Zg\0=", 4), out, sizeof out), -1);
}

static void constant_time_compare(void **state)
{
    (void)state;
    assert_true(equal_constant_time(span_of("abc"), span_of("abc")));
    assert_false(equal_constant_time(span_of("abc"), span_of("abd")));
    assert_false(equal_constant_time(span_of("abc"), span_of("ab")));
    assert_true(equal_constant_time(span_of(""), span_of(NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_known_answers), cmocka_unit_test(hmac_sha256_rfc4231),
        cmocka_unit_test(crc32_check_value),     cmocka_unit_test(hex_both_ways),
        cmocka_unit_test(base64_rfc4648_10),     cmocka_unit_test(base64_refuses),
        cmocka_unit_test(constant_time_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
