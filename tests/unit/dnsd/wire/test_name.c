#include "dnsd/wire/name.h"
#include "tests/unit/dnsd/cmocka_all.h"

#define WIRE(bytes) (const uint8_t *)(bytes), sizeof(bytes)

static void rfc1035_text_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* out NULL: not a name */
    } rows[] = {
        {".", "."},
        {"com", "com."},
        {"S3.Example.COM.", "s3.example.com."},
        {"*.s3", "*.s3."},
        {"a\\.b.c", "a\\.b.c."},
        {"\\065\\000\\255", "a\\000\\255."},
        {"\\\"\\(\\)\\;\\@\\$\\\\", "\\\"\\(\\)\\;\\@\\$\\\\."},
        {"a b", "a\\032b."},
        {"_pool.s3", "_pool.s3."},
        {"", NULL},
        {"..", NULL},
        {".a", NULL},
        {"a..b", NULL},
        {"a\\", NULL},
        {"a\\25", NULL},
        {"a\\256", NULL},
        {"a\\2x5", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct name name;
        char text[NAME_TEXT];
        print_message("%s\n", rows[i].in);
        assert_int_equal(name_from_text(span_of(rows[i].in), &name), rows[i].out != NULL);
        if (!rows[i].out)
            continue;
        assert_int_equal(name_check(name.wire, name.len), name.len);
        assert_string_equal(name_to_text(name.wire, text), rows[i].out);
    }
}

static void rfc1035_lengths(void **state)
{
    (void)state;
    char text[300];
    struct name name;
    memset(text, 'x', sizeof text);
    assert_true(name_from_text(span_bytes(text, 63), &name));
    assert_false(name_from_text(span_bytes(text, 64), &name));
    text[63] = text[127] = text[191] = '.';
    assert_true(name_from_text(span_bytes(text, 253), &name));
    assert_int_equal(name.len, NAME_WIRE);
    assert_false(name_from_text(span_bytes(text, 254), &name));
    assert_true(name_from_text(span_bytes(text, 192), &name)); /* a final dot */
    assert_int_equal(name.len, 193);
}

static void longest_text_fits(void **state)
{
    (void)state;
    struct name name = {.len = NAME_WIRE};
    char text[NAME_TEXT];
    for (int label = 0; label < 4; label++) {
        uint8_t len = label < 3 ? 63 : 61;
        name.wire[64 * label] = len;
        memset(name.wire + 64 * label + 1, 1, len);
    }
    name.wire[254] = 0;
    assert_int_equal(name_check(name.wire, name.len), NAME_WIRE);
    name_to_text(name.wire, text);
    assert_int_equal(strlen(text), 250 * 4 + 4);
    struct name again;
    assert_true(name_from_text(span_of(text), &again));
    assert_true(name_equal(name.wire, name.len, again.wire, again.len));
}

static void check_refuses_what_is_no_name(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *wire;
        size_t size, len;
    } rows[] = {
        {WIRE("\3www\2s3"), 8},      {WIRE(""), 1},
        {WIRE("\1a\0rest"), 3},      {WIRE("\xc0\x0c"), 0},
        {WIRE("\1a\xc0"), 0},        {WIRE("\x40"), 0},
        {WIRE("\x80"), 0},           {(const uint8_t *)"\3www", 4, 0},
        {(const uint8_t *)"", 0, 0}, {(const uint8_t *)"\3ww", 3, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(name_check(rows[i].wire, rows[i].size), rows[i].len);
    uint8_t long_name[300];
    for (size_t i = 0; i < sizeof long_name; i += 2)
        long_name[i] = 1;
    long_name[254] = 0;
    assert_int_equal(name_check(long_name, sizeof long_name), 255);
    long_name[254] = 1;
    long_name[256] = 0;
    assert_int_equal(name_check(long_name, sizeof long_name), 0);
}

static void rfc4343_case(void **state)
{
    (void)state;
    static const uint8_t mixed[] = "\4A@[Z\1\xc1", lower[] = "\4a@[z\1\xc1";
    uint8_t out[sizeof mixed];
    name_lower(out, mixed, sizeof mixed);
    assert_memory_equal(out, lower, sizeof lower); /* ASCII letters only */
    assert_true(name_equal_nocase(mixed, sizeof mixed, lower, sizeof lower));
    assert_false(name_equal(mixed, sizeof mixed, lower, sizeof lower));
    assert_false(name_equal_nocase(mixed, sizeof mixed, WIRE("\4a@[y\1\xc1")));
}

static void suffixes_begin_at_labels(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *name;
        size_t len;
        const uint8_t *tail;
        size_t tail_len;
        int at;
    } rows[] = {
        {WIRE("\3www\2s3"), WIRE("\2s3"), 4},  {WIRE("\3www\2s3"), WIRE(""), 7},
        {WIRE("\2s3"), WIRE("\2s3"), 0},       {WIRE("\2s3"), WIRE("\3www\2s3"), -1},
        {WIRE("\3xs3"), WIRE("\2s3"), -1},     {WIRE("\4x\2s3"), WIRE("\2s3"), -1},
        {WIRE("\3www\2s4"), WIRE("\2s3"), -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(name_suffix(rows[i].name, rows[i].len, rows[i].tail, rows[i].tail_len),
                         rows[i].at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc1035_text_both_ways), cmocka_unit_test(rfc1035_lengths),
        cmocka_unit_test(longest_text_fits),      cmocka_unit_test(check_refuses_what_is_no_name),
        cmocka_unit_test(rfc4343_case),           cmocka_unit_test(suffixes_begin_at_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
