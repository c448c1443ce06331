/* Keys to paths and back: the table of keypath.h row by row, then as properties of random keys. */
#include <stdio.h>
#include <stdlib.h>

#include "base/rand.h"
#include "s3node/store/keypath.h"
#include "tests/unit/test.h"

static char *repeat(char c, int n)
{
    static char text[8][1100];
    static int next;
    char *out = text[next++ % 8];
    memset(out, c, (size_t)n);
    out[n] = '\0';
    return out;
}

static struct buf map_of(struct span key)
{
    struct buf path = {0};
    keypath_map(key, &path);
    return path;
}

static void each_row_of_the_table(void **state)
{
    (void)state;
    char long_path[600], long_escape[600];
    snprintf(long_path, sizeof long_path, ".s3n-l%s/%s", repeat('x', 240), repeat('x', 60));
    snprintf(long_escape, sizeof long_escape, ".s3n-l%s/.s3n-e.s3n-e%s", repeat('y', 240),
             repeat('z', 20));
    char tricky[400];
    snprintf(tricky, sizeof tricky, "%s.s3n-e%s", repeat('y', 240), repeat('z', 20));
    const struct {
        const char *key, *path;
    } cases[] = {
        {"a", "a"},
        {"photos/2026/a b%2F.jpg", "photos/2026/a b%2F.jpg"},
        {"..a/...", "..a/..."},
        {".s3x", ".s3x"},
        {"a/b/", "a/b/.s3n-e"},
        {"/a", ".s3n-e/a"},
        {"a//b", "a/.s3n-e/b"},
        {"/", ".s3n-e/.s3n-e"},
        {".", ".s3n-e."},
        {"../../etc/passwd", ".s3n-e../.s3n-e../etc/passwd"},
        {".s3n-sys/owner", ".s3n-e.s3n-sys/owner"},
        {".s3n-e", ".s3n-e.s3n-e"},
        {repeat('x', 255), repeat('x', 255)},
        {repeat('x', 300), long_path},
        {tricky, long_escape},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf path = map_of(span_of(cases[i].key)), key = {0};
        bool alias;
        assert_string_equal(path.p, cases[i].path);
        assert_true(keypath_unmap(buf_span(&path), &alias, &key));
        assert_false(alias);
        assert_string_equal(key.p, cases[i].key);
        buf_fini(&path);
        buf_fini(&key);
    }
}

static void aliases(void **state)
{
    (void)state;
    char long_alias[600];
    snprintf(long_alias, sizeof long_alias, "d/.s3n-l%s/.s3n-f%s", repeat('x', 240),
             repeat('x', 12));
    char long_path[600];
    snprintf(long_path, sizeof long_path, "d/%s", repeat('x', 252));
    const struct {
        const char *path, *alias;
    } cases[] = {
        {"a", ".s3n-fa"},
        {"a/b", "a/.s3n-fb"},
        {"a/b/.s3n-e", "a/b/.s3n-f.s3n-e"},
        {long_path, long_alias},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf alias = {0};
        keypath_alias(span_of(cases[i].path), &alias);
        assert_string_equal(alias.p, cases[i].alias);
        buf_fini(&alias);
    }
}

static void names_that_are_no_keys(void **state)
{
    (void)state;
    static const char *const paths[] = {".s3n-sys",  ".s3n-sys/owner", ".s3n-t1",      "a/.s3n-x",
                                        ".s3n-ea",   ".s3n-e..a",      ".s3n-lab/cd",  ".s3n-lab",
                                        ".s3n-fa/b", ".s3n-f.s3n-fa",  ".s3n-f.s3n-ea"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct buf key = {0};
        bool alias;
        if (keypath_unmap(span_of(paths[i]), &alias, &key))
            print_message("%s is %s\n", paths[i], key.p);
        assert_int_equal(key.len, 0);
        buf_fini(&key);
    }
}

/* ---- properties ---- */

/* A key made of the pieces that matter to the mapping. */
static void random_key(struct rand *r, struct buf *out)
{
    static const char *const pieces[] = {"/", "/",      "a",      "b",      ".",     "..",
                                         "-", ".s3n-e", ".s3n-l", ".s3n-f", ".s3n-", ".s3n-sys"};
    buf_clear(out);
    do {
        uint32_t pick = rand_below(r, COUNT(pieces) + 1);
        if (pick < COUNT(pieces))
            buf_text(out, pieces[pick]);
        else
            buf_text(out, repeat('x', 235 + (int)rand_below(r, 30)));
    } while (rand_below(r, 6) > 0 && out->len < 700);
}

static void check_components(struct span path)
{
    for (struct span part; span_split(&path, '/', &part);) {
        assert_true(part.len >= 1 && part.len <= 255);
        assert_false(span_is(part, ".") || span_is(part, ".."));
    }
}

static void check_round_trip(struct span key, struct buf *place, bool alias)
{
    struct buf back = {0};
    bool is_alias;
    check_components(buf_span(place));
    assert_true(keypath_unmap(buf_span(place), &is_alias, &back));
    assert_int_equal(is_alias, alias);
    assert_true(span_equal(buf_span(&back), key));
    buf_fini(&back);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void random_keys_come_back_and_never_share_a_place(void **state)
{
    (void)state;
    enum { KEYS = 20000 };
    static char *lines[2 * KEYS]; /* "place\nkey" of both places of each key */
    struct rand r = {20261120};
    struct buf key = {0};
    for (size_t i = 0; i < KEYS; i++) {
        struct buf alias = {0}, line = {0};
        random_key(&r, &key);
        struct buf path = map_of(buf_span(&key));
        keypath_alias(buf_span(&path), &alias);
        check_round_trip(buf_span(&key), &path, false);
        check_round_trip(buf_span(&key), &alias, true);
        buf_printf(&line, "%s\n%s", path.p, key.p);
        lines[2 * i] = strdup(line.p);
        buf_clear(&line);
        buf_printf(&line, "%s\n%s", alias.p, key.p);
        lines[2 * i + 1] = strdup(line.p);
        buf_fini(&path);
        buf_fini(&alias);
        buf_fini(&line);
    }
    qsort(lines, COUNT(lines), sizeof *lines, by_text);
    for (size_t i = 1; i < COUNT(lines); i++) {
        size_t place = strcspn(lines[i], "\n");
        if (strncmp(lines[i - 1], lines[i], place + 1) == 0)
            assert_string_equal(lines[i - 1], lines[i]);
    }
    for (size_t i = 0; i < COUNT(lines); i++)
        free(lines[i]);
    buf_fini(&key);
}

/* The other direction: whatever name others make, it stands for one key at most, and that key's. */
static void random_paths_are_keys_only_as_written(void **state)
{
    (void)state;
    struct rand r = {7};
    struct buf path = {0};
    size_t good = 0;
    for (size_t i = 0; i < 20000; i++) {
        struct buf key = {0}, again = {0}, alias = {0};
        bool is_alias;
        random_key(&r, &path);
        if (keypath_unmap(buf_span(&path), &is_alias, &key)) {
            keypath_map(buf_span(&key), &again);
            keypath_alias(buf_span(&again), &alias);
            assert_string_equal(is_alias ? alias.p : again.p, path.p);
            good++;
        }
        buf_fini(&key);
        buf_fini(&again);
        buf_fini(&alias);
    }
    assert_true(good > 100);
    buf_fini(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_of_the_table),
        cmocka_unit_test(aliases),
        cmocka_unit_test(names_that_are_no_keys),
        cmocka_unit_test(random_keys_come_back_and_never_share_a_place),
        cmocka_unit_test(random_paths_are_keys_only_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
