/* base/conf_value, conf_text, conf_nearest: every kind of scalar, both ways. */
#include "base/conf_text.h"
#include "base/conf_value.h"
#include "base/net.h"
#include "tests/unit/test.h"

static const struct conf_word off[] = {{"off", 0}, {NULL, 0}};
static const struct conf_word all[] = {{"all", 0}, {NULL, 0}};
static const struct conf_word colours[] = {{"red", 7}, {"green", 9}, {NULL, 0}};

static const struct conf_field flag = {.kind = CONF_BOOL};
static const struct conf_field number = {.kind = CONF_INT};
static const struct conf_field small = {.kind = CONF_INT, .min = -5, .max = 100, .words = all};
static const struct conf_field wait = {.kind = CONF_DURATION};
static const struct conf_field size = {.kind = CONF_SIZE};
static const struct conf_field colour = {.kind = CONF_ENUM, .words = colours};
static const struct conf_field text = {.kind = CONF_TEXT, .words = off};
static const struct conf_field secret = {.kind = CONF_TEXT, .secret = true};
static const struct conf_field address = {.kind = CONF_ADDR};
static const struct conf_field endpoint = {.kind = CONF_ENDPOINT, .words = off};
static const struct conf_field prefix = {.kind = CONF_PREFIX};

/* What is read, and how it is written again; NULL: refused. */
static const struct {
    const struct conf_field *row;
    const char *in, *out;
} cases[] = {
    {&flag, "yes", "yes"},
    {&flag, "on", "yes"},
    {&flag, "true", "yes"},
    {&flag, "no", "no"},
    {&flag, "off", "no"},
    {&flag, "false", "no"},
    {&flag, "1", NULL},
    {&flag, "", NULL},
    {&number, "0", "0"},
    {&number, "-0", "0"},
    {&number, "007", "7"},
    {&number, "-12", "-12"},
    {&number, "9223372036854775807", "9223372036854775807"},
    {&number, "-9223372036854775808", "-9223372036854775808"},
    {&number, "9223372036854775808", NULL},
    {&number, "-9223372036854775809", NULL},
    {&number, "99999999999999999999999999", NULL},
    {&number, "+1", NULL},
    {&number, "-", NULL},
    {&number, "", NULL},
    {&number, " 1", NULL},
    {&number, "1 ", NULL},
    {&number, "1.5", NULL},
    {&number, "0x10", NULL},
    {&number, "1e3", NULL},
    {&number, "1s", NULL},
    {&small, "-5", "-5"},
    {&small, "-6", NULL},
    {&small, "100", "100"},
    {&small, "101", NULL},
    {&small, "all", "all"},
    {&small, "0", "all"},
    {&wait, "250ms", "250ms"},
    {&wait, "1000ms", "1s"},
    {&wait, "90s", "90s"},
    {&wait, "120s", "2m"},
    {&wait, "24h", "24h"},
    {&wait, "0", "0"},
    {&wait, "0s", "0"},
    {&wait, "5", NULL},
    {&wait, "s", NULL},
    {&wait, "5 s", NULL},
    {&wait, "5S", NULL},
    {&wait, "1m30s", NULL},
    {&wait, "9223372036854775807h", NULL},
    {&size, "512", "512"},
    {&size, "1024", "1KiB"},
    {&size, "64KiB", "64KiB"},
    {&size, "5GiB", "5GiB"},
    {&size, "1536MiB", "1536MiB"},
    {&size, "2TiB", "2TiB"},
    {&size, "64KB", NULL},
    {&size, "64kib", NULL},
    {&size, "9999999TiB", NULL},
    {&colour, "red", "red"},
    {&colour, "green", "green"},
    {&colour, "Green", NULL},
    {&colour, "7", NULL},
    {&text, "plain", "plain"},
    {&text, "off", "off"},
    {&text, "", "\"\""},
    {&text, "/a/b.c_d-e", "/a/b.c_d-e"},
    {&text, "a b", "\"a b\""},
    {&text, "- a", "\"- a\""},
    {&text, "*", "\"*\""},
    {&text, "say \"x\\y\"", "\"say \\\"x\\\\y\\\"\""},
    {&text, "pa$word", "\"pa$$word\""},
    {&text, "na\xc3\xafve", "\"na\xc3\xafve\""},
    {&text, "tab\there", NULL},
    {&text, "line\nbreak", NULL},
    {&text, "del\x7f", NULL},
    {&text, "\xff", NULL},
    {&secret, "s3cret", "\"***\""},
    {&address, "10.0.0.1", "10.0.0.1"},
    {&address, "2001:DB8:0::1", "\"2001:db8::1\""},
    {&address, "10.0.0.1:53", NULL},
    {&address, "host", NULL},
    {&endpoint, "127.0.0.1:53", "\"127.0.0.1:53\""},
    {&endpoint, "[::]:53", "\"[::]:53\""},
    {&endpoint, "off", "off"},
    {&endpoint, "127.0.0.1", NULL},
    {&endpoint, "127.0.0.1:0", NULL},
    {&endpoint, "127.0.0.1:65536", NULL},
    {&prefix, "10.0.0.0/8", "10.0.0.0/8"},
    {&prefix, "0.0.0.0/0", "0.0.0.0/0"},
    {&prefix, "10.0.0.1", "10.0.0.1/32"},
    {&prefix, "2001:db8::/32", "\"2001:db8::/32\""},
    {&prefix, "10.0.0.1/8", NULL},
    {&prefix, "10.0.0.0/33", NULL},
};

