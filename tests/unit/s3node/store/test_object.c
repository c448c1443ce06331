/* PUT, GET, HEAD and DELETE of objects on a real filesystem. */
#include <dirent.h>

#include "base/digest.h"
#include "tests/unit/s3node/store/fixture.h"

static void what_is_put_is_read_back(void **state)
{
    struct fixture *f = *state;
    static const char *const keys[] = {"a",
                                       "b/c",
                                       "b/c/d",
                                       "b",
                                       "b/",
                                       "b//",
                                       "//",
                                       "/",
                                       "..",
                                       "../..",
                                       ".s3n-sys/owner",
                                       ".s3n-fb",
                                       "x/.",
                                       "x/./y",
                                       "\xc3\xa9 %2F\n",
                                       "b/c/d/e/f"};
    for (size_t i = 0; i < COUNT(keys); i++)
        put_text(f, keys[i], keys[i]);
    for (size_t i = 0; i < COUNT(keys); i++)
        assert_object(f, keys[i], keys[i]);
    for (size_t i = 0; i < COUNT(keys); i++) {
        delete_key(f, keys[i]);
        assert_no_object(f, keys[i]);
        for (size_t k = i + 1; k < COUNT(keys); k++)
            assert_object(f, keys[k], keys[k]);
    }
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_OK);
}

static void the_longest_keys(void **state)
{
    struct fixture *f = *state;
    char key[1025] = {0};
    memset(key, '/', 1024); /* the path is 7168 bytes long */
    put_text(f, key, "slashes");
    assert_object(f, key, "slashes");
    delete_key(f, key);
    assert_no_object(f, key);
    memset(key, 'x', 1024);
    put_text(f, key, "one segment");
    key[1022] = '/';
    put_text(f, key, "two segments");
    assert_object(f, key, "two segments");
    key[1022] = 'x';
    assert_object(f, key, "one segment");
    assert_int_equal(try_put(f->s, f->bucket, span_bytes("a\0b", 3), span_of(""), NULL),
                     S3ERR_INVALID_URI);
}

/* Names of 250 to 255 bytes have no room for the tag of an alias. */
static void long_names_collide_with_directories_too(void **state)
{
    struct fixture *f = *state;
    for (int len = 248; len <= 258; len++) {
        char name[300] = {0}, below[310];
        memset(name, 'n', (size_t)len);
        snprintf(below, sizeof below, "%s/b", name);
        put_text(f, name, "first");
        put_text(f, below, "below");
        assert_object(f, name, "first");
        put_text(f, name, "second");
        assert_object(f, name, "second");
        assert_object(f, below, "below");
        delete_key(f, name);
        assert_no_object(f, name);
        assert_object(f, below, "below");
        delete_key(f, below);
    }
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_OK);
}

static void ordinary_keys_are_ordinary_files(void **state)
{
    struct fixture *f = *state;
    put_text(f, "photos/2026/a b.jpg", "x");
    assert_true(exists(f, "photos/2026/a b.jpg"));
    put_text(f, "photos", "object and directory");
    assert_true(exists(f, ".s3n-fphotos"));
    delete_key(f, "photos/2026/a b.jpg");
    assert_false(exists(f, "photos")); /* empty directories go */
    assert_object(f, "photos", "object and directory");
    put_text(f, "photos", "newer");
    assert_object(f, "photos", "newer");
    delete_key(f, "photos");
    assert_no_object(f, "photos"); /* the older one does not come back */
    assert_false(exists(f, ".s3n-fphotos"));
    assert_true(exists(f, "."));
}

