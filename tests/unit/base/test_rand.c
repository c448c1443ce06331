#include "base/rand.h"
#include "base/span.h"
#include "tests/unit/test.h"

static void one_seed_gives_one_sequence(void **state)
{
    static const uint64_t splitmix64[] = {6457827717110365317u, 3203168211198807973u,
                                          9817491932198370423u};
    struct rand r = {1234567};
    (void)state;
    for (size_t i = 0; i < COUNT(splitmix64); i++)
        assert_true(rand_u64(&r) == splitmix64[i]);
}

static void below_is_uniform_and_below(void **state)
{
    enum { SIDES = 6, THROWS = 60000 };
    int count[SIDES] = {0};
    struct rand r = {1};
    (void)state;
    for (int i = 0; i < THROWS; i++) {
        uint32_t side = rand_below(&r, SIDES);
        assert_true(side < SIDES);
        count[side]++;
    }
    for (int i = 0; i < SIDES; i++) /* within five standard deviations, for this seed for ever */
        assert_in_range(count[i], THROWS / SIDES - 460, THROWS / SIDES + 460);
    assert_int_equal(rand_below(&r, 1), 0);
}

static void secrets_differ(void **state)
{
    char a[300], b[300]; /* over 256 bytes the kernel may answer in parts */
    (void)state;
    rand_secret(a, sizeof a);
    rand_secret(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_not_equal(a + sizeof a - 16, b + sizeof b - 16, 16);
    assert_true(rand_seed() != rand_seed());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_gives_one_sequence),
        cmocka_unit_test(below_is_uniform_and_below),
        cmocka_unit_test(secrets_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
