/* One thread shows when a value is released; four show that no reader ever meets a released one
 * (under ThreadSanitizer also that nothing but the protocol orders them). */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/publish.h"
#include "tests/unit/test.h"

static int released;

static void count_release(void *value)
{
    *(int *)value = -1;
    released++;
}

static struct publish *fresh(unsigned readers)
{
    released = 0;
    return publish_new(readers, count_release);
}

static void nothing_is_current_before_the_first_set(void **state)
{
    struct publish *p = fresh(1);
    (void)state;
    assert_null(publish_pin(p, 0));
    publish_unpin(p, 0);
    assert_null(publish_current(p));
    assert_int_equal(publish_reclaim(p), 0);
    publish_free(p);
    assert_int_equal(released, 0);
}

static void a_pinned_value_waits_for_its_reader(void **state)
{
    struct publish *p = fresh(2);
    int one = 1, two = 2;
    (void)state;
    publish_set(p, &one);
    assert_ptr_equal(publish_pin(p, 0), &one);
    publish_set(p, &two);
    assert_ptr_equal(publish_current(p), &two);
    assert_int_equal(publish_reclaim(p), 1);
    assert_int_equal(one, 1);
    assert_ptr_equal(publish_pin(p, 1), &two); /* a new pin sees the new value */
    publish_unpin(p, 0);
    assert_int_equal(publish_reclaim(p), 0); /* and does not hold the old one back */
    assert_int_equal(one, -1);
    assert_int_equal(two, 2);
    publish_unpin(p, 1);
    publish_free(p);
    assert_int_equal(two, -1);
}

static void one_slow_reader_holds_back_only_what_it_may_see(void **state)
{
    struct publish *p = fresh(2);
    int values[4] = {0, 1, 2, 3};
    (void)state;
    publish_set(p, &values[0]);
    publish_set(p, &values[1]);
    assert_ptr_equal(publish_pin(p, 0), &values[1]);
    publish_set(p, &values[2]);
    publish_set(p, &values[3]);
    assert_int_equal(publish_reclaim(p), 2);
    assert_true(values[0] == -1 && values[1] == 1 && values[3] == 3);
    publish_unpin(p, 0);
    assert_int_equal(publish_reclaim(p), 0);
    assert_true(values[1] == -1 && values[2] == -1 && values[3] == 3);
    publish_free(p);
    assert_int_equal(released, 4);
}

static void free_releases_what_still_waits(void **state)
{
    struct publish *p = fresh(1);
    int one = 1, two = 2;
    (void)state;
    publish_set(p, &one);
    publish_set(p, &two);
    publish_free(p);
    assert_int_equal(released, 2);
    publish_free(NULL);
}

enum { READERS = 3, PUBLISHES = 20000, ALIVE = 0x600d, DEAD = 0xdead };

struct value {
    int magic;
    uint64_t number, check; /* check is ~number */
};

struct torture {
    struct publish *p;
    atomic_uint next_slot;
    atomic_bool stop;
    atomic_ulong reads, bad, destroyed;
};

static struct torture torture; /* release gets the value alone, so its count lives here */

static void poison(void *value)
{
    struct value *v = value;
    v->magic = DEAD;
    v->check = v->number;
    free(v);
    atomic_fetch_add(&torture.destroyed, 1);
}

static struct value *new_value(uint64_t number)
{
    struct value *v = NEW(struct value);
    *v = (struct value){ALIVE, number, ~number};
    return v;
}

static bool is_whole(const struct value *v)
{
    return v->magic == ALIVE && v->check == ~v->number;
}

/* Looks at the value, lets others run now and then, looks again: it is whole both times, and never
 * older than the one before. */
static void *read_on(void *arg)
{
    unsigned slot = atomic_fetch_add(&torture.next_slot, 1);
    uint64_t last = 0;
    for (unsigned long n = 0; !atomic_load(&torture.stop); n++) {
        const struct value *v = publish_pin(torture.p, slot);
        bool good = is_whole(v) && v->number >= last;
        last = v->number;
        if (n % 16 == slot)
            sched_yield();
        good = good && is_whole(v) && v->number == last;
        publish_unpin(torture.p, slot);
        atomic_fetch_add(&torture.bad, !good);
        atomic_fetch_add(&torture.reads, 1);
    }
    return arg;
}

static void readers_never_meet_a_released_value(void **state)
{
    pthread_t readers[READERS];
    (void)state;
    torture.p = publish_new(READERS, poison);
    publish_set(torture.p, new_value(0));
    for (int i = 0; i < READERS; i++)
        pthread_create(&readers[i], NULL, read_on, NULL);
    for (uint64_t n = 1; n <= PUBLISHES; n++) {
        publish_set(torture.p, new_value(n));
        publish_reclaim(torture.p);
        if (n % 64 == 0)
            sched_yield();
    }
    while (atomic_load(&torture.reads) < 1000) /* on one core the readers may not have run yet */
        sched_yield();
    atomic_store(&torture.stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&torture.bad), 0);
    assert_int_equal(publish_reclaim(torture.p), 0);
    assert_int_equal(atomic_load(&torture.destroyed), PUBLISHES);
    publish_free(torture.p);
    assert_int_equal(atomic_load(&torture.destroyed), PUBLISHES + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_current_before_the_first_set),
        cmocka_unit_test(a_pinned_value_waits_for_its_reader),
        cmocka_unit_test(one_slow_reader_holds_back_only_what_it_may_see),
        cmocka_unit_test(free_releases_what_still_waits),
        cmocka_unit_test(readers_never_meet_a_released_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
