/* Connections of a node: the contract's numbers, 1536 full, 1023 ready again, probes never count.
 */
#include <pthread.h>

#include "base/span.h"
#include "s3node/serve/count.h"
#include "tests/unit/test.h"

static const struct count_limits contract = {.limit = 1536, .resume = 1024, .hard = 0};

/* Brings `n` connections, of which the tallies are kept in `tallies`, to the state `to`. */
static void move_many(struct count *c, enum tally *tallies, size_t n, enum tally to)
{
    for (size_t i = 0; i < n; i++)
        count_move(c, &tallies[i], to);
}

static void full_at_limit_and_ready_below_resume(void **state)
{
    (void)state;
    enum tally t[1536] = {TALLY_OUT};
    struct count c;
    count_init(&c, contract);
    move_many(&c, t, 1535, TALLY_SETTLED);
    assert_false(count_view(&c).full);
    assert_true(count_move(&c, &t[1535], TALLY_SETTLED)); /* 1536 */
    assert_true(count_view(&c).full);
    move_many(&c, t, 1536 - 1025, TALLY_OUT);
    assert_int_equal(count_view(&c).conns, 1025);
    assert_true(count_view(&c).full);
    assert_false(count_move(&c, &t[600], TALLY_OUT)); /* 1024: still full */
    assert_true(count_view(&c).full);
    assert_true(count_move(&c, &t[601], TALLY_OUT)); /* 1023 */
    assert_false(count_view(&c).full);
}

static void ready_again_stays_ready_until_the_limit(void **state)
{
    (void)state;
    enum tally t[1536] = {TALLY_OUT};
    struct count c;
    count_init(&c, contract);
    move_many(&c, t, 1536, TALLY_SETTLED);
    move_many(&c, t, 1536 - 1023, TALLY_OUT);
    assert_false(count_view(&c).full);
    move_many(&c, t, 512, TALLY_SETTLED); /* 1535 */
    assert_false(count_view(&c).full);
    count_move(&c, &t[512], TALLY_SETTLED);
    assert_true(count_view(&c).full);
}

static void a_probe_never_fills_a_node(void **state)
{
    (void)state;
    enum tally t[1535] = {TALLY_OUT}, probe = TALLY_OUT;
    struct count c;
    count_init(&c, contract);
    move_many(&c, t, 1535, TALLY_SETTLED);
    for (int i = 0; i < 3; i++) { /* accepted: counts; its first request is for /-/: does not */
        count_move(&c, &probe, TALLY_NEW);
        assert_int_equal(count_view(&c).conns, 1536);
        assert_false(count_view(&c).full);
        count_move(&c, &probe, TALLY_OUT);
        assert_int_equal(count_view(&c).conns, 1535);
    }
}

static void another_connection_that_ends_does_not_count_the_probe_either(void **state)
{
    (void)state;
    enum tally t[1536] = {TALLY_OUT}, probe = TALLY_OUT;
    struct count c;
    count_init(&c, contract);
    move_many(&c, t, 1535, TALLY_SETTLED);
    count_move(&c, &probe, TALLY_NEW);
    count_move(&c, &t[1535], TALLY_NEW);
    count_move(&c, &t[1535], TALLY_OUT);
    assert_false(count_view(&c).full);
}

static void a_silent_connection_counts_when_it_settles(void **state)
{
    (void)state;
    enum tally t[1536] = {TALLY_OUT};
    struct count c;
    count_init(&c, contract);
    move_many(&c, t, 1536, TALLY_NEW);
    assert_int_equal(count_view(&c).conns, 1536);
    assert_false(count_view(&c).full);
    move_many(&c, t, 1536, TALLY_SETTLED); /* 100 ms later */
    assert_true(count_view(&c).full);
}

static void a_probe_that_turns_to_s3_counts_again(void **state)
{
    (void)state;
    enum tally t = TALLY_OUT;
    struct count c;
    count_init(&c, contract);
    count_move(&c, &t, TALLY_NEW);
    count_move(&c, &t, TALLY_OUT);
    assert_int_equal(count_view(&c).conns, 0);
    count_move(&c, &t, TALLY_SETTLED);
    assert_int_equal(count_view(&c).conns, 1);
    assert_int_equal(count_view(&c).settled, 1);
    assert_false(count_move(&c, &t, TALLY_SETTLED)); /* the same again is nothing */
    assert_int_equal(count_view(&c).conns, 1);
}

static void over_only_beyond_hard(void **state)
{
    (void)state;
    enum tally t[4] = {TALLY_OUT};
    struct count c;
    count_init(&c, (struct count_limits){.limit = 2, .resume = 1, .hard = 3});
    move_many(&c, t, 3, TALLY_SETTLED);
    assert_false(count_over(&c));
    count_move(&c, &t[3], TALLY_SETTLED);
    assert_true(count_over(&c));
    count_set_limits(&c, (struct count_limits){.limit = 2, .resume = 1, .hard = 0});
    assert_false(count_over(&c));
}

static void new_limits_move_the_latch_at_once(void **state)
{
    (void)state;
    enum tally t[10] = {TALLY_OUT};
    struct count c;
    count_init(&c, contract);
    move_many(&c, t, 10, TALLY_SETTLED);
    count_set_limits(&c, (struct count_limits){.limit = 10, .resume = 5, .hard = 0});
    assert_true(count_view(&c).full);
    count_set_limits(&c, (struct count_limits){.limit = 20, .resume = 11, .hard = 0});
    assert_false(count_view(&c).full);
}

enum { THREADS = 4, ROUNDS = 20000 };

static void *churn(void *arg)
{
    enum tally t[8] = {TALLY_OUT};
    for (int i = 0; i < ROUNDS; i++)
        move_many(arg, t, COUNT(t), (enum tally)(i % 3));
    move_many(arg, t, COUNT(t), TALLY_OUT);
    return NULL;
}

/* Whatever the order of events, an empty node is not full. */
static void no_race_leaves_the_latch_closed(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct count c;
    count_init(&c, (struct count_limits){.limit = 20, .resume = 10, .hard = 0});
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, &c), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    struct count_view v = count_view(&c);
    assert_int_equal(v.conns, 0);
    assert_int_equal(v.settled, 0);
    assert_false(v.full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_at_limit_and_ready_below_resume),
        cmocka_unit_test(ready_again_stays_ready_until_the_limit),
        cmocka_unit_test(a_probe_never_fills_a_node),
        cmocka_unit_test(another_connection_that_ends_does_not_count_the_probe_either),
        cmocka_unit_test(a_silent_connection_counts_when_it_settles),
        cmocka_unit_test(a_probe_that_turns_to_s3_counts_again),
        cmocka_unit_test(over_only_beyond_hard),
        cmocka_unit_test(new_limits_move_the_latch_at_once),
        cmocka_unit_test(no_race_leaves_the_latch_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
