/* The root and its buckets: what a start says when it cannot work, ids that nodes agree on,
 * buckets. */
#include <pthread.h>

#include "tests/unit/s3node/store/fixture.h"

static void a_start_that_cannot_work_says_what_to_do(void **state)
{
    struct fixture *f = *state;
    struct err err;
    const char *file = arena_printf(f->arena, "%s/file", f->root);
    write_file(file, "");
    assert_null(store_open(arena_printf(f->arena, "%s/no", f->root), STORE_FULL, &err));
    assert_string_equal(
        err.text,
        arena_printf(f->arena, "root %s/no does not exist; create it or fix --root", f->root));
    assert_null(store_open(file, STORE_FULL, &err));
    assert_non_null(strstr(err.text, "is not a directory; fix --root"));
    assert_null(store_open("/proc/self", STORE_FULL, &err));
    assert_non_null(strstr(err.text, "root /proc/self cannot be written"));
}

struct starter {
    const char *root;
    struct store *s;
    struct buf keys;
    bool created;
};

static void *start_node(void *arg)
{
    struct starter *starter = arg;
    struct err err;
    char proposed[32];
    starter->s = store_open(starter->root, STORE_NONE, &err);
    if (!starter->s)
        return NULL;
    snprintf(proposed, sizeof proposed, "secret of %p", arg);
    if (!store_once(starter->s, "keys", span_of(proposed), 0600, &starter->keys, &starter->created,
                    &err))
        buf_clear(&starter->keys);
    return NULL;
}

static void nodes_that_start_at_once_agree(void **state)
{
    struct fixture *f = *state;
    enum { NODES = 8 };
    struct starter nodes[NODES] = {0};
    pthread_t threads[NODES];
    struct stat st;
    size_t created = 0;
    /* the fixture's own store had an id already; these race for a new root */
    const char *root = arena_printf(f->arena, "%s/fresh", f->root);
    assert_int_equal(mkdir(root, 0755), 0);
    for (int i = 0; i < NODES; i++) {
        nodes[i].root = root;
        assert_int_equal(pthread_create(&threads[i], NULL, start_node, &nodes[i]), 0);
    }
    for (int i = 0; i < NODES; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < NODES; i++) {
        assert_non_null(nodes[i].s);
        assert_string_equal(store_id(nodes[i].s), store_id(nodes[0].s));
        assert_true(nodes[i].keys.len > 0);
        assert_string_equal(nodes[i].keys.p, nodes[0].keys.p);
        created += nodes[i].created;
    }
    for (int i = 0; i < NODES; i++) {
        buf_fini(&nodes[i].keys);
        store_close(nodes[i].s);
    }
    assert_int_equal(created, 1);
    assert_int_equal(stat(arena_printf(f->arena, "%s/.s3n-sys/keys", root), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_string_not_equal(store_id(f->s), "");
}

static void the_id_stays(void **state)
{
    struct fixture *f = *state;
    struct err err;
    struct store *again = store_open(f->root, STORE_FULL, &err);
    assert_non_null(again);
    assert_int_equal(strlen(store_id(again)), 32);
    assert_string_equal(store_id(again), store_id(f->s));
    store_close(again);
    write_file(arena_printf(f->arena, "%s/.s3n-sys/id", f->root), "broken");
    assert_null(store_open(f->root, STORE_FULL, &err));
    assert_non_null(strstr(err.text, "does not hold 32 hex digits"));
}

static void buckets_have_owners(void **state)
{
    struct fixture *f = *state;
    struct store_bucket bucket;
    assert_int_equal(store_bucket_create(f->s, f->bucket, span_of("me")),
                     S3ERR_BUCKET_ALREADY_OWNED);
    assert_int_equal(store_bucket_create(f->s, f->bucket, span_of("you")),
                     S3ERR_BUCKET_ALREADY_EXISTS);
    assert_int_equal(store_bucket_create(f->s, span_of("Bad"), span_of("me")),
                     S3ERR_INVALID_BUCKET_NAME);
    assert_int_equal(store_bucket_create(f->s, span_of(".s3n-sys"), span_of("me")),
                     S3ERR_INVALID_BUCKET_NAME);
    assert_int_equal(store_bucket_head(f->s, f->bucket, f->arena, &bucket), S3ERR_OK);
    assert_true(span_is(bucket.name, "bucket"));
    assert_true(span_is(bucket.owner, "me"));
    assert_true(bucket.created_ms > 1600000000000);
    assert_int_equal(store_bucket_head(f->s, span_of("other"), f->arena, &bucket),
                     S3ERR_NO_SUCH_BUCKET);
}

static void directories_of_others_are_buckets(void **state)
{
    struct fixture *f = *state;
    struct store_bucket bucket;
    assert_int_equal(mkdir(arena_printf(f->arena, "%s/photos", f->root), 0755), 0);
    write_file(arena_printf(f->arena, "%s/photos/a.png", f->root), "png");
    assert_int_equal(store_bucket_head(f->s, span_of("photos"), f->arena, &bucket), S3ERR_OK);
    assert_true(span_is(bucket.owner, ""));
    assert_true(bucket.created_ms > 1600000000000);
    f->bucket = span_of("photos");
    assert_object(f, "a.png", "png");
    put_text(f, "b.png", "new");
    assert_object(f, "b.png", "new");
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_BUCKET_NOT_EMPTY);
}

static void buckets_are_listed_by_name(void **state)
{
    struct fixture *f = *state;
    struct store_bucket *buckets;
    size_t n;
    assert_int_equal(store_bucket_create(f->s, span_of("zebra"), span_of("me")), S3ERR_OK);
    assert_int_equal(store_bucket_create(f->s, span_of("aardvark"), span_of("you")), S3ERR_OK);
    assert_int_equal(mkdir(arena_printf(f->arena, "%s/Not A Bucket", f->root), 0755), 0);
    write_file(arena_printf(f->arena, "%s/a-file", f->root), "");
    assert_int_equal(store_bucket_list(f->s, f->arena, &buckets, &n), S3ERR_OK);
    assert_int_equal(n, 3);
    assert_true(span_is(buckets[0].name, "aardvark") && span_is(buckets[0].owner, "you"));
    assert_true(span_is(buckets[1].name, "bucket"));
    assert_true(span_is(buckets[2].name, "zebra"));
}

static void only_empty_buckets_are_removed(void **state)
{
    struct fixture *f = *state;
    struct store_bucket bucket;
    put_text(f, "a/b/c", "x");
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_BUCKET_NOT_EMPTY);
    assert_object(f, "a/b/c", "x");
    assert_int_equal(store_bucket_head(f->s, f->bucket, f->arena, &bucket), S3ERR_OK);
    assert_true(span_is(bucket.owner, "me"));
    delete_key(f, "a/b/c");
    assert_int_equal(mkdir(in_bucket(f, "left"), 0755), 0); /* directories alone are nothing */
    assert_int_equal(mkdir(in_bucket(f, "left/over"), 0755), 0);
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_OK);
    assert_int_equal(store_bucket_head(f->s, f->bucket, f->arena, &bucket), S3ERR_NO_SUCH_BUCKET);
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_NO_SUCH_BUCKET);
    assert_int_equal(rmdir(arena_printf(f->arena, "%s/.s3n-sys/trash", f->root)), 0); /* empty */
}

