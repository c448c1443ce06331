/* answer_packet neither allocates nor locks, whatever it is asked. */
#include <pthread.h>

#include "tests/unit/dnsd/alloc_count.h"
#include "tests/unit/dnsd/answer_world.h"
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/dns_test.h"

enum { ROUNDS = 400 };

/* One question of every kind of answer there is. */
static const struct dns_ask asks[] = {
    ASK("s3.example.com", 1),
    ASK("bucket.s3.example.com", 1, .payload = 1232, .edns_flags = 0x8000),
    ASK("one.s3.example.com", 28),
    ASK("s3.example.com", 28),
    ASK("all.s3.example.com", 1),
    ASK("maint.s3.example.com", 1, .payload = 512),
    ASK("s3.example.com", 255),
    ASK("www.s3.example.com", 1),
    ASK("c1.s3.example.com", 1),
    ASK("loop1.s3.example.com", 1),
    ASK("topool.s3.example.com", 1),
    ASK("sub.s3.example.com", 1),
    ASK("no.www.s3.example.com", 1),
    ASK("ent.s3.example.com", 1),
    ASK("q.wild.s3.example.com", 16),
    ASK("example.net", 1, .payload = 1232),
    ASK("_pool.s3.example.com", 16, .payload = 1232),
    ASK("10.0.0.11._pool.s3.example.com", 16),
    ASK("nobody._pool.s3.example.com", 16),
    ASK("version.bind", 16, .class = 3),
    ASK("id.server", 16, .class = 3, .payload = 512, .options = "\0\3\0\0", .options_len = 4),
    ASK("s3.example.com", 1, .payload = 512,
        .options = "\0\x0a\0\x8"
                   "01234567",
        .options_len = 12),
    ASK("bucket.s3.example.com", 1, .payload = 512, .options = "\0\x13\0\0", .options_len = 4),
    ASK("s3.example.com", 252),
    ASK("s3.example.com", 1, .payload = 512, .edns_version = 1),
    ASK("s3.example.com", 1, .flags = 0x2800), /* opcode UPDATE */
    ASK("s3.example.com", 1, .flags = 0x8000), /* a reply */
};

static uint8_t reply[ANSWER_MAX];

static void ask_all(struct answer_world *w, bool tcp)
{
    for (size_t i = 0; i < COUNT(asks); i++) {
        uint8_t packet[DNS_QUERY_MAX];
        size_t len = dns_query(&asks[i], packet);
        for (; len > 5; len -= len / 2) { /* whole, then cut off in ever more places */
            struct answer_query in = {packet, len, w->from, tcp, 0};
            answer_packet(w->ctx, w->world, w->status, 0, &in, reply,
                          tcp ? ANSWER_MAX : ANSWER_MAX_UDP);
        }
    }
}

static void no_allocation_and_no_lock(void **state)
{
    (void)state;
    struct answer_world w;
    answer_world_init(&w);
    size_t allocs = alloc_calls, locks = lock_calls;
    w.settings.rrl.rate = 3;
    for (int i = 0; i < ROUNDS; i++) {
        w.from.ip[0] = i % 3 ? 127 : 192; /* from elsewhere replies are counted and dropped */
        ask_all(&w, i % 2);
    }
    assert_true(counter_get(&w.ctx->counts[COUNT_RRL_DROPPED]) > 0);
    assert_int_equal(alloc_calls, allocs);
    assert_int_equal(lock_calls, locks);
    answer_world_fini(&w);
}

/* The counters do count: else the test above could not fail. */
static void counters_count(void **state)
{
    (void)state;
    size_t allocs = alloc_calls;
    struct answer_world w;
    answer_world_init(&w);
    answer_world_fini(&w);
    assert_true(alloc_calls > allocs);

    size_t locks = lock_calls;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    assert_int_equal(lock_calls - locks, ALLOC_COUNT_BY_SANITIZER ? 0 : 1);
}

int main(void)
{
    alloc_count_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_count),
        cmocka_unit_test(no_allocation_and_no_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
