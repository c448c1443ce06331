/* test_steer.c - reports, orders, time and reloads as steer takes them in. */
#include "tests/unit/dnsd/steer/steer_answer.h"

static const char *const three[] = {"a=10.0.0.1", "b=10.0.0.2", "c=10.0.0.3", NULL};

static struct stage *three_up(void)
{
    struct stage *s = stage_open(three);
    stage_put_all(s, "up up up");
    return s;
}

static enum steer_verdict order(struct stage *s, struct steer_request r, size_t *matched,
                                bool *changed)
{
    return steer_order(s->steer, &r, s->now_ms, STAGE_WALL + 2, matched, changed);
}

/* ORDER(s, "a", ORDER_DRAIN, .force = true) */
#define ORDER(s, who, ...)                                                                         \
    order((s), (struct steer_request){.node = (who), .order = __VA_ARGS__}, &matched, &changed)

/* --- reports --- */

static void a_report_of_an_old_configuration_is_ignored(void **state)
{
    (void)state;
    struct stage *s = three_up();
    struct probe_report old = {.target = stage_target(s, 1, 0), .health = {.op = OP_DOWN}};
    stage_configure(s);
    assert_false(steer_report(s->steer, &old, 0));
    old.target = stage_target(s, 2, 0) + 1;
    assert_false(steer_report(s->steer, &old, 0));
    old.target = 0;
    assert_false(steer_report(s->steer, &old, 0));
    ASSERT_ANSWER(s, FAMILY_V4, "a b c ttl=5");
    stage_close(s);
}

static void only_a_change_of_the_answers_is_told(void **state)
{
    (void)state;
    struct stage *s = three_up();
    assert_false(stage_put(s, 0, 0, "up"));
    assert_false(stage_put(s, 0, 0, "going_down"));
    assert_true(stage_put(s, 0, 0, "suspect"));
    assert_false(stage_put(s, 0, 0, "suspect"));
    assert_false(stage_put(s, 0, 0, "down/1"));
    assert_false(stage_put(s, 0, 0, "going_up"));
    assert_true(stage_put(s, 0, 0, "up"));
    stage_close(s);
}

/* A world shares the images of what did not change with the world before. */
static void an_unchanged_pool_is_not_built_again(void **state)
{
    (void)state;
    struct stage *s = three_up();
    struct world *one = steer_world(s->steer, s->zones), *two = steer_world(s->steer, s->zones);
    assert_ptr_equal(one->services[0], two->services[0]);
    assert_true(two->number > one->number);
    world_free(one);
    assert_true(stage_put(s, 0, 0, "down/1"));
    struct world *three_ = steer_world(s->steer, s->zones);
    assert_ptr_not_equal(two->services[0], three_->services[0]);
    world_free(two);
    world_free(three_);
    stage_close(s);
}

static void changes_are_told_with_their_reason(void **state)
{
    (void)state;
    struct stage *s = three_up();
    assert_int_equal(s->n_changes, 3);
    (void)stage_put(s, 1, 0, "going_down");
    assert_string_equal(s->last_change, "s3/b: up -> going_down (test: going_down) 3/3");
    (void)stage_put(s, 1, 0, "down/1");
    assert_string_equal(s->last_change, "s3/b: going_down -> down (test: down/1) 2/3");
    unsigned before = s->n_changes;
    (void)stage_put(s, 1, 0, "down/1");
    assert_int_equal(s->n_changes, before);
    stage_close(s);
}

/* --- the node's own word --- */