static void etag_is_the_md5_and_headers_are_kept(void **state)
{
    struct fixture *f = *state;
    struct store_header headers[] = {
        {span_of("content-type"), span_of("text/x-test")},
        {span_of("x-amz-meta-colour"), span_of("blue")},
    };
    struct store_meta meta = {headers, COUNT(headers)};
    struct store_put *put;
    struct store_info info;
    assert_int_equal(store_put_begin(f->s, f->bucket, span_of("k"), &meta, &put), S3ERR_OK);
    assert_int_equal(store_put_write(put, "hello ", 6), S3ERR_OK);
    assert_int_equal(store_put_write(put, "world", 5), S3ERR_OK);
    assert_string_equal(store_put_etag(put), "5eb63bbbe01eeed093cb22bb8f5acdc3");
    assert_int_equal(store_put_commit(put, &info), S3ERR_OK);
    assert_int_equal(info.size, 11);
    assert_string_equal(info.etag, "5eb63bbbe01eeed093cb22bb8f5acdc3");
    struct store_info head;
    assert_int_equal(store_head(f->s, f->bucket, span_of("k"), f->arena, &head), S3ERR_OK);
    assert_int_equal(head.size, 11);
    assert_int_equal(head.mtime_ms, info.mtime_ms);
    assert_string_equal(head.etag, info.etag);
    assert_int_equal(head.meta.n, 2);
    assert_true(span_is(head.meta.headers[0].value, "text/x-test"));
    assert_true(span_is(head.meta.headers[1].name, "x-amz-meta-colour"));
    put_text(f, "k", "");
    assert_int_equal(store_head(f->s, f->bucket, span_of("k"), f->arena, &head), S3ERR_OK);
    assert_string_equal(head.etag, "d41d8cd98f00b204e9800998ecf8427e");
    assert_int_equal(head.meta.n, 1);
    assert_true(span_is(head.meta.headers[0].value, "binary/octet-stream"));
}

static void too_much_metadata_is_refused(void **state)
{
    struct fixture *f = *state;
    char big[2900];
    memset(big, 'x', sizeof big);
    struct store_header header = {span_of("x-amz-meta-a"), span_bytes(big, 2700)};
    struct store_meta meta = {&header, 1};
    assert_int_equal(try_put(f->s, f->bucket, span_of("k"), span_of(""), &meta), S3ERR_OK);
    header.value.len = sizeof big;
    assert_int_equal(try_put(f->s, f->bucket, span_of("k"), span_of(""), &meta),
                     S3ERR_METADATA_TOO_LARGE);
}

static size_t count_files(const char *path)
{
    size_t n = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return n;
}

static void an_aborted_put_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_put *put;
    put_text(f, "d/k", "old");
    assert_int_equal(store_put_begin(f->s, f->bucket, span_of("d/e/k"), NULL, &put), S3ERR_OK);
    assert_int_equal(store_put_write(put, "new", 3), S3ERR_OK);
    assert_int_equal(count_files(in_bucket(f, ".s3n-sys/tmp")), 1);
    assert_no_object(f, "d/e/k"); /* nothing is seen before commit */
    store_put_abort(put);
    store_put_abort(NULL);
    assert_int_equal(count_files(in_bucket(f, ".s3n-sys/tmp")), 0);
    assert_false(exists(f, "d/e"));
    assert_object(f, "d/k", "old");
}

static void an_open_object_keeps_its_content(void **state)
{
    struct fixture *f = *state;
    struct store_object object;
    char text[4] = {0};
    put_text(f, "k", "old");
    assert_int_equal(store_get(f->s, f->bucket, span_of("k"), f->arena, &object), S3ERR_OK);
    put_text(f, "k", "new");
    assert_int_equal(pread(object.fd, text, 3, 0), 3);
    assert_string_equal(text, "old");
    close(object.fd);
    assert_object(f, "k", "new");
}

static void files_of_others_are_objects(void **state)
{
    struct fixture *f = *state;
    struct store_info info, again;
    assert_int_equal(mkdir(in_bucket(f, "web"), 0755), 0);
    write_file(in_bucket(f, "web/index.html"), "<html>");
    assert_int_equal(store_head(f->s, f->bucket, span_of("web/index.html"), f->arena, &info),
                     S3ERR_OK);
    assert_int_equal(info.size, 6);
    assert_int_equal(strlen(info.etag), 34);
    assert_string_equal(info.etag + 32, "-1");
    assert_true(span_is(info.meta.headers[0].value, "text/html"));
    /* written to behind our back: the record no longer fits, the headers stay */
    struct store_header header = {span_of("content-type"), span_of("text/x-kept")};
    struct store_meta meta = {&header, 1};
    assert_int_equal(try_put(f->s, f->bucket, span_of("k"), span_of("body"), &meta), S3ERR_OK);
    write_file(in_bucket(f, "k"), "changed");
    assert_int_equal(store_head(f->s, f->bucket, span_of("k"), f->arena, &again), S3ERR_OK);
    assert_int_equal(again.size, 7);
    assert_string_equal(again.etag + 32, "-1");
    assert_true(span_is(again.meta.headers[0].value, "text/x-kept"));
    /* and PUT of an object below a foreign file moves it aside */
    put_text(f, "web/index.html/below", "x");
    assert_object(f, "web/index.html", "<html>");
}

