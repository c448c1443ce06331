/* Access keys and what they cover. */
#include "s3node/op/keyring.h"
#include "tests/unit/test.h"

static void globs(void **state)
{
    (void)state;
    static const struct {
        const char *glob, *text;
        bool want;
    } cases[] = {
        {"*", "anything", true},
        {"*", "", true},
        {"logs", "logs", true},
        {"logs", "logs2", false},
        {"logs-*", "logs-", true},
        {"logs-*", "logs-2026", true},
        {"logs-*", "log-2026", false},
        {"*-logs", "a-logs", true},
        {"*-logs", "a-logs-b", false},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-c-b", false},
        {"??", "ab", true},
        {"??", "abc", false},
        {"a**", "a", true},
        {"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("%s %s\n", cases[i].glob, cases[i].text);
        assert_int_equal(glob_match(span_of(cases[i].glob), span_of(cases[i].text)), cases[i].want);
    }
}

static void a_ring_keeps_copies(void **state)
{
    (void)state;
    char access[] = "app", glob[] = "data-*";
    struct span globs[] = {span_of(glob), span_of("x")};
    struct key keys[] = {
        {.access = span_of(access), .secret = span_of("s"), .buckets = globs, .n_buckets = 2},
        {.access = span_of("all"), .secret = span_of("t"), .mode = KEY_ADMIN},
    };
    struct keyring *ring = keyring_new(keys, COUNT(keys));
    memset(access, '?', sizeof access - 1);
    memset(glob, '?', sizeof glob - 1);
    struct keyring *other = keyring_ref(ring);
    keyring_unref(ring);
    const struct key *app = keyring_find(other, span_of("app"));
    assert_non_null(app);
    assert_true(key_covers(app, span_of("data-1")));
    assert_true(key_covers(app, span_of("x")));
    assert_false(key_covers(app, span_of("other")));
    assert_true(key_covers(keyring_find(other, span_of("all")), span_of("other")));
    assert_null(keyring_find(other, span_of("ap")));
    assert_null(keyring_find(other, span_of("")));
    keyring_unref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs),
        cmocka_unit_test(a_ring_keeps_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
