/* fixture.h - a store on a real filesystem, with one bucket, made before each test and removed
 * after. */
#ifndef TESTS_UNIT_S3NODE_STORE_FIXTURE_H
#define TESTS_UNIT_S3NODE_STORE_FIXTURE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "s3node/store/store.h"
#include "tests/unit/test.h"

struct fixture {
    char root[64];
    struct store *s;
    struct arena *arena;
    struct span bucket;
};

static inline int setup_with(void **state, enum store_durability durability)
{
    struct fixture *f = NEW(struct fixture);
    struct err err = {0};
    snprintf(f->root, sizeof f->root, "/var/tmp/s3node-test-XXXXXX");
    assert_non_null(mkdtemp(f->root));
    f->s = store_open(f->root, durability, &err);
    assert_string_equal(err.text, "");
    f->arena = arena_new();
    f->bucket = span_of("bucket");
    assert_int_equal(store_bucket_create(f->s, f->bucket, span_of("me")), S3ERR_OK);
    *state = f;
    return 0;
}

static inline int setup(void **state)
{
    return setup_with(state, STORE_NONE);
}

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    arena_free(f->arena);
    nftw(f->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

/* The path of something in the bucket. */
static inline const char *in_bucket(struct fixture *f, const char *path)
{
    return arena_printf(f->arena, "%s/bucket/%s", f->root, path);
}

static inline bool exists(struct fixture *f, const char *path)
{
    return access(in_bucket(f, path), F_OK) == 0;
}

static inline void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (long)strlen(text));
    close(fd);
}

static inline enum s3err try_put(struct store *s, struct span bucket, struct span key,
                                 struct span body, const struct store_meta *meta)
{
    struct store_put *put;
    enum s3err e = store_put_begin(s, bucket, key, meta, &put);
    if (e != S3ERR_OK)
        return e;
    e = store_put_write(put, body.p, body.len);
    if (e != S3ERR_OK) {
        store_put_abort(put);
        return e;
    }
    return store_put_commit(put, NULL);
}

static inline void put_text(struct fixture *f, const char *key, const char *text)
{
    assert_int_equal(try_put(f->s, f->bucket, span_of(key), span_of(text), NULL), S3ERR_OK);
}

/* The body of an object as text in the arena; NULL if there is none. */
static inline const char *get_text(struct fixture *f, struct span key)
{
    struct store_object object;
    enum s3err e = store_get(f->s, f->bucket, key, f->arena, &object);
    if (e == S3ERR_NO_SUCH_KEY)
        return NULL;
    assert_int_equal(e, S3ERR_OK);
    char *text = arena_alloc(f->arena, object.info.size + 1);
    assert_int_equal(pread(object.fd, text, object.info.size, 0), object.info.size);
    close(object.fd);
    return text;
}

static inline void assert_object(struct fixture *f, const char *key, const char *text)
{
    const char *found = get_text(f, span_of(key));
    assert_non_null(found);
    assert_string_equal(found, text);
}

static inline void assert_no_object(struct fixture *f, const char *key)
{
    assert_null(get_text(f, span_of(key)));
}

static inline void delete_key(struct fixture *f, const char *key)
{
    assert_int_equal(store_delete(f->s, f->bucket, span_of(key)), S3ERR_OK);
}

#endif