/* A node that died between moving a bucket to the trash and looking at it again. */
static void a_half_removed_bucket_is_settled_at_the_next_start(void **state)
{
    struct fixture *f = *state;
    struct err err;
    struct store_bucket bucket;
    put_text(f, "a", "acknowledged");
    assert_int_equal(
        rename(in_bucket(f, ""), arena_printf(f->arena, "%s/.s3n-sys/trash/bucket.01", f->root)),
        0);
    assert_int_equal(store_bucket_create(f->s, span_of("empty.one"), span_of("me")), S3ERR_OK);
    assert_int_equal(rename(arena_printf(f->arena, "%s/empty.one", f->root),
                            arena_printf(f->arena, "%s/.s3n-sys/trash/empty.one.02", f->root)),
                     0);
    struct store *again = store_open(f->root, STORE_NONE, &err);
    assert_non_null(again);
    store_close(again);
    assert_object(f, "a", "acknowledged");
    assert_int_equal(store_bucket_head(f->s, f->bucket, f->arena, &bucket), S3ERR_OK);
    assert_true(span_is(bucket.owner, "me"));
    assert_int_equal(store_bucket_head(f->s, span_of("empty.one"), f->arena, &bucket),
                     S3ERR_NO_SUCH_BUCKET);
}

static void old_temporary_files_are_removed_at_the_next_start(void **state)
{
    struct fixture *f = *state;
    struct err err;
    const struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    put_text(f, "a", "makes the directory for temporary files");
    write_file(in_bucket(f, ".s3n-sys/tmp/old"), "x");
    write_file(in_bucket(f, ".s3n-sys/tmp/young"), "x");
    assert_int_equal(utimensat(AT_FDCWD, in_bucket(f, ".s3n-sys/tmp/old"), old, 0), 0);
    struct store *again = store_open(f->root, STORE_NONE, &err);
    assert_non_null(again);
    store_close(again);
    assert_false(exists(f, ".s3n-sys/tmp/old"));
    assert_true(exists(f, ".s3n-sys/tmp/young"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_start_that_cannot_work_says_what_to_do),
        TEST(nodes_that_start_at_once_agree),
        TEST(the_id_stays),
        TEST(buckets_have_owners),
        TEST(directories_of_others_are_buckets),
        TEST(buckets_are_listed_by_name),
        TEST(only_empty_buckets_are_removed),
        TEST(a_half_removed_bucket_is_settled_at_the_next_start),
        TEST(old_temporary_files_are_removed_at_the_next_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
