/* Writers against each other, as threads and as processes with a store of their own: whatever was
 * acknowledged is found, whatever the others do. Loops are bounded by counts, not by time. */
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

#include "base/rand.h"
#include "s3node/store/upload.h"
#include "tests/unit/s3node/store/fixture.h"

enum { WORKERS = 4, ROUNDS = 150 };

struct worker {
    struct fixture *f;
    struct store *s;
    int number;
    int failures;
    int busy; /* S3ERR_SLOW_DOWN: allowed, but nothing was acknowledged */
};

static void run_threads(struct fixture *f, void *(*work)(void *), struct worker workers[WORKERS])
{
    pthread_t threads[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){.f = f, .s = f->s, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < WORKERS; i++)
        assert_int_equal(workers[i].failures, 0);
}

static bool holds(struct store *s, struct span bucket, const char *key, const char *text)
{
    struct arena *arena = arena_new();
    struct store_object object;
    char found[32] = {0};
    enum s3err e = store_get(s, bucket, span_of(key), arena, &object);
    if (e == S3ERR_OK) {
        e = pread(object.fd, found, sizeof found - 1, 0) >= 0 ? S3ERR_OK : S3ERR_INTERNAL;
        close(object.fd);
    }
    arena_free(arena);
    return e == S3ERR_OK && strcmp(found, text) == 0;
}

/* ---- `a`, `a/b`, `a/b/c`: each worker owns one depth, all share the names ---- */

static const char *const nested[WORKERS] = {"a", "a/b", "a/b/c", "a/b/c/d"};

static void put_and_check(struct worker *w, const char *key, int round)
{
    char text[32];
    snprintf(text, sizeof text, "%d of %d", round, w->number);
    enum s3err e = try_put(w->s, w->f->bucket, span_of(key), span_of(text), NULL);
    if (e == S3ERR_SLOW_DOWN)
        w->busy++;
    else if (e != S3ERR_OK || !holds(w->s, w->f->bucket, key, text))
        w->failures++;
}

/* Only this worker writes its key: what it put it must find, until it deletes it. */
static void *nested_work(void *arg)
{
    struct worker *w = arg;
    struct rand r = {(uint64_t)w->number + 1};
    const char *key = nested[w->number];
    for (int round = 0; round < ROUNDS; round++) {
        put_and_check(w, key, round);
        if (rand_below(&r, 2) == 0) {
            if (store_delete(w->s, w->f->bucket, span_of(key)) != S3ERR_OK)
                w->failures++;
            if (holds(w->s, w->f->bucket, key, ""))
                w->failures++;
            struct arena *arena = arena_new();
            struct store_info info;
            if (store_head(w->s, w->f->bucket, span_of(key), arena, &info) != S3ERR_NO_SUCH_KEY)
                w->failures++;
            arena_free(arena);
        }
    }
    put_and_check(w, key, ROUNDS);
    return NULL;
}

static void check_nested(struct fixture *f)
{
    struct store_page page;
    struct store_list query = {.max = 100};
    for (int i = 0; i < WORKERS; i++) {
        char text[32];
        snprintf(text, sizeof text, "%d of %d", ROUNDS, i);
        assert_object(f, nested[i], text);
    }
    assert_int_equal(store_list(f->s, f->bucket, &query, f->arena, &page), S3ERR_OK);
    assert_int_equal(page.n, WORKERS);
}

static void threads_on_nested_keys_lose_nothing(void **state)
{
    struct worker workers[WORKERS];
    run_threads(*state, nested_work, workers);
    check_nested(*state);
}

static void processes_on_nested_keys_lose_nothing(void **state)
{
    struct fixture *f = *state;
    pid_t pids[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            struct err err;
            struct worker w = {.f = f, .s = store_open(f->root, STORE_NONE, &err), .number = i};
            if (w.s)
                nested_work(&w);
            _exit(w.s && w.failures == 0 ? 0 : 1);
        }
    }
    for (int i = 0; i < WORKERS; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    check_nested(f);
}

/* ---- one key for all: every read is one of the bodies, whole ---- */

