/* base/conf_yaml: places, bounds, and what is not YAML or not taken. */
#include "base/buf.h"
#include "base/conf_yaml.h"
#include "tests/unit/test.h"

static void test_tree_with_places(void **unused)
{
    (void)unused;
    struct arena *a = arena_new();
    struct err err;
    const struct conf_node *root =
        conf_yaml_read(span_of("# c\na: 1\nb:\n  - 'x y'\n  -\n"), "f", a, &err);
    assert_non_null(root);
    assert_int_equal(root->shape, SHAPE_MAP);
    assert_int_equal(root->n, 2);
    const struct conf_node *one = root->first, *list = one->next;
    assert_string_equal(one->key->text.p, "a");
    assert_int_equal(one->key->at.line, 2);
    assert_int_equal(one->at.col, 4);
    assert_true(one->plain);
    assert_int_equal(list->shape, SHAPE_LIST);
    assert_int_equal(list->n, 2);
    assert_string_equal(list->first->text.p, "x y");
    assert_false(list->first->plain);
    assert_int_equal(list->first->at.line, 4);
    assert_int_equal(list->first->at.col, 5);
    assert_true(conf_node_empty(list->first->next));
    arena_free(a);
}

static void test_no_document_is_an_empty_value(void **unused)
{
    (void)unused;
    static const char *const empty[] = {"", "\n", "# only\n", "---\n", "\xef\xbb\xbf# BOM\n"};
    for (size_t i = 0; i < COUNT(empty); i++) {
        struct arena *a = arena_new();
        struct err err;
        const struct conf_node *root = conf_yaml_read(span_of(empty[i]), "f", a, &err);
        assert_non_null(root);
        assert_true(conf_node_empty(root));
        assert_int_equal(root->at.line > 0, 1);
        arena_free(a);
    }
}

static void test_repeated_keys_point_at_the_first(void **unused)
{
    (void)unused;
    struct arena *a = arena_new();
    struct err err;
    const struct conf_node *root =
        conf_yaml_read(span_of("{k: 1, other: 2, k: 3, \"k\": 4}"), "f", a, &err);
    assert_non_null(root);
    const struct conf_node *first = root->first, *third = first->next->next;
    assert_null(first->earlier);
    assert_null(first->next->earlier);
    assert_ptr_equal(third->earlier, first);
    assert_ptr_equal(third->next->earlier, first);
    arena_free(a);
}

static const struct {
    const char *rule, *text, *want;
} refused[] = {
    {"alias", "a: 1\nb: *a\n",
     "f:2:4: YAML aliases are not supported; a value that begins with * needs quotes"},
    {"a wildcard without quotes", "names: [*.example.com]\n",
     "f:1:10: not YAML: while scanning an alias, did not find expected alphabetic or numeric "
     "character; a value that begins with * needs quotes"},
    {"anchor", "a: &x 1\n",
     "f:1:4: YAML anchors are not supported; a value that begins with & needs quotes"},
    {"anchor of a list", "a: &x [1]\n",
     "f:1:4: YAML anchors are not supported; a value that begins with & needs quotes"},
    {"tag", "a: !!int 1\n",
     "f:1:4: YAML tags are not supported; a value that begins with ! needs quotes"},
    {"tag of a map", "a: !x {}\n",
     "f:1:4: YAML tags are not supported; a value that begins with ! needs quotes"},
    {"second document", "a: 1\n---\nb: 2\n",
     "f:2:1: a second document begins here; one file holds one document"},
    {"a map for a key", "{a: 1}: 2\n", "f:1:1: a key must be a word, not a list or a map"},
    {"a list for a key", "? [a]\n: 2\n", "f:1:3: a key must be a word, not a list or a map"},
    {"tabs", "a:\n\t- 1\n",
     "f:2:1: not YAML: while scanning for the next token, found character that cannot start any "
     "token; indent with blanks, not tabs, and quote values that begin with @, ` or %"},
    {"open bracket", "a: [1, 2\nb: 3\n",
     "f:2:2: not YAML: while parsing a flow sequence, did not find expected ',' or ']'; a comma or "
     "the closing ] is missing"},
    {"colon in a value", "a: b: c\n",
     "f:1:5: not YAML: mapping values are not allowed in this context; quote a value with a colon "
     "and a blank in it, and check the indentation"},
    {"indentation", "a: 1\n  b: 2\n",
     "f:2:4: not YAML: mapping values are not allowed in this context; quote a value with a colon "
     "and a blank in it, and check the indentation"},
    {"not UTF-8", "a: 1\nb: \xff\n", "f:2:4: not YAML: a byte that is not UTF-8 text"},
    {"UTF-16",
     "\xff\xfe"
     "a\n",
     "f:1:1: not YAML: a byte that is not UTF-8 text"},
    {"NUL in a value", "a: \"x\\0y\"\n", "f:1:4: a value cannot hold a NUL character"},
    {"NUL in a key", "\"x\\0y\": 1\n", "f:1:1: a value cannot hold a NUL character"},
};

static void test_refused_with_a_remedy(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct arena *a = arena_new();
        struct err err;
        char line[ERR_FILE + ERR_TEXT + 32];
        if (conf_yaml_read(span_of(refused[i].text), "f", a, &err))
            fail_msg("%s: taken", refused[i].rule);
        if (strcmp(err_format(&err, line, sizeof line), refused[i].want) != 0)
            fail_msg("%s:\n  got  %s\n  want %s", refused[i].rule, line, refused[i].want);
        arena_free(a);
    }
}

static bool reads(const struct buf *text, struct err *err)
{
    struct arena *a = arena_new();
    bool ok = conf_yaml_read(buf_span(text), "f", a, err) != NULL;
    arena_free(a);
    return ok;
}

static void test_depth_is_bounded(void **unused)
{
    (void)unused;
    for (int depth = CONF_MAX_DEPTH; depth <= CONF_MAX_DEPTH + 1; depth++) {
        struct buf text = {0};
        struct err err;
        for (int i = 0; i < depth; i++)
            buf_text(&text, "[");
        for (int i = 0; i < depth; i++)
            buf_text(&text, "]");
        assert_int_equal(reads(&text, &err), depth == CONF_MAX_DEPTH);
        if (depth > CONF_MAX_DEPTH)
            assert_string_equal(err.text, "more than 32 lists and maps inside one another");
        buf_fini(&text);
    }
}

/* A megabyte of opening brackets ends at the bound, not at the end of the stack. */
static void test_hostile_nesting_ends_early(void **unused)
{
    (void)unused;
    struct buf text = {0};
    struct err err;
    for (int i = 0; i < 1 << 20; i++)
        buf_text(&text, i % 2 ? "{" : "[");
    assert_false(reads(&text, &err));
    assert_int_equal(err.col, CONF_MAX_DEPTH + 1);
    buf_fini(&text);
}

static void test_count_of_values_is_bounded(void **unused)
{
    (void)unused;
    struct buf text = {0};
    struct err err;
    buf_text(&text, "[");
    for (int i = 0; i < CONF_MAX_VALUES; i++)
        buf_text(&text, "1,");
    buf_text(&text, "]");
    assert_false(reads(&text, &err));
    assert_string_equal(err.text, "more than 1000000 values in one file");
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_with_places),
        cmocka_unit_test(test_no_document_is_an_empty_value),
        cmocka_unit_test(test_repeated_keys_point_at_the_first),
        cmocka_unit_test(test_refused_with_a_remedy),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_hostile_nesting_ends_early),
        cmocka_unit_test(test_count_of_values_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