static void test_every_kind_both_ways(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *a = arena_new();
        struct prefix value = {0}; /* the largest kind */
        struct err err = {0};
        struct buf got = {0};
        bool ok = conf_value_read(cases[i].row, span_of(cases[i].in), &value, a, &err);
        if (ok)
            conf_value_write(cases[i].row, &value, &got);
        if (ok != (cases[i].out != NULL))
            fail_msg("\"%s\": %s", cases[i].in, ok ? "taken" : err.text);
        if (ok && strcmp(buf_cstr(&got), cases[i].out) != 0)
            fail_msg("\"%s\": written as %s, not %s", cases[i].in, got.p, cases[i].out);
        if (!ok)
            assert_true(err.text[0] != '\0' && value.base.family == 0);
        buf_fini(&got);
        arena_free(a);
    }
}

/* RFC 3629 section 3 and 10: the shortest form only, no surrogates, nothing over U+10FFFF. */
static const struct {
    const char *text;
    bool valid;
} texts[] = {
    {"", true},
    {"ascii ~", true},
    {"\xc2\xa0", true},
    {"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", true},
    {"\xef\xbf\xbd", true},
    {"\x1f", false},
    {"\x7f", false},
    {"\xc2\x80", false},     /* C1 control */
    {"\xc2\x85", false},     /* NEL breaks lines in YAML */
    {"\xe2\x80\xa8", false}, /* U+2028 too */
    {"\xef\xbb\xbf", false}, /* byte order mark */
    {"\xef\xbf\xbe", false}, /* noncharacter U+FFFE */
    {"\x80", false},         /* continuation without a lead */
    {"\xc3", false},         /* lead without a continuation */
    {"\xc3x", false},
    {"\xc0\xaf", false}, /* overlong / */
    {"\xe0\x80\xaf", false},
    {"\xf0\x80\x80\xaf", false},
    {"\xed\xa0\x80", false},     /* surrogate */
    {"\xf4\x90\x80\x80", false}, /* U+110000 */
    {"\xf8\x88\x80\x80\x80", false},
};

static void test_text_is_printable_utf8(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (conf_text_valid(span_of(texts[i].text)) != texts[i].valid)
            fail_msg("text %zu: not %d", i, texts[i].valid);
    assert_false(conf_text_valid(span_bytes("a\0b", 3)));
}

static const char *const keys[] = {"interval", "fastinter", "downinter",       "rise",
                                   "fall",     "ttl",       "timeout_connect", "timeout_response",
                                   "probe"};

static const char *key_at(const void *arg, size_t i)
{
    (void)arg;
    return i < COUNT(keys) ? keys[i] : NULL;
}

static const struct {
    const char *word, *near; /* NULL: none */
} nearest[] = {
    {"intervall", "interval"},
    {"intreval", "interval"},
    {"Interval", "interval"},
    {"fastinterval", "fastinter"},
    {"timeout_conect", "timeout_connect"},
    {"risee", "rise"},
    {"tlt", "ttl"},
    {"prob", "probe"},
    {"timeout_respnse", "timeout_response"},
    {"xyzzy", NULL},
    {"", NULL},
    {"a", NULL},
    {"completely_different", NULL},
    {"interval_interval_interval_interval_interval", NULL}, /* too long to be a mistake */
};

static void test_nearest(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(nearest); i++) {
        const char *got = conf_nearest(span_of(nearest[i].word), key_at, NULL);
        const char *want = nearest[i].near;
        if ((got == NULL) != (want == NULL) || (got && strcmp(got, want) != 0))
            fail_msg("%s: %s, not %s", nearest[i].word, got ? got : "none", want ? want : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_both_ways),
        cmocka_unit_test(test_text_is_printable_utf8),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
