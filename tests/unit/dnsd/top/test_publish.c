/* test_publish.c - how often worlds and pictures go out: the first change at once, the next within
 * 10 ms, at most 100 a second; pictures once a second. */
#include <event2/event.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dnsd/publish.h"
#include "tests/unit/test.h"

enum { READER = 0, SLACK_MS = 500 /* of a busy machine, where a test must wait */ };

struct fixture {
    struct event_base *base;
    struct steer *steer;
    struct zones *zones;
    struct publisher *publisher;
    unsigned pictures; /* different ones seen */
    const void *last;
};

static int setup(void **state)
{
    struct fixture *f = NEW(struct fixture);
    f->base = event_base_new();
    f->steer = steer_new(1, NULL, NULL);
    steer_configure(f->steer, &(struct steer_conf){0}, 0, 0);
    f->zones = zones_new();
    zones_finish(f->zones);
    f->publisher = publisher_new(f->base, f->steer, 1);
    publisher_set_zones(f->publisher, f->zones);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    publisher_free(f->publisher);
    zones_release(f->zones);
    steer_free(f->steer);
    event_base_free(f->base);
    free(f);
    return 0;
}

static uint64_t published(struct fixture *f)
{
    return counter_get(publisher_count(f->publisher));
}

/* Looks at the picture as the admin thread does. */
static unsigned pictures(struct fixture *f)
{
    const void *now = publish_pin(publisher_statuses(f->publisher), READER);
    f->pictures += now != f->last;
    f->last = now;
    publish_unpin(publisher_statuses(f->publisher), READER);
    return f->pictures;
}

static void pump(struct fixture *f)
{
    event_base_loop(f->base, EVLOOP_NONBLOCK);
    (void)pictures(f);
}

static void nothing_before_the_opening(void **state)
{
    struct fixture *f = *state;
    publisher_changed(f->publisher);
    publisher_picture(f->publisher);
    assert_int_equal(published(f), 0);
    assert_null(publish_current(publisher_worlds(f->publisher)));
    publisher_open(f->publisher);
    assert_int_equal(published(f), 1);
    assert_non_null(publish_current(publisher_worlds(f->publisher)));
    assert_non_null(publish_current(publisher_statuses(f->publisher)));
}

static void wait_quiet(struct fixture *f, int64_t ms)
{
    for (int64_t until = clock_ms() + ms; clock_ms() < until;)
        pump(f);
}

static void the_first_change_goes_out_at_once(void **state)
{
    struct fixture *f = *state;
    publisher_open(f->publisher);
    wait_quiet(f, PUBLISH_INTERVAL_MS + 1);
    publisher_changed(f->publisher);
    assert_int_equal(published(f), 2);
}

static void the_second_follows_within_the_interval(void **state)
{
    struct fixture *f = *state;
    int64_t start = clock_ms();
    publisher_open(f->publisher);
    publisher_changed(f->publisher);
    publisher_changed(f->publisher);
    int64_t asked = clock_ms();
    if (asked - start < PUBLISH_INTERVAL_MS)
        assert_int_equal(published(f), 1); /* both wait, as one */
    while (published(f) < 2 && clock_ms() < asked + PUBLISH_INTERVAL_MS + SLACK_MS)
        pump(f);
    assert_int_equal(published(f), 2);
    assert_true(clock_ms() - start >= PUBLISH_INTERVAL_MS);
    wait_quiet(f, 3 * PUBLISH_INTERVAL_MS);
    assert_int_equal(published(f), 2);
}

static void at_most_a_hundred_a_second(void **state)
{
    enum { FOR_MS = 1500 };
    struct fixture *f = *state;
    int64_t start = clock_ms(), now;
    publisher_open(f->publisher);
    while ((now = clock_ms()) < start + FOR_MS) {
        publisher_changed(f->publisher);
        pump(f);
        assert_true(published(f) <= 1 + (uint64_t)(clock_ms() - start) / PUBLISH_INTERVAL_MS);
        assert_true(pictures(f) <= 1 + (uint64_t)(clock_ms() - start) / PICTURE_INTERVAL_MS);
    }
    assert_true(published(f) > 10);
    assert_true(f->pictures >= 2);
}

static void a_pinned_world_outlives_its_successors(void **state)
{
    struct fixture *f = *state;
    publisher_open(f->publisher);
    const struct world *pinned = publish_pin(publisher_worlds(f->publisher), READER);
    uint64_t number = pinned->number;
    for (int i = 0; i < 5; i++) {
        wait_quiet(f, PUBLISH_INTERVAL_MS + 1);
        publisher_changed(f->publisher);
    }
    assert_true(published(f) >= 6);
    assert_int_equal(pinned->number, number);
    publish_unpin(publisher_worlds(f->publisher), READER);
}

/* Memory has a bound: with a reader that stands still the newest answers wait, and then go out. */
static void a_reader_that_stands_still_costs_little(void **state)
{
    struct fixture *f = *state;
    publisher_open(f->publisher);
    (void)publish_pin(publisher_worlds(f->publisher), READER);
    for (int i = 0; i < 2 * PUBLISH_MAX_WAITING; i++) {
        wait_quiet(f, PUBLISH_INTERVAL_MS + 1);
        publisher_changed(f->publisher);
    }
    assert_int_equal(counter_get(publisher_waiting(f->publisher)), PUBLISH_MAX_WAITING);
    assert_int_equal(published(f), PUBLISH_MAX_WAITING + 1);
    publish_unpin(publisher_worlds(f->publisher), READER);
    int64_t until = clock_ms() + PUBLISH_INTERVAL_MS + SLACK_MS;
    while (published(f) < PUBLISH_MAX_WAITING + 2 && clock_ms() < until)
        pump(f);
    assert_int_equal(published(f), PUBLISH_MAX_WAITING + 2);
    assert_int_equal(counter_get(publisher_waiting(f->publisher)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_before_the_opening, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_change_goes_out_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(the_second_follows_within_the_interval, setup, teardown),
        cmocka_unit_test_setup_teardown(at_most_a_hundred_a_second, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pinned_world_outlives_its_successors, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reader_that_stands_still_costs_little, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
