/* Memory for bytes in transit: sizes fall as more is held, and all of it is given back. */
#include "s3node/serve/kit.h"
#include "s3node/serve/piece.h"
#include "tests/unit/test.h"

enum { KIB = 1024, MIB = 1024 * KIB };

static void sizes_fall_as_more_is_held(void **state)
{
    (void)state;
    static const struct {
        size_t held, size;
        bool scarce;
    } cases[] = {
        {0, 256 * KIB, false},      {8 * MIB - 1, 256 * KIB, false}, {8 * MIB, 64 * KIB, true},
        {16 * MIB, 16 * KIB, true}, {1024 * MIB, 16 * KIB, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        piece_tally held = cases[i].held;
        assert_int_equal(piece_size(&held), cases[i].size);
        assert_int_equal(piece_scarce(&held), cases[i].scarce);
    }
}

static void what_is_held_is_counted(void **state)
{
    (void)state;
    piece_tally held = 0;
    struct piece a = {0}, b = {0};
    piece_grow(&a, 100, &held);
    memcpy(a.p, "hello", 5);
    a.len = 5;
    piece_grow(&b, 50, &held);
    piece_grow(&a, 300, &held);
    piece_grow(&a, 200, &held); /* never smaller */
    assert_int_equal(atomic_load(&held), 350);
    assert_true(span_is(piece_span(&a), "hello"));
    piece_drop(&a, &held);
    assert_true(piece_empty(&a));
    assert_int_equal(atomic_load(&held), 50);
    piece_drop(&a, &held);
    piece_drop(&b, &held);
    assert_int_equal(atomic_load(&held), 0);
}

static void a_kit_comes_back_as_new(void **state)
{
    (void)state;
    struct kits kits = {0};
    struct kit *kit = kit_take(&kits);
    size_t used;
    struct span body;
    assert_int_equal(http1_feed(kit->http, span_of("GET / HT"), &used, &body), HTTP1_MORE);
    char *text = arena_text(kit->arena, span_of("x"));
    assert_string_equal(text, "x");
    kit_give(&kits, kit);
    assert_ptr_equal(kit_take(&kits), kit);
    assert_int_equal(
        http1_feed(kit->http, span_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), &used, &body),
        HTTP1_HEAD);
    kit_give(&kits, kit);
    kit_give(&kits, NULL);
    kits_fini(&kits);
}

static void a_burst_of_kits_is_not_kept(void **state)
{
    (void)state;
    enum { BURST = 200 };
    static struct kit *taken[BURST];
    struct kits kits = {0};
    for (size_t i = 0; i < BURST; i++)
        taken[i] = kit_take(&kits);
    for (size_t i = 0; i < BURST; i++)
        kit_give(&kits, taken[i]);
    assert_int_equal(kits.n, 64);
    kits_fini(&kits);
    assert_null(kits.free);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_fall_as_more_is_held),
        cmocka_unit_test(what_is_held_is_counted),
        cmocka_unit_test(a_kit_comes_back_as_new),
        cmocka_unit_test(a_burst_of_kits_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
