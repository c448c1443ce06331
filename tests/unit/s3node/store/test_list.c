/* Listings against a reference: all keys sorted by bytes, filtered and grouped by the plain rules
 * of ListObjectsV2, page by page. */
#include <stdlib.h>

#include "base/rand.h"
#include "tests/unit/s3node/store/fixture.h"

enum { MAX_KEYS = 60 };

struct keys {
    const char *text[MAX_KEYS];
    size_t n;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* ---- the reference ---- */

struct entry {
    const char *key;
    bool is_prefix;
};

static size_t expected_page(const struct keys *keys, const struct store_list *q,
                            struct arena *arena, struct entry *out, bool *truncated)
{
    size_t n = 0;
    *truncated = false;
    for (size_t i = 0; i < keys->n; i++) {
        struct span key = span_of(keys->text[i]);
        if (!span_equal(span_first(key, q->prefix.len), q->prefix))
            continue;
        const char *at = q->delimiter.len
                             ? strstr(key.p + q->prefix.len, arena_text(arena, q->delimiter))
                             : NULL;
        struct entry entry = {key.p, at != NULL};
        if (at)
            entry.key =
                arena_text(arena, (struct span){key.p, (size_t)(at - key.p) + q->delimiter.len});
        if (q->after.len && strcmp(entry.key, arena_text(arena, q->after)) <= 0)
            continue;
        if (n > 0 && entry.is_prefix && strcmp(out[n - 1].key, entry.key) == 0)
            continue;
        if (n == q->max) {
            *truncated = q->max > 0;
            break;
        }
        out[n++] = entry;
    }
    return n;
}

static void compare_page(struct fixture *f, const struct keys *keys, const struct store_list *q,
                         struct store_page *page)
{
    struct entry expected[MAX_KEYS + 1];
    bool truncated;
    struct arena *arena = arena_new();
    size_t n = expected_page(keys, q, arena, expected, &truncated);
    assert_int_equal(store_list(f->s, f->bucket, q, f->arena, page), S3ERR_OK);
    for (size_t i = 0; i < n && i < page->n; i++) {
        assert_string_equal(page->entries[i].key.p, expected[i].key);
        assert_int_equal(page->entries[i].is_prefix, expected[i].is_prefix);
        if (!expected[i].is_prefix) {
            assert_int_equal(page->entries[i].size, strlen(expected[i].key));
            assert_int_equal(strlen(page->entries[i].etag), 32);
            assert_true(page->entries[i].mtime_ms > 0);
        }
    }
    assert_int_equal(page->n, n);
    assert_int_equal(page->truncated, truncated);
    arena_free(arena);
}

/* All pages of a listing, each one as the reference has it. */
static void compare_listing(struct fixture *f, const struct keys *keys, struct store_list q)
{
    struct store_page page;
    for (int pages = 0; pages <= MAX_KEYS; pages++) {
        compare_page(f, keys, &q, &page);
        if (!page.truncated)
            return;
        q.after = page.next;
    }
    fail_msg("a listing that does not end");
}

/* ---- keys ---- */

static const char *random_text(struct rand *r, struct arena *arena, int most)
{
    static const char *const pieces[] = {"/", "/", "a", "b", "a!", "a0", "-", ".", ".s3n-"};
    struct buf text = {0};
    int n = (int)rand_below(r, (uint32_t)most + 1);
    buf_text(&text, "");
    for (int i = 0; i < n; i++) {
        if (rand_below(r, 40) == 0) { /* a name that is split, with relatives beside it */
            char name[270] = {0};
            memset(name, 'a', 238 + rand_below(r, 30));
            buf_text(&text, name);
        } else {
            buf_text(&text, pieces[rand_below(r, COUNT(pieces))]);
        }
    }
    const char *out = arena_text(arena, buf_span(&text));
    buf_fini(&text);
    return out;
}

static void add_keys(struct fixture *f, struct rand *r, struct keys *keys)
{
    for (int i = 0; i < MAX_KEYS; i++) {
        const char *key = random_text(r, f->arena, 8);
        if (*key && strlen(key) <= 1024)
            keys->text[keys->n++] = key;
    }
    qsort(keys->text, keys->n, sizeof *keys->text, by_bytes);
    size_t kept = 0;
    for (size_t i = 0; i < keys->n; i++)
        if (kept == 0 || strcmp(keys->text[kept - 1], keys->text[i]) != 0)
            keys->text[kept++] = keys->text[i];
    keys->n = kept;
    for (size_t i = 0; i < kept; i++) { /* in another order than sorted */
        size_t k = (i * 31) % kept;
        if (kept % 31 == 0)
            k = i;
        put_text(f, keys->text[k], keys->text[k]);
    }
}

static void random_listings(void **state)
{
    struct fixture *f = *state;
    static const char *const delimiters[] = {"", "/", "/", "a", "-", "/a", "b/"};
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct rand r = {seed};
        struct keys keys = {0};
        add_keys(f, &r, &keys);
        for (int i = 0; i < 60; i++) {
            const char *prefix = random_text(&r, f->arena, 3);
            if (i % 3 == 0) { /* the beginning of a key that exists */
                const char *key = keys.text[rand_below(&r, (uint32_t)keys.n)];
                prefix = arena_text(f->arena, span_first(span_of(key), rand_below(&r, 6)));
            }
            struct store_list q = {
                .prefix = span_of(i % 4 == 1 ? "" : prefix),
                .delimiter = span_of(delimiters[rand_below(&r, COUNT(delimiters))]),
                .after = span_of(i % 2 ? "" : random_text(&r, f->arena, 5)),
                .max = 1 + rand_below(&r, 20),
            };
            compare_listing(f, &keys, q);
        }
        for (size_t i = 0; i < keys.n; i++)
            delete_key(f, keys.text[i]);
        compare_listing(f, &(struct keys){{0}, 0}, (struct store_list){.max = 5});
    }
    assert_int_equal(store_bucket_delete(f->s, f->bucket), S3ERR_OK);
}

