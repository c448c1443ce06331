/* Many checks in a row: the kept connection and its tripwire, suspicion, confirmation, pace. */
#include "probe/check.h"
#include "probe/probe.h"
#include "tests/unit/probe/bench.h"
#include "tests/unit/test.h"

#define REPLY_200 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

/* With this pace nothing but a tripwire brings a second check within a test. */
static const char slow[] = "{interval: 1h, fastinter: 10ms, timeout_response: 900ms}";

static const struct fake_script healthy = {.reply = REPLY_200};

static void start_up(struct bench *b, const char *yaml, const struct fake_script *script)
{
    bench_start(b, yaml, script);
    bench_run(b, 1);
    assert_int_equal(b->last.health.op, OP_UP);
    assert_true(b->last.changed);
}

/* --- the kept connection ---------------------------------------------------------------------- */

static void checks_share_one_connection(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, "{interval: 10ms}", &healthy);
    bench_run(&b, 5);
    assert_int_equal(b.node.accepted, 1);
    assert_int_equal(b.node.requests, 5);
    assert_int_equal(b.last.checks, 5);
    assert_false(b.last.changed);
    bench_stop(&b);
}

static void without_keepalive_every_check_connects(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, "{interval: 10ms, keepalive: no}", &healthy);
    bench_run(&b, 3);
    assert_int_equal(b.node.accepted, 3);
    bench_stop(&b);
}

static void a_peer_that_says_close_is_left_at_once(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, "{interval: 10ms}",
             &(struct fake_script){
                 .reply = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"});
    bench_run(&b, 3);
    assert_int_equal(b.node.accepted, 3);
    bench_stop(&b);
}

static void a_peer_that_says_more_than_its_reply_is_left_at_once(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, "{interval: 10ms}", &(struct fake_script){.reply = REPLY_200 "HTTP/1.1 500 no"});
    bench_run(&b, 3);
    assert_int_equal(b.node.accepted, 3);
    bench_stop(&b);
}

/* RFC 9112 9.3.1: the peer closed just as our request was on its way. */
static void a_close_that_crosses_the_request_is_no_failure(void **state)
{
    (void)state;
    static const enum fake_after ways[] = {FIN, RST};
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct bench b;
        struct fake_script script = healthy;
        script.close_second = true;
        script.after = ways[i];
        start_up(&b, "{interval: 10ms}", &script);
        bench_run(&b, 4);
        for (size_t k = 1; k < 4; k++) {
            assert_false(b.reports[k].changed);
            assert_int_equal(b.reports[k].health.reason, REASON_OK);
        }
        assert_int_equal(b.node.accepted, 4);
        bench_stop(&b);
    }
}

static void a_closed_listener_behind_a_living_connection_is_found(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, "{interval: 10ms, reconnect_interval: 40ms}", &healthy);
    fake_stop_listening(&b.node);
    while (b.last.health.op != OP_DOWN)
        bench_turn(&b);
    assert_int_equal(b.last.health.reason, REASON_REFUSED);
    assert_true(b.node.requests >= 2);
    bench_stop(&b);
}

/* --- the tripwire ----------------------------------------------------------------------------- */

static void a_fin_brings_a_check_and_counts_nowhere(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, slow, &healthy);
    fake_close_all(&b.node, FIN);
    bench_run(&b, 2);
    assert_int_equal(b.last.checks, 2);
    assert_false(b.last.changed);
    assert_int_equal(b.last.health.op, OP_UP);
    assert_int_equal(b.node.accepted, 2);
    bench_stop(&b);
}

static void garbage_on_the_idle_connection_is_answered_by_a_fresh_one(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, slow, &healthy);
    assert_true(fake_send(b.node.conns, "HTTP/1.1 408 Timeout\r\n\r\n", 24));
    bench_run(&b, 2);
    assert_false(b.last.changed);
    assert_int_equal(b.last.health.op, OP_UP);
    assert_int_equal(b.node.accepted, 2);
    bench_stop(&b);
}

static void a_reset_withdraws_first_and_a_passed_check_forgives(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, slow, &healthy);
    fake_close_all(&b.node, RST);
    bench_run(&b, 3);
    assert_true(b.reports[1].changed);
    assert_true(b.reports[1].health.suspect);
    assert_int_equal(b.reports[1].health.op, OP_UP);
    assert_int_equal(b.reports[1].checks, 1);
    assert_string_equal(b.reports[1].evidence, "idle connection reset");
    assert_true(b.reports[2].changed);
    assert_false(b.reports[2].health.suspect);
    assert_int_equal(b.reports[2].checks, 2);
    bench_stop(&b);
}

