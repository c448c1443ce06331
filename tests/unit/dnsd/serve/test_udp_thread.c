/* test_udp_thread.c - the UDP thread allocates nothing and takes no lock, over 10,000 queries while
 * another thread publishes new worlds and pictures as fast as it can. */
#include <pthread.h>

#include "base/clock.h"
#include "dnsd/serve/udp.h"
#include "tests/unit/dnsd/serve/interpose.h"
#include "tests/unit/dnsd/serve/serve_test.h"

enum { QUERIES = 10000, BURST = 50 };

struct storm {
    struct served served;
    _Atomic bool over;
    _Atomic unsigned published;
};

static void *publish_all_the_time(void *arg)
{
    struct storm *s = arg;
    while (!atomic_load(&s->over)) {
        publish_set(s->served.source.worlds, answer_world_build());
        publish_set(s->served.source.statuses, answer_world_status());
        publish_reclaim(s->served.source.worlds);
        publish_reclaim(s->served.source.statuses);
        atomic_fetch_add(&s->published, 1);
    }
    return NULL;
}

/* The thread of this process that is called "udp". */
static pid_t find_thread(void)
{
    pid_t found = 0;
    DIR *d = opendir("/proc/self/task");
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (f && fgets(name, sizeof name, f) && strcmp(name, "udp\n") == 0)
            found = atoi(e->d_name);
        if (f)
            fclose(f);
    }
    closedir(d);
    return found;
}

static void ask_many(int client)
{
    uint8_t reply[ANSWER_MAX_UDP];
    for (uint16_t id = 0; id < QUERIES; id += BURST) {
        for (uint16_t i = 0; i < BURST; i++)
            ask_udp(client, (uint16_t)(id + i + 1));
        for (uint16_t i = 0; i < BURST; i++)
            assert_true(is_reply(reply, hear_udp(client, reply), (uint16_t)(id + i + 1)));
    }
}

static void it_only_answers(void **state)
{
    (void)state;
    struct err err;
    struct storm s = {0};
    pthread_t publisher;
    served_init(&s.served);
    struct addr to = loopback("127.0.0.1", 0);
    int fd = net_listen_udp(&to, LISTEN_REUSEPORT, &err);
    assert_true(fd >= 0);
    to.port = net_bound_port(fd);
    struct udp_server *server = udp_start(&fd, 1, &s.served.source, 0, &err);
    assert_non_null(server);
    assert_int_equal(pthread_create(&publisher, NULL, publish_all_the_time, &s), 0);
    int client = dial(&to, SOCK_DGRAM);
    pid_t tid = find_thread();
    assert_true(tid > 0);

    interpose_watch(tid);
    ask_many(client);
    long calls = interpose_count();
    interpose_watch(0);

    atomic_store(&s.over, true);
    pthread_join(publisher, NULL);
    assert_true(atomic_load(&s.published) > 0);
    close(client);
    udp_stop(server);
    served_fini(&s.served);
    print_message("%d queries while %u worlds were published: %ld calls\n", QUERIES,
                  atomic_load(&s.published), calls);
    assert_true(calls <= 0);
}

/* The measure measures: what this thread does is counted. */
static void the_count_counts(void **state)
{
    (void)state;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    interpose_watch(gettid());
    void *volatile p = malloc(1);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    free(p);
    long calls = interpose_count();
    interpose_watch(0);
    assert_true(calls == 3 || calls == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_count_counts),
        cmocka_unit_test(it_only_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
