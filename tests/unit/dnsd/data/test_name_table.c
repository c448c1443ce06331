#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/data/name_table.h"
#include "tests/unit/dnsd/cmocka_all.h"

enum { NAMES = 5000 };

static void suffixes_share_their_hashes(void **state)
{
    (void)state;
    static const uint8_t name[] = "\6bucket\2s3\7example\3com", tail[] = "\2s3\7example\3com";
    struct suffixes a, b;
    suffixes_of(name, sizeof name, &a);
    suffixes_of(tail, sizeof tail, &b);
    static const uint8_t offsets[] = {0, 7, 10, 18, 22};
    assert_int_equal(a.n, COUNT(offsets));
    assert_memory_equal(a.off, offsets, sizeof offsets);
    for (size_t i = 0; i < b.n; i++)
        assert_true(a.hash[i + 1] == b.hash[i]);
    assert_true(a.hash[0] != a.hash[1]);
}

static void many_names_are_found_and_others_not(void **state)
{
    (void)state;
    struct name_table *t = name_table_new();
    struct name *names = NEW_ARRAY(struct name, NAMES);
    for (int i = 0; i < NAMES; i++) {
        char text[40];
        snprintf(text, sizeof text, "n%d.x%d.test", i, i % 7);
        assert_true(name_from_text(span_of(text), &names[i]));
        name_table_add(t, names[i].wire, names[i].len, &names[i]);
    }
    for (int i = 0; i < NAMES; i++)
        assert_ptr_equal(name_table_get(t, names[i].wire, names[i].len), &names[i]);
    assert_null(name_table_get(t, (const uint8_t *)"\2n0\2x1\4test", 12));
    assert_null(name_table_get(t, (const uint8_t *)"", 1));
    name_table_free(t);
    free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suffixes_share_their_hashes),
        cmocka_unit_test(many_names_are_found_and_others_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
