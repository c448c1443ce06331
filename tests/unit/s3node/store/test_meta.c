/* The record in the extended attribute. */
#include <stdio.h>

#include "s3node/store/meta.h"
#include "s3node/store/mime.h"
#include "tests/unit/test.h"

static struct buf sample(void)
{
    struct store_header headers[] = {
        {span_of("content-type"), span_of("text/plain")},
        {span_of("x-amz-meta-empty"), span_of("")},
    };
    struct meta m = {.size = 1ull << 40, .mtime_ns = -5, .kept = {headers, 2}};
    struct buf blob = {0};
    snprintf(m.etag, sizeof m.etag, "d41d8cd98f00b204e9800998ecf8427e-10000");
    m.upload_id = span_of("0123");
    meta_encode(&m, &blob);
    return blob;
}

static void a_record_comes_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buf blob = sample();
    struct meta m;
    assert_true(meta_decode(buf_span(&blob), arena, &m));
    assert_int_equal(m.size, 1ull << 40);
    assert_int_equal(m.mtime_ns, -5);
    assert_string_equal(m.etag, "d41d8cd98f00b204e9800998ecf8427e-10000");
    assert_true(span_is(m.upload_id, "0123"));
    assert_null(m.key.p);
    assert_int_equal(m.kept.n, 2);
    assert_true(span_is(m.kept.headers[0].name, "content-type"));
    assert_true(span_is(m.kept.headers[0].value, "text/plain"));
    assert_int_equal(m.kept.headers[1].value.len, 0);
    assert_true(meta_decode(buf_span(&blob), NULL, &m));
    assert_int_equal(m.kept.n, 0);
    buf_fini(&blob);
    arena_free(arena);
}

static void damage_is_noticed(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buf blob = sample();
    struct meta m;
    for (size_t len = 0; len < blob.len; len++)
        assert_false(meta_decode(span_bytes(blob.p, len), arena, &m));
    for (size_t i = 0; i < blob.len; i++) {
        blob.p[i] ^= 0x20;
        assert_false(meta_decode(buf_span(&blob), arena, &m));
        blob.p[i] ^= 0x20;
    }
    assert_true(meta_decode(buf_span(&blob), arena, &m));
    buf_fini(&blob);
    arena_free(arena);
}

static void content_types_by_extension(void **state)
{
    (void)state;
    assert_string_equal(mime_of(span_of("a/b.c/photo.JPG")), "image/jpeg");
    assert_string_equal(mime_of(span_of("x.tar.gz")), "application/gzip");
    assert_string_equal(mime_of(span_of("a.txt/b")), MIME_DEFAULT);
    assert_string_equal(mime_of(span_of("a.")), MIME_DEFAULT);
    assert_string_equal(mime_of(span_of("a/")), MIME_DEFAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_comes_back),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(content_types_by_extension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
