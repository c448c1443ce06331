#include "base/buf.h"
#include "tests/unit/test.h"

static void text_grows_and_ends_with_nul(void **state)
{
    struct buf b = {0};
    (void)state;
    assert_string_equal(buf_cstr(&b), "");
    for (int i = 0; i < 1000; i++) {
        buf_printf(&b, "%03d", i);
        buf_text(&b, ";");
        assert_int_equal(b.len, 4 * (size_t)(i + 1));
        assert_int_equal(b.p[b.len], '\0');
    }
    assert_memory_equal(b.p + 4 * 999, "999;", 5);
    buf_fini(&b);
    assert_null(b.p);
}

static void bytes_may_be_nul(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_add(&b, "a\0b", 3);
    buf_add(&b, NULL, 0);
    assert_true(span_equal(buf_span(&b), span_bytes("a\0b", 3)));
    buf_fini(&b);
}

static void an_empty_buffer_is_an_empty_text(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_printf(&b, "%s", "");
    assert_string_equal(buf_cstr(&b), "");
    buf_reserve(&b, 100);
    assert_string_equal(buf_cstr(&b), "");
    assert_true(b.cap > 100);
    buf_fini(&b);
}

static void consume_forgets_the_head(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_consume(&b, 1);
    buf_text(&b, "abcdef");
    buf_consume(&b, 0);
    buf_consume(&b, 2);
    assert_string_equal(buf_cstr(&b), "cdef");
    buf_consume(&b, 4);
    assert_string_equal(buf_cstr(&b), "");
    buf_text(&b, "xy");
    buf_consume(&b, 3);
    assert_int_equal(b.len, 0);
    buf_fini(&b);
}

static void clear_keeps_the_memory(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_text(&b, "abc");
    const char *p = b.p;
    buf_clear(&b);
    assert_string_equal(buf_cstr(&b), "");
    assert_ptr_equal(b.p, p);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_and_ends_with_nul),
        cmocka_unit_test(bytes_may_be_nul),
        cmocka_unit_test(an_empty_buffer_is_an_empty_text),
        cmocka_unit_test(consume_forgets_the_head),
        cmocka_unit_test(clear_keeps_the_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
