/* base/siphash: the example of the paper's appendix A, and more lengths of its test set. */
#include "base/siphash.h"
#include "base/span.h"
#include "tests/unit/test.h"

/* Key 00 01 .. 0f, message 00 01 .. of the length of the row's index (the authors' test vectors).
 */
static const uint64_t vectors[] = {
    0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
    0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
    0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
    0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
};

static void the_authors_vectors(void **unused)
{
    (void)unused;
    uint8_t key[SIPHASH_KEY], message[COUNT(vectors)];
    for (uint8_t i = 0; i < SIPHASH_KEY; i++)
        key[i] = message[i] = i;
    for (size_t len = 0; len < COUNT(vectors); len++)
        assert_int_equal(siphash24(key, message, len), vectors[len]);
}

static void every_bit_of_key_and_message_counts(void **unused)
{
    (void)unused;
    uint8_t key[SIPHASH_KEY] = {0}, message[20] = {0};
    uint64_t plain = siphash24(key, message, sizeof message);
    for (size_t bit = 0; bit < 8 * SIPHASH_KEY; bit++) {
        key[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(siphash24(key, message, sizeof message) != plain);
        key[bit / 8] = 0;
    }
    for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
        message[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(siphash24(key, message, sizeof message) != plain);
        message[bit / 8] = 0;
    }
    assert_true(siphash24(key, message, sizeof message - 1) != plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_authors_vectors),
        cmocka_unit_test(every_bit_of_key_and_message_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