static void symbolic_links_lead_nowhere(void **state)
{
    struct fixture *f = *state;
    write_file(arena_printf(f->arena, "%s/outside", f->root), "secret");
    assert_int_equal(symlink("../outside", in_bucket(f, "file")), 0);
    assert_int_equal(symlink("..", in_bucket(f, "dir")), 0);
    assert_int_equal(symlink(".", arena_printf(f->arena, "%s/linked-bucket", f->root)), 0);
    assert_no_object(f, "file");
    assert_no_object(f, "dir/outside");
    assert_int_equal(try_put(f->s, f->bucket, span_of("dir/new"), span_of("x"), NULL),
                     S3ERR_ACCESS_DENIED);
    delete_key(f, "dir/outside");
    delete_key(f, "file");
    assert_true(exists(f, "file"));
    assert_true(exists(f, "../outside"));
    assert_int_equal(try_put(f->s, span_of("linked-bucket"), span_of("k"), span_of("x"), NULL),
                     S3ERR_NO_SUCH_BUCKET);
    struct store_list query = {.max = 10};
    struct store_page page;
    assert_int_equal(store_list(f->s, f->bucket, &query, f->arena, &page), S3ERR_OK);
    assert_int_equal(page.n, 0);
}

static void a_fifo_does_not_hang_a_reader(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkfifo(in_bucket(f, "fifo"), 0644), 0);
    assert_no_object(f, "fifo");
}

static int setup_full(void **state)
{
    return setup_with(state, STORE_FULL);
}

static int setup_data(void **state)
{
    return setup_with(state, STORE_DATA);
}

static void durability_changes_nothing_to_see(void **state)
{
    struct fixture *f = *state;
    put_text(f, "a", "1");
    put_text(f, "a/b/c", "2");
    put_text(f, "a/b", "3");
    assert_object(f, "a", "1");
    assert_object(f, "a/b/c", "2");
    assert_object(f, "a/b", "3");
    delete_key(f, "a/b/c");
    assert_object(f, "a/b", "3");
}

static void missing_things_have_their_names(void **state)
{
    struct fixture *f = *state;
    struct store_info info;
    assert_int_equal(store_head(f->s, f->bucket, span_of("no"), f->arena, &info),
                     S3ERR_NO_SUCH_KEY);
    put_text(f, "file", "x");
    assert_int_equal(store_head(f->s, f->bucket, span_of("file/no"), f->arena, &info),
                     S3ERR_NO_SUCH_KEY);
    assert_int_equal(store_head(f->s, span_of("nobucket"), span_of("no"), f->arena, &info),
                     S3ERR_NO_SUCH_BUCKET);
    assert_int_equal(store_head(f->s, span_of("../x"), span_of("no"), f->arena, &info),
                     S3ERR_INVALID_BUCKET_NAME);
    delete_key(f, "no/such/key");
    delete_key(f, "file/no");
    assert_object(f, "file", "x");
    assert_int_equal(store_delete(f->s, span_of("nobucket"), span_of("k")), S3ERR_NO_SUCH_BUCKET);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_put_is_read_back),
        TEST(the_longest_keys),
        TEST(long_names_collide_with_directories_too),
        TEST(ordinary_keys_are_ordinary_files),
        TEST(etag_is_the_md5_and_headers_are_kept),
        TEST(too_much_metadata_is_refused),
        TEST(an_aborted_put_leaves_nothing),
        TEST(an_open_object_keeps_its_content),
        TEST(files_of_others_are_objects),
        TEST(symbolic_links_lead_nowhere),
        TEST(a_fifo_does_not_hang_a_reader),
        cmocka_unit_test_setup_teardown(durability_changes_nothing_to_see, setup_full, teardown),
        cmocka_unit_test_setup_teardown(durability_changes_nothing_to_see, setup_data, teardown),
        TEST(missing_things_have_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
