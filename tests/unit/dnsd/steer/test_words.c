/* test_words.c - states in one word, by precedence: maint drain down going_up unchecked full
 * going_down up (contract); and the sentences behind them. */
#include "tests/unit/dnsd/steer/steer_test.h"

static const char *const one[] = {"a=10.0.0.1,10.0.1.1", NULL};

/* The situations that say each word, in order of precedence: of two, the former must win. */
static const struct {
    const char *situation;
    enum node_state word;
    bool op; /* an address is in one such state at a time */
} words[] = {
    {"maint", NODE_MAINT, false},
    {"drain", NODE_DRAIN, false},
    {"down/1", NODE_DOWN, true},
    {"going_up", NODE_GOING_UP, true},
    {"unchecked", NODE_UNCHECKED, true},
    {"full/100", NODE_FULL, false},
    {"going_down", NODE_GOING_DOWN, true},
    {"suspect", NODE_GOING_DOWN, true},
    {"up", NODE_UP, true},
};

static enum node_state state_of(const char *situation)
{
    struct stage *s = stage_open(one);
    stage_put_all(s, situation);
    enum node_state state = stage_state(s, 0);
    stage_close(s);
    return state;
}

static void precedence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        assert_int_equal(state_of(words[i].situation), words[i].word);
        for (size_t j = i + 1; j < COUNT(words); j++) {
            char both[64];
            if (words[i].op && words[j].op)
                continue;
            if (words[i].word <= NODE_DRAIN && words[j].word <= NODE_DRAIN)
                continue; /* a node says one word at a time; orders are tested below */
            snprintf(both, sizeof both, "%s+%s", words[i].situation, words[j].situation);
            if (state_of(both) != words[i].word)
                fail_msg("%s is %s", both, node_state_words[state_of(both)]);
        }
    }
}

static void the_best_address_speaks_for_its_node(void **state)
{
    static const struct {
        const char *first, *second;
        enum node_state word;
    } rows[] = {
        {"down/1", "up", NODE_UP},
        {"up", "down/1", NODE_UP},
        {"down/1", "going_down", NODE_GOING_DOWN},
        {"suspect", "going_up", NODE_GOING_DOWN},
        {"unchecked", "down/1", NODE_UNCHECKED},
        {"going_up", "unchecked", NODE_GOING_UP},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stage *s = stage_open(one);
        (void)stage_put(s, 0, 0, rows[i].first);
        (void)stage_put(s, 0, 1, rows[i].second);
        assert_int_equal(stage_state(s, 0), rows[i].word);
        stage_close(s);
    }
}

static void reason_is(struct stage *s, const char *want)
{
    struct status *status = steer_status(s->steer, s->now_ms, STAGE_WALL);
    assert_string_equal(status->pools[0].nodes[0].reason, want);
    status_free(status);
}

static void order(struct stage *s, enum steer_order what, const char *reason)
{
    size_t matched;
    bool changed;
    const struct steer_request r = {.node = "a", .order = what, .reason = reason, .force = true};
    assert_int_equal(steer_order(s->steer, &r, s->now_ms, STAGE_WALL, &matched, &changed),
                     STEER_DONE);
}

static void reasons_in_words(void **state)
{
    (void)state;
    struct stage *s = stage_open(one);
    reason_is(s, "not checked yet");
    stage_put_all(s, "up");
    reason_is(s, "test: up");
    stage_put_all(s, "full/100");
    reason_is(s, "the node says full: 100 of 100 connections");
    stage_put_all(s, "drain");
    reason_is(s, "the node itself says drain");
    order(s, ORDER_DRAIN, NULL);
    reason_is(s, "by order of an operator");
    order(s, ORDER_MAINT, "new disks");
    reason_is(s, "operator: new disks");
    order(s, ORDER_DRAIN, NULL);
    assert_int_equal(stage_state(s, 0), NODE_DRAIN);
    stage_put_all(s, "maint");
    assert_int_equal(stage_state(s, 0), NODE_MAINT);
    reason_is(s, "the node itself says maintenance");
    stage_close(s);
}

static void a_reason_is_one_short_line(void **state)
{
    (void)state;
    struct stage *s = stage_open(one);
    char *reason = NEW_ARRAY(char, 60001);
    memset(reason, '\n', 60000);
    order(s, ORDER_MAINT, reason);
    struct status *status = steer_status(s->steer, s->now_ms, STAGE_WALL);
    const char *got = status->pools[0].nodes[0].reason;
    assert_true(strlen(got) < 256);
    assert_null(strpbrk(got, "\n\r\t\x1b"));
    status_free(status);
    free(reason);
    stage_close(s);
}

static void warning_is(const char *situations, size_t min_nodes, const char *want)
{
    static const char *const two[] = {"a=10.0.0.1", "b=10.0.0.2", NULL};
    struct stage *s = stage_open(two);
    s->pool.min_nodes = min_nodes;
    stage_configure(s);
    stage_put_all(s, situations);
    struct status *status = steer_status(s->steer, s->now_ms, STAGE_WALL);
    const char *got = status->pools[0].warning;
    if (want ? !got || strcmp(got, want) != 0 : got != NULL)
        fail_msg("%s: %s", situations, got ? got : "no warning");
    status_free(status);
    stage_close(s);
}

static void what_is_wrong_with_the_pool(void **state)
{
    (void)state;
    warning_is("up up", 2, NULL);
    warning_is("up down/1", 1, NULL);
    warning_is("up full/9", 2,
               "1 of 2 nodes eligible, fewer than min_nodes 2: full ones answer too");
    warning_is("full/9 down/1", 1,
               "no node of 2 is eligible: the answers fall back to the best that is left");
    warning_is("maint maint", 1, "every node is in maintenance: there is no answer but SERVFAIL");
}

static void why_tells_everything(void **state)
{
    static const char *const parts[] = {
        "s3/a: maint since 1970-01-01T01:56:40Z, not in the answers\n",
        "  why    operator: new disks\n",
        "  check  10.0.0.1: down; last: test: down/3; last passed ",
        "  check  10.0.1.1: going_down (0 of 3 failures)",
        "  admin  operator: maint (new disks) for 60 s more; the node says: nothing against it\n",
        "  load   normal: 10 of 100 connections, reported ",
        "the node decides itself (it says ready)\n",
    };
    (void)state;
    size_t matched;
    bool changed;
    struct stage *s = stage_open(one);
    (void)stage_put(s, 0, 0, "down/3");
    (void)stage_put(s, 0, 1, "going_down");
    const struct steer_request r = {"a", ORDER_MAINT, "new disks", s->now_ms + 60000, true};
    assert_int_equal(steer_order(s->steer, &r, s->now_ms, STAGE_WALL, &matched, &changed),
                     STEER_DONE);
    struct buf out = {0};
    assert_int_equal(steer_why(s->steer, "10.0.1.1", s->now_ms, &out), 1);
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!strstr(buf_cstr(&out), parts[i]))
            fail_msg("\"%s\" is not in\n%s", parts[i], buf_cstr(&out));
    assert_int_equal(steer_why(s->steer, "nobody", s->now_ms, &out), 0);
    buf_fini(&out);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence),
        cmocka_unit_test(the_best_address_speaks_for_its_node),
        cmocka_unit_test(reasons_in_words),
        cmocka_unit_test(a_reason_is_one_short_line),
        cmocka_unit_test(what_is_wrong_with_the_pool),
        cmocka_unit_test(why_tells_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
