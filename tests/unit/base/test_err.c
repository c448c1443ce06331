#include "base/err.h"
#include "tests/unit/test.h"

static void a_place_is_as_long_as_it_is_known(void **state)
{
    static const struct {
        const char *file;
        int line, col;
        const char *out;
    } rows[] = {
        {"dnsd.yaml", 3, 7, "dnsd.yaml:3:7: ttl is too long"},
        {"dnsd.yaml", 3, 0, "dnsd.yaml:3: ttl is too long"},
        {"dnsd.yaml", 0, 0, "dnsd.yaml: ttl is too long"},
        {"", 3, 7, "ttl is too long"},
        {NULL, 3, 7, "ttl is too long"},
    };
    char out[100];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e;
        assert_false(err_at(&e, rows[i].file, rows[i].line, rows[i].col, "%s is too long", "ttl"));
        assert_string_equal(err_format(&e, out, sizeof out), rows[i].out);
    }
}

static void set_forgets_the_place(void **state)
{
    struct err e;
    char out[100];
    (void)state;
    err_at(&e, "dnsd.yaml", 3, 7, "old");
    assert_false(err_set(&e, "%d new", 1));
    assert_string_equal(err_format(&e, out, sizeof out), "1 new");
}

static void words_may_be_put_before(void **state)
{
    struct err e;
    (void)state;
    err_at(&e, "s3.zone", 9, 1, "no SOA");
    err_at(&e, e.file, e.line, e.col, "zone s3.example.com: %s", e.text);
    assert_string_equal(e.text, "zone s3.example.com: no SOA");
    assert_string_equal(e.file, "s3.zone");
    err_set(&e, "%s:%d: %s", e.file, e.line, e.text);
    assert_string_equal(e.text, "s3.zone:9: zone s3.example.com: no SOA");
}

static void long_text_is_cut(void **state)
{
    char text[2 * ERR_TEXT];
    struct err e;
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    err_at(&e, text, 1, 1, "%s", text);
    assert_int_equal(strlen(e.text), ERR_TEXT - 1);
    assert_int_equal(strlen(e.file), ERR_FILE - 1);
}

static void a_list_keeps_the_order(void **state)
{
    struct errs list = {0};
    char text[64] = "";
    (void)state;
    for (int i = 1; i <= 3; i++)
        err_at(errs_add(&list), "f", i, i, "e%d", i);
    FILE *to = fmemopen(text, sizeof text, "w");
    errs_print(&list, to);
    fclose(to);
    assert_string_equal(text, "f:1:1: e1\nf:2:2: e2\nf:3:3: e3\n");
    errs_fini(&list);
    assert_int_equal(list.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_as_long_as_it_is_known),
        cmocka_unit_test(set_forgets_the_place),
        cmocka_unit_test(words_may_be_put_before),
        cmocka_unit_test(long_text_is_cut),
        cmocka_unit_test(a_list_keeps_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