/* ---- single rules ---- */

static void keys_come_in_byte_order_across_directories(void **state)
{
    struct fixture *f = *state;
    struct keys keys = {{"a", "a!", "a/", "a//", "a/b", "a0", "b\xc3\xa9", "b\xf0\x9f\x98\x80"}, 8};
    for (size_t i = keys.n; i-- > 0;)
        put_text(f, keys.text[i], keys.text[i]);
    for (size_t max = 1; max <= keys.n + 1; max++) {
        compare_listing(f, &keys, (struct store_list){.max = max});
        compare_listing(f, &keys, (struct store_list){.max = max, .delimiter = span_of("/")});
    }
}

static void a_token_that_is_a_common_prefix_skips_its_group(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    put_text(f, "boo/bar", "");
    put_text(f, "boo/baz", "");
    put_text(f, "cquux/x", "");
    struct store_list q = {.delimiter = span_of("/"), .max = 1};
    assert_int_equal(store_list(f->s, f->bucket, &q, f->arena, &page), S3ERR_OK);
    assert_true(page.truncated && page.n == 1 && span_is(page.next, "boo/"));
    q.after = page.next;
    assert_int_equal(store_list(f->s, f->bucket, &q, f->arena, &page), S3ERR_OK);
    assert_true(!page.truncated && page.n == 1 && span_is(page.entries[0].key, "cquux/"));
}

static void nothing_is_asked_for(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    put_text(f, "a", "");
    struct store_list q = {.max = 0};
    assert_int_equal(store_list(f->s, f->bucket, &q, f->arena, &page), S3ERR_OK);
    assert_int_equal(page.n, 0);
    assert_false(page.truncated);
    q = (struct store_list){.prefix = span_bytes("a\0b", 3), .max = 5};
    assert_int_equal(store_list(f->s, f->bucket, &q, f->arena, &page), S3ERR_OK);
    assert_int_equal(page.n, 0);
    assert_int_equal(store_list(f->s, span_of("nobucket"), &q, f->arena, &page),
                     S3ERR_NO_SUCH_BUCKET);
}

static void names_that_are_no_keys_are_not_listed(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    struct store_list q = {.max = 5};
    write_file(in_bucket(f, "bad\xff"), "x");
    write_file(in_bucket(f, ".s3n-whatever"), "x");
    write_file(in_bucket(f, "good.txt"), "x");
    assert_int_equal(store_list(f->s, f->bucket, &q, f->arena, &page), S3ERR_OK);
    assert_int_equal(page.n, 1);
    assert_true(span_is(page.entries[0].key, "good.txt"));
    assert_int_equal(strlen(page.entries[0].etag), 34);
}

static void of_a_file_and_its_alias_the_file_is_listed(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    struct store_list q = {.max = 5};
    put_text(f, "a/b", "");
    put_text(f, "a", "old");
    delete_key(f, "a/b");
    put_text(f, "a", "newer");
    assert_true(exists(f, ".s3n-fa"));
    assert_int_equal(store_list(f->s, f->bucket, &q, f->arena, &page), S3ERR_OK);
    assert_int_equal(page.n, 1);
    assert_int_equal(page.entries[0].size, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(random_listings),
        TEST(keys_come_in_byte_order_across_directories),
        TEST(a_token_that_is_a_common_prefix_skips_its_group),
        TEST(nothing_is_asked_for),
        TEST(names_that_are_no_keys_are_not_listed),
        TEST(of_a_file_and_its_alias_the_file_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
