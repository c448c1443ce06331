#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"

static void rfc3597_text_both_ways(void **state)
{
    (void)state;
    for (unsigned type = 0; type <= UINT16_MAX; type++) {
        char text[RRTYPE_TEXT];
        uint16_t again = 0;
        assert_true(rrtype_from_text(span_of(rrtype_to_text((uint16_t)type, text)), &again));
        assert_int_equal(again, type);
    }
    static const struct {
        const char *text;
        int type; /* -1: not one */
    } rows[] = {{"aaaa", 28},      {"Type28", 28}, {"TYPE0", 0},  {"TYPE", -1},
                {"TYPE65536", -1}, {"TYPE-1", -1}, {"BOGUS", -1}, {"", -1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint16_t type = 0;
        assert_int_equal(rrtype_from_text(span_of(rows[i].text), &type), rows[i].type >= 0);
        if (rows[i].type >= 0)
            assert_int_equal(type, rows[i].type);
    }
}

static void rfc6895_uses(void **state)
{
    (void)state;
    for (unsigned type = 0; type <= UINT16_MAX; type++) {
        enum rrtype_use want = USE_DATA;
        if (type >= 128 && type <= 254)
            want = USE_LACKED;
        if (type == 255)
            want = USE_ANY;
        if (type == TYPE_OPT || type == TYPE_NXNAME || type == TYPE_TSIG)
            want = USE_INVALID;
        assert_int_equal(rrtype_use((uint16_t)type), want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc3597_text_both_ways),
        cmocka_unit_test(rfc6895_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