static void *same_key_work(void *arg)
{
    struct worker *w = arg;
    struct arena *arena = arena_new();
    char body[4096];
    memset(body, 'a' + w->number, sizeof body);
    for (int round = 0; round < ROUNDS; round++) {
        struct store_object object;
        char found[sizeof body];
        if (try_put(w->s, w->f->bucket, span_of("k"), span_bytes(body, sizeof body), NULL) !=
                S3ERR_OK ||
            store_get(w->s, w->f->bucket, span_of("k"), arena, &object) != S3ERR_OK) {
            w->failures++;
            continue;
        }
        if (object.info.size != sizeof found || strlen(object.info.etag) != 32 ||
            pread(object.fd, found, sizeof found, 0) != (ssize_t)sizeof found ||
            memchr(found, found[0] ^ 1, sizeof found) || found[0] != found[sizeof found - 1])
            w->failures++;
        close(object.fd);
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

static void overwrites_are_whole_and_never_missing(void **state)
{
    struct worker workers[WORKERS];
    run_threads(*state, same_key_work, workers);
}

/* ---- removing the bucket while others write ---- */

/* A removal that finds an object puts the bucket back: until then it is away for a moment. */
static bool holds_soon(struct worker *w, const char *key)
{
    for (int try = 0; try < 10000; try++) {
        if (holds(w->s, w->f->bucket, key, "x"))
            return true;
        sched_yield();
    }
    return false;
}

static void *bucket_work(void *arg)
{
    struct worker *w = arg;
    char key[32];
    snprintf(key, sizeof key, "d%d/k", w->number);
    for (int round = 0; round < ROUNDS; round++) {
        if (w->number == 0) { /* the one who removes and makes it again */
            enum s3err e = store_bucket_delete(w->s, w->f->bucket);
            if (e == S3ERR_OK)
                e = store_bucket_create(w->s, w->f->bucket, span_of("me"));
            if (e != S3ERR_OK && e != S3ERR_BUCKET_NOT_EMPTY && e != S3ERR_NO_SUCH_BUCKET)
                w->failures++;
            continue;
        }
        enum s3err e = try_put(w->s, w->f->bucket, span_of(key), span_of("x"), NULL);
        if (e == S3ERR_OK && !holds_soon(w, key))
            w->failures++; /* acknowledged and gone */
        if (e == S3ERR_OK)
            e = store_delete(w->s, w->f->bucket, span_of(key));
        if (e != S3ERR_OK && e != S3ERR_NO_SUCH_BUCKET && e != S3ERR_SLOW_DOWN)
            w->failures++;
    }
    return NULL;
}

static void removing_a_bucket_never_takes_an_acknowledged_object(void **state)
{
    struct worker workers[WORKERS];
    run_threads(*state, bucket_work, workers);
}

/* ---- a Complete that is sent twice at once ---- */

struct completer {
    struct worker worker;
    const struct upload *upload;
    struct upload_choice choice;
};

static void *complete_work(void *arg)
{
    struct completer *c = arg;
    struct store_info info;
    if (upload_complete(c->worker.s, c->upload, &c->choice, 1, &info) != S3ERR_OK || info.size != 1)
        c->worker.failures++;
    return NULL;
}

static void completes_at_once_all_succeed(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 20; round++) {
        char id[UPLOAD_ID_TEXT];
        struct store_put *put;
        struct store_info info;
        pthread_t threads[WORKERS];
        struct completer completers[WORKERS] = {0};
        assert_int_equal(upload_create(f->s, f->bucket, span_of("k"), NULL, id), S3ERR_OK);
        struct upload u = {f->bucket, span_of("k"), span_of(id)};
        assert_int_equal(upload_part_begin(f->s, &u, 1, &put), S3ERR_OK);
        assert_int_equal(store_put_write(put, "x", 1), S3ERR_OK);
        assert_int_equal(store_put_commit(put, &info), S3ERR_OK);
        for (int i = 0; i < WORKERS; i++) {
            completers[i] = (struct completer){{.s = f->s}, &u, {1, span_of(info.etag)}};
            assert_int_equal(pthread_create(&threads[i], NULL, complete_work, &completers[i]), 0);
        }
        for (int i = 0; i < WORKERS; i++)
            pthread_join(threads[i], NULL);
        for (int i = 0; i < WORKERS; i++)
            assert_int_equal(completers[i].worker.failures, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(processes_on_nested_keys_lose_nothing), /* first: it forks */
        TEST(threads_on_nested_keys_lose_nothing),
        TEST(overwrites_are_whole_and_never_missing),
        TEST(removing_a_bucket_never_takes_an_acknowledged_object),
        TEST(completes_at_once_all_succeed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