static void a_word_holds_until_a_better_one_or_a_passed_check(void **state)
{
    static const struct {
        const char *what;
        struct probe_report next;
        bool still_draining;
    } rows[] = {
        {"trouble on our own host", {.health = {.op = OP_UP, .success_ms = 50}}, true},
        {"a failed check", {.health = {OP_GOING_DOWN, .count = 1, .success_ms = 50}}, true},
        {"a reset of the idle connection",
         {.health = {.op = OP_UP, .suspect = true, .reason = REASON_OK, .success_ms = 50}},
         true},
        {"drain again", {.health = {.op = OP_UP, .success_ms = 60}, .word = WORD_DRAIN}, true},
        {"a passed check", {.health = {.op = OP_UP, .success_ms = 60}}, false},
        {"ready", {.health = {.op = OP_UP, .success_ms = 60}, .word = WORD_READY}, false},
        {"starting", {.health = {.op = OP_DOWN, .success_ms = 50}, .word = WORD_STARTING}, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stage *s = stage_open(three);
        struct probe_report drain = {.target = stage_target(s, 0, 0),
                                     .health = {.op = OP_UP, .success_ms = 50},
                                     .word = WORD_DRAIN};
        assert_true(steer_report(s->steer, &drain, 0));
        assert_int_equal(stage_state(s, 0), NODE_DRAIN);
        struct probe_report next = rows[i].next;
        next.target = drain.target;
        s->n_changes += steer_report(s->steer, &next, 0);
        if ((stage_state(s, 0) == NODE_DRAIN) != rows[i].still_draining)
            fail_msg("after %s the node is %s", rows[i].what, node_state_words[stage_state(s, 0)]);
        stage_close(s);
    }
}

/* --- load --- */

static void a_report_that_grew_old_is_unknown(void **state)
{
    (void)state;
    struct stage *s = three_up();
    assert_true(stage_put(s, 1, 0, "full/100"));
    assert_false(steer_tick(s->steer, s->now_ms + 9000, STAGE_WALL));
    ASSERT_ANSWER(s, FAMILY_V4, "a c ttl=5");
    assert_true(steer_tick(s->steer, s->now_ms + 11000, STAGE_WALL));
    ASSERT_ANSWER(s, FAMILY_V4, "a b c ttl=5");
    assert_false(steer_tick(s->steer, s->now_ms + 12000, STAGE_WALL));
    stage_close(s);
}

/* --- orders --- */

static void drain_and_enable(void **state)
{
    size_t matched;
    bool changed;
    (void)state;
    struct stage *s = three_up();
    assert_int_equal(ORDER(s, "b", ORDER_DRAIN, .reason = "disk\nswap\x1b"), STEER_DONE);
    assert_int_equal(matched, 1);
    assert_true(changed);
    assert_string_equal(s->last_change, "s3/b: up -> drain (operator: disk swap ) 2/3");
    ASSERT_ANSWER(s, FAMILY_V4, "a c ttl=5");
    assert_int_equal(ORDER(s, "b", ORDER_NONE), STEER_DONE);
    assert_true(changed);
    assert_int_equal(stage_state(s, 1), NODE_UP);
    assert_int_equal(ORDER(s, "b", ORDER_NONE), STEER_DONE);
    assert_false(changed);
    stage_close(s);
}

static void enable_clears_only_the_operators_order(void **state)
{
    size_t matched;
    bool changed;
    (void)state;
    struct stage *s = three_up();
    (void)stage_put(s, 1, 0, "drain");
    assert_int_equal(ORDER(s, "b", ORDER_MAINT), STEER_DONE);
    assert_int_equal(stage_state(s, 1), NODE_MAINT);
    assert_int_equal(ORDER(s, "b", ORDER_NONE), STEER_DONE);
    assert_int_equal(stage_state(s, 1), NODE_DRAIN);
    stage_close(s);
}

static void nobody_matches(void **state)
{
    size_t matched;
    bool changed;
    (void)state;
    struct stage *s = three_up();
    assert_int_equal(ORDER(s, "x", ORDER_MAINT), STEER_NO_SUCH_NODE);
    assert_int_equal(matched, 0);
    assert_false(changed);
    stage_close(s);
}

static void an_order_that_would_empty_changes_nobody(void **state)
{
    size_t matched;
    bool changed;
    (void)state;
    struct stage *s = three_up();
    (void)stage_put(s, 2, 0, "full/100");
    assert_int_equal(ORDER(s, "[ab]", ORDER_DRAIN), STEER_WOULD_EMPTY);
    assert_int_equal(matched, 0);
    assert_false(changed);
    assert_int_equal(stage_state(s, 0), NODE_UP);
    assert_int_equal(stage_state(s, 1), NODE_UP);
    assert_int_equal(ORDER(s, "a", ORDER_DRAIN), STEER_DONE);
    assert_int_equal(ORDER(s, "b", ORDER_MAINT), STEER_WOULD_EMPTY);
    assert_int_equal(ORDER(s, "c", ORDER_MAINT), STEER_DONE);
    assert_int_equal(ORDER(s, "b", ORDER_DRAIN, .force = true), STEER_DONE);
    ASSERT_ANSWER(s, FAMILY_V4, "a b ttl=1");
    stage_close(s);
}

/* Two pools: an order over both is refused as a whole if it would empty one of them. */
static void an_order_over_two_pools_is_all_or_none(void **state)
{
    size_t matched;
    bool changed;
    (void)state;
    struct stage *s = three_up();
    struct addr ip;
    assert_true(addr_parse_ip(span_of("10.9.0.1"), &ip));
    const struct steer_node lone = {"lone", &ip, 1};
    struct steer_pool pools[] = {s->pool, s->pool};
    pools[1].name = "other";
    pools[1].nodes = &lone;
    pools[1].n_nodes = 1;
    const struct steer_conf two = {pools, 2};
    steer_configure(s->steer, &two, s->now_ms, STAGE_WALL);
    (void)stage_put(s, 2, 0, "up");
    size_t n;
    struct probe_report up = {.target = steer_targets(s->steer, &n)[3].id,
                              .health = {.op = OP_UP, .success_ms = 1}};
    assert_true(steer_report(s->steer, &up, 0));
    assert_int_equal(ORDER(s, "10.*.0.1", ORDER_MAINT), STEER_WOULD_EMPTY);
    assert_int_equal(stage_state(s, 0), NODE_UP);
    assert_int_equal(ORDER(s, "s3/10.*.0.1", ORDER_MAINT), STEER_DONE);
    assert_int_equal(matched, 1);
    assert_int_equal(ORDER(s, "10.*.0.1", ORDER_MAINT, .force = true), STEER_DONE);
    assert_int_equal(matched, 2);
    stage_configure(s);
    stage_close(s);
}

static void an_order_ends_by_itself(void **state)
{
    size_t matched;
    bool changed;
    (void)state;
    struct stage *s = three_up();
    assert_int_equal(ORDER(s, "b", ORDER_MAINT, .until_ms = s->now_ms + 5000), STEER_DONE);
    assert_false(steer_tick(s->steer, s->now_ms + 4999, STAGE_WALL));
    assert_int_equal(stage_state(s, 1), NODE_MAINT);
    assert_true(steer_tick(s->steer, s->now_ms + 5000, STAGE_WALL));
    assert_int_equal(stage_state(s, 1), NODE_UP);
    ASSERT_ANSWER(s, FAMILY_V4, "a b c ttl=5");
    stage_close(s);
}

/* --- reloads --- */

static void a_reload_keeps_what_is_known(void **state)
{
    size_t matched;
    bool changed;
    (void)state;
    struct stage *s = three_up();
    (void)stage_put(s, 0, 0, "down/1");
    (void)stage_put(s, 1, 0, "full/100");
    assert_int_equal(ORDER(s, "c", ORDER_DRAIN, .reason = "later", .force = true), STEER_DONE);
    unsigned before = s->n_changes;
    stage_configure(s);
    assert_int_equal(s->n_changes, before);
    assert_int_equal(stage_state(s, 0), NODE_DOWN);
    assert_int_equal(stage_state(s, 1), NODE_FULL);
    assert_int_equal(stage_state(s, 2), NODE_DRAIN);
    assert_true(steer_first_round_done(s->steer));
    assert_int_equal(ORDER(s, "c", ORDER_NONE), STEER_DONE);
    ASSERT_ANSWER(s, FAMILY_V4, "c ttl=5");
    stage_close(s);
}

/* The verdict stays until the new probe comes to another one; its counting starts over. */
static void a_reload_with_another_probe_keeps_the_verdict(void **state)
{
    (void)state;
    struct stage *s = stage_open(three);
    stage_put_all(s, "going_down down/1 going_up");
    struct probe_conf other = s->probe;
    other.port = 9001;
    s->pool.probe = &other;
    stage_configure(s);
    ASSERT_ANSWER(s, FAMILY_V4, "a ttl=5");
    size_t n;
    const struct steer_target *t = steer_targets(s->steer, &n);
    assert_int_equal(t[0].health.op, OP_UP);
    assert_int_equal(t[1].health.op, OP_DOWN);
    assert_int_equal(t[2].health.op, OP_DOWN);
    assert_int_equal(t[0].at.port, 9001);
    stage_close(s);
}

static void a_reload_forgets_who_left_and_checks_who_came(void **state)
{
    (void)state;
    struct stage *s = three_up();
    struct steer_node nodes[] = {s->nodes[1], {"d", &s->addrs[3][0], 1}};
    assert_true(addr_parse_ip(span_of("10.0.0.4"), &s->addrs[3][0]));
    const struct steer_pool all = s->pool;
    s->pool.nodes = nodes;
    s->pool.n_nodes = 2;
    stage_configure(s);
    assert_false(steer_first_round_done(s->steer));
    ASSERT_ANSWER(s, FAMILY_V4, "b ttl=5");
    assert_int_equal(stage_state(s, 0), NODE_UP);
    assert_int_equal(stage_state(s, 1), NODE_UNCHECKED);
    s->pool = all;
    stage_configure(s);
    assert_int_equal(stage_state(s, 0), NODE_UNCHECKED);
    ASSERT_ANSWER(s, FAMILY_V4, "b ttl=5");
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_of_an_old_configuration_is_ignored),
        cmocka_unit_test(only_a_change_of_the_answers_is_told),
        cmocka_unit_test(an_unchanged_pool_is_not_built_again),
        cmocka_unit_test(changes_are_told_with_their_reason),
        cmocka_unit_test(a_word_holds_until_a_better_one_or_a_passed_check),
        cmocka_unit_test(a_report_that_grew_old_is_unknown),
        cmocka_unit_test(drain_and_enable),
        cmocka_unit_test(enable_clears_only_the_operators_order),
        cmocka_unit_test(nobody_matches),
        cmocka_unit_test(an_order_that_would_empty_changes_nobody),
        cmocka_unit_test(an_order_over_two_pools_is_all_or_none),
        cmocka_unit_test(an_order_ends_by_itself),
        cmocka_unit_test(a_reload_keeps_what_is_known),
        cmocka_unit_test(a_reload_with_another_probe_keeps_the_verdict),
        cmocka_unit_test(a_reload_forgets_who_left_and_checks_who_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
