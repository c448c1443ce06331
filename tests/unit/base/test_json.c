#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "tests/unit/test.h"

/* The text of a value, which is freed. Valid until the next call. */
static const char *text_of(struct json *v, enum json_style style)
{
    static struct buf out;
    buf_fini(&out);
    json_write(v, style, &out);
    json_free(v);
    return buf_cstr(&out);
}

static int end_text_of(void **state)
{
    (void)state;
    text_of(json_new_array(), JSON_LINE);
    return 0;
}

static struct json *parse(const char *text)
{
    struct err err;
    struct json *v = json_parse(span_of(text), "test", &err);
    assert_non_null(v);
    return v;
}

static struct json *sample(void)
{
    struct json *v = json_new_object(), *list = json_new_array();
    json_set_text(v, "z", "last letter first");
    json_set_int(v, "big", INT64_MIN);
    json_set_bool(v, "yes", true);
    json_set_text(v, "none", NULL);
    json_set_real(v, "part", 0.1);
    json_push_text(list, "a");
    json_push(list, json_new_object());
    json_set(v, "list", list);
    return v;
}

static void keys_keep_the_order_they_were_set_in(void **state)
{
    (void)state;
    assert_string_equal(text_of(sample(), JSON_LINE),
                        "{\"z\":\"last letter first\",\"big\":-9223372036854775808,\"yes\":true,"
                        "\"none\":null,\"part\":0.1,\"list\":[\"a\",{}]}");
}

static void pretty_ends_with_a_newline_and_reads_back(void **state)
{
    struct buf pretty = {0};
    struct json *v = sample();
    (void)state;
    json_write(v, JSON_PRETTY, &pretty);
    assert_int_equal(pretty.p[pretty.len - 1], '\n');
    assert_non_null(strstr(buf_cstr(&pretty), "\n  \"yes\": true,\n"));
    struct json *again = parse(buf_cstr(&pretty));
    buf_clear(&pretty);
    json_write(v, JSON_LINE, &pretty);
    assert_string_equal(text_of(again, JSON_LINE), buf_cstr(&pretty));
    json_free(v);
    buf_fini(&pretty);
}

static void bad_utf8_becomes_u_fffd(void **state)
{
#define BAD "\xef\xbf\xbd"
    static const struct {
        const char *text, *json;
    } rows[] = {
        {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
         "[\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"]"},
        {"a\xff"
         "b",
         "[\"a" BAD "b\"]"},
        {"\xc0\xaf", "[\"" BAD BAD "\"]"},                 /* overlong */
        {"\xe0\x9f\xbf", "[\"" BAD BAD BAD "\"]"},         /* overlong */
        {"\xed\xa0\x80", "[\"" BAD BAD BAD "\"]"},         /* surrogate */
        {"\xf4\x90\x80\x80", "[\"" BAD BAD BAD BAD "\"]"}, /* above U+10FFFF */
        {"cut \xe2\x82", "[\"cut " BAD BAD "\"]"},
        {"cut \xf0\x9f\x98", "[\"cut " BAD BAD BAD "\"]"},
        {"\"\\/\n\x01", "[\"\\\"\\\\/\\n\\u0001\"]"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *v = json_new_array();
        json_push_text(v, rows[i].text);
        assert_string_equal(text_of(v, JSON_LINE), rows[i].json);
    }
    struct json *v = json_new_object();
    json_set_int(v, "k\xff", 1);
    assert_string_equal(text_of(v, JSON_LINE), "{\"k" BAD "\":1}");
}

static void numbers_that_json_lacks_are_null(void **state)
{
    struct json *v = json_new_object();
    (void)state;
    json_set_real(v, "nan", NAN);
    json_set_real(v, "inf", INFINITY);
    assert_string_equal(text_of(v, JSON_LINE), "{\"nan\":null,\"inf\":null}");
}

static void getters_give_the_default_for_another_type(void **state)
{
    struct json *v =
        parse("{\"text\": \"t\", \"int\": 7, \"real\": 7.5, \"no\": false, \"list\": [1, \"b\"]}");
    (void)state;
    assert_string_equal(json_get_text(v, "text", "d"), "t");
    assert_string_equal(json_get_text(v, "int", "d"), "d");
    assert_null(json_get_text(v, "missing", NULL));
    assert_int_equal(json_get_int(v, "int", -1), 7);
    assert_int_equal(json_get_int(v, "real", -1), -1);
    assert_int_equal(json_get_int(v, "missing", -1), -1);
    assert_false(json_get_bool(v, "no", true));
    assert_true(json_get_bool(v, "int", true));
    const struct json *list = json_get(v, "list");
    assert_int_equal(json_count(list), 2);
    assert_null(json_text(json_at(list, 0)));
    assert_string_equal(json_text(json_at(list, 1)), "b");
    assert_null(json_at(list, 2));
    assert_int_equal(json_count(v), 0);
    assert_null(json_get(list, "text"));
    assert_null(json_get(NULL, "text"));
    json_free(v);
}

static void errors_have_a_place(void **state)
{
    static const struct {
        const char *text;
        int line;
    } rows[] = {
        {"", 1},
        {"{\"a\": 1,\n \"b\": }", 2},
        {"[1] [2]", 1},
        {"{\"a\":1,\n\"a\":2}", 2},
        {"[\n\n\"\xff\"]", 3},
        {"[\"\\u0000\"]", 1},
        {"[01]", 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err;
        assert_null(json_parse(span_of(rows[i].text), "dnsd.state", &err));
        assert_string_equal(err.file, "dnsd.state");
        assert_int_equal(err.line, rows[i].line);
        assert_true(span_starts(span_of(err.text), "not JSON: "));
    }
}

static void depth_and_size_are_bounded(void **state)
{
    struct err err;
    char *text = malloc(JSON_MAX_TEXT + 1);
    (void)state;
    memset(text, '[', JSON_MAX_TEXT + 1);
    assert_null(json_parse(span_bytes(text, JSON_MAX_TEXT), "deep", &err));
    assert_null(json_parse(span_bytes(text, JSON_MAX_TEXT + 1), "large", &err));
    assert_string_equal(err.text, "16777217 bytes of JSON; at most 16777216 are read");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_keep_the_order_they_were_set_in),
        cmocka_unit_test(pretty_ends_with_a_newline_and_reads_back),
        cmocka_unit_test(bad_utf8_becomes_u_fffd),
        cmocka_unit_test(numbers_that_json_lacks_are_null),
        cmocka_unit_test(getters_give_the_default_for_another_type),
        cmocka_unit_test(errors_have_a_place),
        cmocka_unit_test(depth_and_size_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, end_text_of);
}
