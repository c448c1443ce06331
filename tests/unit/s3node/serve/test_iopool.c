/* Jobs go to the pool and come home. */
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>

#include "s3node/serve/iopool.h"
#include "tests/unit/test.h"

enum { JOBS = 200 };

struct task {
    struct job job;
    atomic_int ran;
    int came_home;
};

static void run(struct job *job)
{
    atomic_fetch_add(&((struct task *)job)->ran, 1);
}

static void done(struct job *job)
{
    ((struct task *)job)->came_home++;
}

static size_t at_home(const struct task *tasks)
{
    size_t n = 0;
    for (size_t i = 0; i < JOBS; i++)
        n += (size_t)tasks[i].came_home;
    return n;
}

static void every_job_runs_once_and_comes_home(void **state)
{
    (void)state;
    static struct task tasks[JOBS];
    struct mailbox *home = mailbox_new();
    struct iopool *pool = iopool_new(4);
    for (size_t i = 0; i < JOBS; i++) {
        tasks[i].job = (struct job){.home = home, .run = run, .done = done};
        iopool_post(pool, &tasks[i].job);
    }
    struct pollfd wait = {.fd = mailbox_fd(home), .events = POLLIN};
    while (at_home(tasks) < JOBS && poll(&wait, 1, 10000) > 0)
        iopool_collect(home);
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(atomic_load(&tasks[i].ran), 1);
        assert_int_equal(tasks[i].came_home, 1);
    }
    iopool_free(pool);
    mailbox_free(home);
}

static void what_is_queued_still_runs_at_the_end(void **state)
{
    (void)state;
    static struct task tasks[JOBS];
    struct iopool *pool = iopool_new(1);
    for (size_t i = 0; i < JOBS; i++) {
        tasks[i].job = (struct job){.run = run};
        iopool_post(pool, &tasks[i].job);
    }
    iopool_free(pool);
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(atomic_load(&tasks[i].ran), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_runs_once_and_comes_home),
        cmocka_unit_test(what_is_queued_still_runs_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
