/* What the store asks of the filesystem: never outside, never through a link, whichever way it
 * opens. */
#include <errno.h>

#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "tests/unit/s3node/store/fixture.h"

static int open_root_of(struct fixture *f)
{
    int dir = open(f->root, O_RDONLY | O_DIRECTORY);
    assert_true(dir >= 0);
    return dir;
}

/* A path over PATH_MAX is opened step by step, which is also what kernels without openat2 get. */
static const char *the_long_way(struct fixture *f, const char *path)
{
    struct buf text = {0};
    for (int i = 0; i < 2100; i++)
        buf_text(&text, "./");
    buf_text(&text, path);
    const char *out = arena_text(f->arena, buf_span(&text));
    buf_fini(&text);
    return out;
}

static void both_ways_of_opening_refuse_links(void **state)
{
    struct fixture *f = *state;
    int dir = open_root_of(f);
    write_file(in_bucket(f, "file"), "x");
    assert_int_equal(symlink("file", in_bucket(f, "link")), 0);
    assert_int_equal(symlink(".", in_bucket(f, "here")), 0);
    static const struct {
        const char *path;
        bool opens;
    } cases[] = {
        {"bucket/file", true},  {"bucket/link", false},    {"bucket/here/file", false},
        {"bucket/no", false},   {"bucket/file/no", false}, {"no/file", false},
        {"bucket/here", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const paths[] = {cases[i].path, the_long_way(f, cases[i].path)};
        for (size_t k = 0; k < COUNT(paths); k++) {
            int fd = fs_open(dir, paths[k], O_RDONLY, 0);
            assert_int_equal(fd >= 0, cases[i].opens);
            if (fd >= 0)
                close(fd);
        }
    }
    close(dir);
}

static void directories_are_made_once(void **state)
{
    struct fixture *f = *state;
    int dir = open_root_of(f);
    for (int i = 0; i < 2; i++) {
        int fd = fs_open_made(dir, "x/y/z");
        assert_true(fd >= 0);
        close(fd);
    }
    write_file(arena_printf(f->arena, "%s/x/file", f->root), "");
    assert_int_equal(fs_open_made(dir, "x/file/z"), -1);
    close(dir);
}

static void a_tree_is_removed_without_following_links(void **state)
{
    struct fixture *f = *state;
    int dir = open_root_of(f);
    int made = fs_open_made(dir, "tree/a/b");
    assert_true(made >= 0);
    close(made);
    write_file(arena_printf(f->arena, "%s/keep", f->root), "x");
    write_file(arena_printf(f->arena, "%s/tree/a/b/file", f->root), "x");
    assert_int_equal(symlink("../..", arena_printf(f->arena, "%s/tree/a/up", f->root)), 0);
    fs_remove_tree(dir, "tree");
    assert_int_equal(faccessat(dir, "tree", F_OK, 0), -1);
    assert_int_equal(faccessat(dir, "keep", F_OK, 0), 0);
    fs_remove_tree(dir, "tree"); /* not there: nothing to do */
    close(dir);
}

static void appending_takes_what_was_promised(void **state)
{
    struct fixture *f = *state;
    int dir = open_root_of(f);
    write_file(arena_printf(f->arena, "%s/from", f->root), "hello world");
    int from = fs_open(dir, "from", O_RDONLY, 0);
    int to = fs_open(dir, "to", O_RDWR | O_CREAT, 0644);
    char text[20] = {0};
    assert_true(fs_write_all(to, "> ", 2));
    assert_true(fs_append(to, from, 5));
    assert_int_equal(pread(to, text, sizeof text - 1, 0), 7);
    assert_string_equal(text, "> hello");
    assert_false(fs_append(to, from, 100)); /* fewer bytes than promised */
    assert_int_equal(errno, EIO);
    close(from);
    close(to);
    close(dir);
}

static void errors_have_answers(void **state)
{
    (void)state;
    assert_int_equal(fserr(ENOSPC), S3ERR_INSUFFICIENT_STORAGE);
    assert_int_equal(fserr(EDQUOT), S3ERR_INSUFFICIENT_STORAGE);
    assert_int_equal(fserr(EROFS), S3ERR_READ_ONLY);
    assert_int_equal(fserr(EMFILE), S3ERR_SLOW_DOWN);
    assert_int_equal(fserr(EIO), S3ERR_INTERNAL);
    assert_int_equal(fserr(0), S3ERR_INTERNAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_ways_of_opening_refuse_links),
        TEST(directories_are_made_once),
        TEST(a_tree_is_removed_without_following_links),
        TEST(appending_takes_what_was_promised),
        TEST(errors_have_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
