/* Percent coding and the canonical forms of SigV4 (RFC 3986; S3: no normalisation, encoded once).
 */
#include "s3node/wire/uri.h"
#include "tests/unit/test.h"

static void canonical_forms(void **state)
{
    (void)state;
    static const struct {
        const char *target, *path, *query; /* canonical */
    } cases[] = {
        {"/", "/", ""},
        {"/b/a//../b/./c", "/b/a//../b/./c", ""},
        {"/b/%24file%2B~x", "/b/%24file%2B~x", ""},
        {"/b/$file+~x", "/b/%24file%2B~x", ""},
        {"/b/%e4%B8%ad", "/b/%E4%B8%AD", ""},
        {"/b/a%2Fb", "/b/a/b", ""},
        {"/?lifecycle", "/", "lifecycle="},
        {"/?b=2&a=1&&a=0", "/", "a=0&a=1&b=2"},
        {"/?prefix=a+b%2B/&x==", "/", "prefix=a%20b%2B%2F&x=%3D"},
        /* by encoded name: %2F before A, a before a- (a prefix first) */
        {"/?a-=1&A=1&%2F=1&a=1", "/", "%2F=1&A=1&a=1&a-=1"},
        {"http://s3.example.com:9000/b?acl", "/b", "acl="},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        struct buf text = {0};
        struct uri uri;
        assert_int_equal(uri_parse(span_of(cases[i].target), arena, &uri), S3ERR_OK);
        uri_encode(uri.path, "/", &text);
        assert_string_equal(buf_cstr(&text), cases[i].path);
        buf_clear(&text);
        uri_canonical_query(&uri, NULL, &text);
        assert_string_equal(buf_cstr(&text), cases[i].query);
        buf_fini(&text);
        arena_free(arena);
    }
}

static void params_are_decoded_and_found(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buf text = {0};
    struct uri uri;
    assert_int_equal(uri_parse(span_of("/b?acl&prefix=x%2fy&X-Sig=1"), arena, &uri), S3ERR_OK);
    assert_true(span_is(uri_param(&uri, "prefix"), "x/y"));
    assert_non_null(uri_param(&uri, "acl").p);
    assert_int_equal(uri_param(&uri, "acl").len, 0);
    assert_null(uri_param(&uri, "PREFIX").p);
    uri_canonical_query(&uri, "X-Sig", &text);
    assert_string_equal(buf_cstr(&text), "acl=&prefix=x%2Fy");
    buf_fini(&text);
    arena_free(arena);
}

static void wrong_targets_are_refused(void **state)
{
    (void)state;
    static const char *const targets[] = {"",      "*",         "b",           "/%",    "/%4",
                                          "/%zz",  "/a%2",      "/?a=%g0",     "/?%=1", "?a",
                                          "http:", "ftp://x/a", "http://host", "//%-1"};
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct arena *arena = arena_new();
        struct uri uri;
        assert_int_equal(uri_parse(span_of(targets[i]), arena, &uri), S3ERR_INVALID_URI);
        arena_free(arena);
    }
}

static void encoding_and_decoding_are_inverse(void **state)
{
    (void)state;
    char all[256];
    struct buf text = {0}, back = {0};
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    uri_encode(span_bytes(all, 256), "/", &text);
    assert_true(uri_decode(buf_span(&text), &back));
    assert_true(span_equal(buf_span(&back), span_bytes(all, 256)));
    assert_false(uri_decode(span_of("ab%0"), &back));
    assert_int_equal(back.len, 256);
    buf_fini(&text);
    buf_fini(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_forms),
        cmocka_unit_test(params_are_decoded_and_found),
        cmocka_unit_test(wrong_targets_are_refused),
        cmocka_unit_test(encoding_and_decoding_are_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
