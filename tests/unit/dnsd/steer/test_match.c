/* test_match.c - what an operator types for a node: names, addresses, globs, POOL/NODE. */
#include "tests/unit/dnsd/steer/steer_test.h"

static const char *const specs[] = {"web-1=10.0.0.1", "web-2=10.0.0.12,2001:db8::2", "C=10.0.0.3",
                                    NULL};

static const struct {
    const char *pattern;
    const char *matches; /* indices of the nodes */
} rows[] = {
    {"web-1", "0"},     {"web-2", "1"},      {"c", "2"},           {"C", "2"},
    {"web-*", "01"},    {"WEB-?", "01"},     {"web-[13]", "0"},    {"*", "012"},
    {"10.0.0.1", "0"},  {"10.0.0.1*", "01"}, {"2001:db8::2", "1"}, {"2001:db8::*", "1"},
    {"s3/web-1", "0"},  {"S3/c", "2"},       {"s*/10.0.0.3", "2"}, {"s3/*", "012"},
    {"*/*", "012"},     {"other/web-1", ""}, {"s3/", ""},          {"/web-1", ""},
    {"s3/web-1/x", ""}, {"web", ""},         {"eb-1", ""},         {"", ""},
    {"[", ""},          {"\\", ""},          {"10.0.0", ""},
};

static void patterns(void **state)
{
    (void)state;
    struct stage *s = stage_open(specs);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[8] = "", *end = got; /* the places of the nodes that match, as digits */
        for (size_t n = 0; n < s->pool.n_nodes; n++)
            if (match_node(rows[i].pattern, &s->steer->pools[0], &s->steer->pools[0].nodes[n]))
                *end++ = (char)('0' + n);
        if (strcmp(got, rows[i].matches) != 0)
            fail_msg("\"%s\" matches \"%s\", not \"%s\"", rows[i].pattern, got, rows[i].matches);
    }
    stage_close(s);
}

static void a_long_pattern_matches_nobody(void **state)
{
    (void)state;
    struct stage *s = stage_open(specs);
    char *pattern = NEW_ARRAY(char, 64 * 1024);
    memset(pattern, 's', 64 * 1024 - 1);
    assert_false(match_node(pattern, &s->steer->pools[0], &s->steer->pools[0].nodes[0]));
    pattern[60000] = '/';
    assert_false(match_node(pattern, &s->steer->pools[0], &s->steer->pools[0].nodes[0]));
    free(pattern);
    stage_close(s);
}

/* A glob that would take for ever if it were tried in every way. */
static void a_hostile_pattern_ends(void **state)
{
    static const char *const long_name[] = {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=10.0.0.1", NULL};
    (void)state;
    struct stage *s = stage_open(long_name);
    char pattern[200] = "";
    for (size_t i = 0; i + 2 < sizeof pattern; i += 2)
        memcpy(pattern + i, "*a", 3);
    pattern[sizeof pattern - 2] = 'b';
    assert_false(match_node(pattern, &s->steer->pools[0], &s->steer->pools[0].nodes[0]));
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns),
        cmocka_unit_test(a_long_pattern_matches_nobody),
        cmocka_unit_test(a_hostile_pattern_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