static void a_node_that_dies_is_withdrawn_at_once_and_down_after_fall(void **state)
{
    (void)state;
    static const enum fake_after ways[] = {FIN, RST};
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct bench b;
        start_up(&b, slow, &healthy);
        fake_die(&b.node, ways[i]);
        bench_run(&b, 2);
        assert_true(b.last.changed && b.last.health.suspect);
        while (b.last.health.op != OP_DOWN)
            bench_turn(&b);
        assert_int_equal(b.last.checks, 4); /* the first, and fall failures */
        assert_false(b.last.health.suspect);
        assert_int_equal(b.last.health.reason, REASON_REFUSED);
        bench_stop(&b);
    }
}

static void silence_after_a_fin_is_suspect_then_down(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, "{interval: 1h, fastinter: 10ms, timeout_connect: 60ms}", &healthy);
    bench_fill_backlog(&b);
    fake_close_all(&b.node, FIN);
    bench_run(&b, 2);
    assert_true(b.last.changed && b.last.health.suspect);
    assert_int_equal(b.last.health.op, OP_UP);
    assert_int_equal(b.last.checks, 1); /* the connect is still waiting */
    while (b.last.health.op != OP_DOWN)
        bench_turn(&b);
    assert_int_equal(b.last.health.reason, REASON_CONNECT_TIMEOUT);
    assert_int_equal(b.last.checks, 4);
    bench_stop(&b);
}

static void a_peer_that_always_closes_cannot_make_us_check_without_end(void **state)
{
    (void)state;
    static const enum fake_after ways[] = {FIN, RST};
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct bench b;
        start_up(&b, slow, &healthy);
        for (int k = 0; k < 10; k++) {
            fake_close_all(&b.node, ways[i]);
            bench_settle(&b);
        }
        assert_true(b.last.checks <= 5);
        assert_true(b.last.health.op == OP_UP);
        bench_stop(&b);
    }
}

static void suspicion_always_ends(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, slow, &healthy);
    for (int k = 0; k < 8; k++) {
        fake_close_all(&b.node, RST);
        bench_settle(&b);
        while (b.last.health.suspect)
            bench_turn(&b);
    }
    assert_int_equal(b.last.health.op, OP_UP);
    bench_stop(&b);
}

/* --- pace ------------------------------------------------------------------------------------- */

static void a_silent_node_is_down_after_fall_timeouts_without_pauses(void **state)
{
    (void)state;
    struct bench b;
    start_up(&b, "{interval: 80ms, fastinter: 10ms, timeout_response: 40ms}", &healthy);
    b.node.script.reply = NULL;
    bench_run(&b, 4);
    assert_int_equal(b.last.health.op, OP_DOWN);
    assert_string_equal(b.last.evidence, "no reply within 40 ms");
    assert_int_equal(b.reports[1].health.op, OP_GOING_DOWN);
    assert_false(b.reports[1].health.suspect); /* silence alone does not withdraw */
    bench_stop(&b);
}

/* Delays count from start to start. A pause after each timeout would make two checks take at least
 * 160 ms; without one they take 80, unless this host is busy: the best of ten tries tells. */
static void a_check_that_outlives_its_delay_is_followed_at_once(void **state)
{
    (void)state;
    int64_t best = INT64_MAX;
    for (int i = 0; i < 10 && best >= 150; i++) {
        struct bench b;
        bench_start_with(&b, "{interval: 1s, fastinter: 40ms, timeout_response: 40ms}",
                         &(struct fake_script){0}, &(struct health){.op = OP_UP});
        bench_run(&b, 3);
        int64_t took = b.reports[2].at_ms - b.reports[0].at_ms;
        best = took < best ? took : best;
        bench_stop(&b);
    }
    assert_true(best < 150);
}

static void a_503_needs_fall_in_a_row_and_rise_to_come_back(void **state)
{
    (void)state;
    static const enum op want[] = {OP_UP,   OP_GOING_DOWN, OP_GOING_DOWN,
                                   OP_DOWN, OP_GOING_UP,   OP_UP};
    struct bench b;
    start_up(&b, "{interval: 20ms, fastinter: 10ms}", &healthy);
    for (size_t i = 1; i < COUNT(want); i++) {
        b.node.script.reply = i <= 3 ? "HTTP/1.1 503 no\r\nContent-Length: 0\r\n\r\n" : REPLY_200;
        bench_run(&b, i + 1);
        assert_int_equal(b.reports[i].health.op, want[i]);
    }
    bench_stop(&b);
}

