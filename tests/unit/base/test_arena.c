#include <stdalign.h>

#include "base/arena.h"
#include "tests/unit/test.h"

enum { MANY = 5000, LARGE = 100 * 1024 };

static bool is_zero(const char *p, size_t len)
{
    while (len > 0 && p[len - 1] == 0)
        len--;
    return len == 0;
}

static void pieces_are_aligned_zeroed_and_apart(void **state)
{
    struct arena *a = arena_new();
    char *pieces[MANY];
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        size_t size = 1 + i % 100;
        pieces[i] = arena_alloc(a, size);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        assert_true(is_zero(pieces[i], size));
        memset(pieces[i], (int)(i % 255), size);
    }
    for (size_t i = 0; i < MANY; i++)
        for (size_t k = 0; k < 1 + i % 100; k++)
            assert_int_equal((unsigned char)pieces[i][k], i % 255);
    arena_free(a);
}

static void large_pieces_fit(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    char *large = ARENA_ARRAY(a, char, LARGE);
    assert_true(is_zero(large, LARGE));
    memset(large, 'x', LARGE);
    assert_string_equal(arena_text(a, span_of("small")), "small");
    assert_true(arena_size(a) >= LARGE);
    arena_free(a);
}

static void reset_keeps_one_clean_block(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    size_t fresh = arena_size(a);
    char *first = arena_alloc(a, 64);
    memset(first, 'x', 64);
    memset(arena_alloc(a, LARGE), 'x', LARGE);
    arena_reset(a);
    assert_int_equal(arena_size(a), fresh);
    assert_ptr_equal(arena_alloc(a, 64), first);
    assert_true(is_zero(first, 64));
    arena_free(a);
}

static void copies_and_texts(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    assert_string_equal(arena_text(a, span_bytes("abcdef", 3)), "abc");
    assert_string_equal(arena_text(a, span_of(NULL)), "");
    assert_memory_equal(arena_copy(a, "a\0b", 3), "a\0b", 3);
    assert_string_equal(arena_printf(a, "%s:%d", "x", 53), "x:53");
    assert_string_equal(arena_printf(a, "%s", ""), "");
    arena_free(a);
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(large_pieces_fit),
        cmocka_unit_test(reset_keeps_one_clean_block),
        cmocka_unit_test(copies_and_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
