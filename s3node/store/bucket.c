#include "s3node/store/bucket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/root.h"
#include "s3node/wire/s3name.h"

enum { OWNER_MAX = 256 };

bool bucket_name(struct span bucket, char out[BUCKET_NAME])
{
    if (s3name_check_bucket(bucket) != S3ERR_OK)
        return false;
    memcpy(out, bucket.p, bucket.len);
    out[bucket.len] = '\0';
    return true;
}

enum s3err bucket_open(struct store *s, struct span bucket, int *fd)
{
    char name[BUCKET_NAME];
    if (!bucket_name(bucket, name))
        return S3ERR_INVALID_BUCKET_NAME;
    *fd = openat(s->root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd >= 0)
        return S3ERR_OK;
    return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? S3ERR_NO_SUCH_BUCKET
                                                                 : fserr(errno);
}

enum s3err bucket_answer(struct store *s, struct span bucket, int fd, enum s3err e)
{
    char name[BUCKET_NAME];
    struct stat there, here;
    bool current = bucket_name(bucket, name) && fstat(fd, &here) == 0 &&
                   fstatat(s->root, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
                   here.st_ino == there.st_ino && here.st_dev == there.st_dev;
    return current ? e : S3ERR_NO_SUCH_BUCKET;
}

/* ---- reading ---- */

/* When the directory was made, as far as the filesystem knows. */
static int64_t birth_ms(int fd)
{
    struct statx st;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME | STATX_MTIME, &st) != 0)
        return 0;
    const struct statx_timestamp *t = st.stx_mask & STATX_BTIME ? &st.stx_btime : &st.stx_mtime;
    return t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

static void describe(int fd, struct span name, struct arena *arena, struct store_bucket *out)
{
    struct buf owner = {0};
    struct stat st;
    *out = (struct store_bucket){.name = {arena_text(arena, name), name.len}, .owner = span_of("")};
    if (root_read_file(fd, SYS_OWNER, &owner))
        out->owner = (struct span){arena_text(arena, buf_span(&owner)), owner.len};
    buf_fini(&owner);
    out->created_ms = fstatat(fd, SYS_OWNER, &st, AT_SYMLINK_NOFOLLOW) == 0
                          ? fs_mtime_ns(&st) / 1000000
                          : birth_ms(fd);
}

enum s3err store_bucket_head(struct store *s, struct span bucket, struct arena *arena,
                             struct store_bucket *out)
{
    int fd;
    enum s3err e = bucket_open(s, bucket, &fd);
    if (e != S3ERR_OK)
        return e;
    describe(fd, bucket, arena, out);
    close(fd);
    return S3ERR_OK;
}

struct listing {
    struct store *s;
    struct arena *arena;
    struct buf found; /* of struct store_bucket */
};

static bool list_one(void *ctx, int root, const char *name, uint8_t d_type)
{
    struct listing *l = ctx;
    struct store_bucket bucket;
    if (fs_type(root, name, d_type) == DT_DIR &&
        store_bucket_head(l->s, span_of(name), l->arena, &bucket) == S3ERR_OK)
        buf_add(&l->found, &bucket, sizeof bucket);
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct store_bucket *x = a, *y = b;
    return strcmp(x->name.p, y->name.p);
}

enum s3err store_bucket_list(struct store *s, struct arena *arena, struct store_bucket **out,
                             size_t *n)
{
    struct listing l = {s, arena, {0}};
    bool good = fs_each(s->root, list_one, &l);
    *n = l.found.len / sizeof **out;
    *out = arena_copy(arena, l.found.p, l.found.len);
    buf_fini(&l.found);
    if (*n > 0)
        qsort(*out, *n, sizeof **out, by_name);
    return good ? S3ERR_OK : fserr(errno);
}

/* ---- making ---- */

static bool write_owner(struct store *s, int bucket, struct span owner)
{
    int fd = fs_open(bucket, SYS_OWNER, O_WRONLY | O_CREAT | O_EXCL, FS_FILE_MODE);
    bool good = fd >= 0 && fs_write_all(fd, owner.p, owner.len) && root_sync_file(s, fd);
    if (fd >= 0)
        close(fd);
    return good;
}

/* Makes the whole bucket aside and moves it to its name, so that nobody sees half of one. */
static enum s3err make_bucket(struct store *s, const char *name, struct span owner)
{
    char temp[TEMP_NAME];
    root_temp_name(s, temp);
    if (mkdirat(s->root, temp, FS_DIR_MODE) != 0)
        return fserr(errno);
    int fd = fs_open(s->root, temp, O_RDONLY | O_DIRECTORY, 0);
    int sys = fd < 0 ? -1 : fs_open_made(fd, SYS);
    bool good = sys >= 0 && write_owner(s, fd, owner) && root_sync_dir(s, sys) &&
                renameat(s->root, temp, s->root, name) == 0 && root_sync_dir(s, s->root);
    enum s3err e = good ? S3ERR_OK : fserr(errno);
    if (sys >= 0)
        close(sys);
    if (fd >= 0)
        close(fd);
    if (!good)
        fs_remove_tree(s->root, temp);
    return e;
}

static enum s3err conflict(struct store *s, struct span bucket, struct span owner)
{
    struct arena *arena = arena_new();
    struct store_bucket old;
    enum s3err e = store_bucket_head(s, bucket, arena, &old);
    if (e == S3ERR_OK)
        e = span_equal(old.owner, owner) ? S3ERR_BUCKET_ALREADY_OWNED : S3ERR_BUCKET_ALREADY_EXISTS;
    arena_free(arena);
    return e;
}

enum s3err store_bucket_create(struct store *s, struct span bucket, struct span owner)
{
    char name[BUCKET_NAME];
    if (!bucket_name(bucket, name))
        return S3ERR_INVALID_BUCKET_NAME;
    if (owner.len > OWNER_MAX)
        return S3ERR_INVALID_ARGUMENT;
    int lock = fs_lock(s->root, SYS_LOCK);
    if (lock < 0)
        return fserr(errno);
    enum s3err e = conflict(s, bucket, owner);
    if (e == S3ERR_NO_SUCH_BUCKET)
        e = make_bucket(s, name, owner);
    close(lock);
    return e;
}