static void a_state_from_before_is_carried_on(void **state)
{
    (void)state;
    struct bench b;
    struct health before = {.op = OP_DOWN};
    bench_start_with(&b, "{interval: 10ms}", &healthy, &before);
    bench_run(&b, 2);
    assert_int_equal(b.reports[0].health.op, OP_GOING_UP);
    assert_int_equal(b.reports[1].health.op, OP_UP);
    bench_stop(&b);
}

static bool over;

static void note_over(struct check *c)
{
    (void)c;
    over = true;
}

/* A timer that comes far too late says that we stood still: the node is not to blame. */
static void standing_still_is_our_own_trouble(void **state)
{
    (void)state;
    static const struct check_owner owner = {.done = note_over};
    struct check_stock stock = {0};
    struct check c;
    struct bench b;
    over = false;
    bench_start(&b, "{timeout_response: 20ms}", &(struct fake_script){0});
    probe_remove(b.set, BENCH_TARGET);
    check_init(&c, b.base, &owner, &stock, &b.node.at, &b.conf);
    check_start(&c, false);
    while (c.phase != PHASE_TALKING)
        bench_turn(&b);
    c.limit_us -= 600 * 1000; /* as if the timer were that late */
    while (!over)
        bench_turn(&b);
    assert_int_equal(c.result.reason, REASON_LOCAL);
    assert_true(span_starts(span_of(c.result.evidence), "this program stood still for "));
    check_fini(&c);
    check_stock_fini(&stock);
    bench_stop(&b);
}

/* --- targets come and go ---------------------------------------------------------------------- */

static void a_report_function_may_remove_its_target(void **state)
{
    (void)state;
    static const struct fake_script scripts[] = {
        {.reply = REPLY_200}, {.after = RST}, {.close_at_accept = true, .after = FIN}};
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct bench b;
        bench_start(&b, "{interval: 10ms}", &scripts[i]);
        b.remove_at_once = true;
        bench_run(&b, 1);
        bench_settle(&b);
        assert_int_equal(b.n, 1);
        assert_null(b.node.conns); /* the connection went with it */
        bench_stop(&b);
    }
}

static void a_removed_target_is_silent_even_in_the_middle_of_a_check(void **state)
{
    (void)state;
    struct bench b;
    bench_start(&b, slow, &(struct fake_script){0});
    while (b.node.requests == 0)
        bench_turn(&b);
    probe_remove(b.set, BENCH_TARGET);
    probe_remove(b.set, BENCH_TARGET); /* not there: nothing to do */
    bench_settle(&b);
    assert_int_equal(b.n, 0);
    assert_null(b.node.conns);
    probe_add(b.set, BENCH_TARGET, &b.node.at, &b.conf, NULL);
    bench_stop(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_share_one_connection),
        cmocka_unit_test(without_keepalive_every_check_connects),
        cmocka_unit_test(a_peer_that_says_close_is_left_at_once),
        cmocka_unit_test(a_peer_that_says_more_than_its_reply_is_left_at_once),
        cmocka_unit_test(a_close_that_crosses_the_request_is_no_failure),
        cmocka_unit_test(a_closed_listener_behind_a_living_connection_is_found),
        cmocka_unit_test(a_fin_brings_a_check_and_counts_nowhere),
        cmocka_unit_test(garbage_on_the_idle_connection_is_answered_by_a_fresh_one),
        cmocka_unit_test(a_reset_withdraws_first_and_a_passed_check_forgives),
        cmocka_unit_test(a_node_that_dies_is_withdrawn_at_once_and_down_after_fall),
        cmocka_unit_test(silence_after_a_fin_is_suspect_then_down),
        cmocka_unit_test(a_peer_that_always_closes_cannot_make_us_check_without_end),
        cmocka_unit_test(suspicion_always_ends),
        cmocka_unit_test(a_silent_node_is_down_after_fall_timeouts_without_pauses),
        cmocka_unit_test(a_check_that_outlives_its_delay_is_followed_at_once),
        cmocka_unit_test(a_503_needs_fall_in_a_row_and_rise_to_come_back),
        cmocka_unit_test(a_state_from_before_is_carried_on),
        cmocka_unit_test(standing_still_is_our_own_trouble),
        cmocka_unit_test(a_report_function_may_remove_its_target),
        cmocka_unit_test(a_removed_target_is_silent_even_in_the_middle_of_a_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
