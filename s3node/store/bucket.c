#include "s3node/store/bucket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/root.h"
#include "s3node/wire/s3name.h"

enum { BUCKET_NAME = S3NAME_BUCKET_MAX + 1, OWNER_MAX = 256 };

static bool name_text(struct span bucket, char out[BUCKET_NAME])
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
    if (!name_text(bucket, name))
        return S3ERR_INVALID_BUCKET_NAME;
    *fd = openat(s->root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd >= 0)
        return S3ERR_OK;
    return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? S3ERR_NO_SUCH_BUCKET
                                                                 : fserr(errno);
}

bool bucket_is_current(struct store *s, struct span bucket, int fd)
{
    char name[BUCKET_NAME];
    struct stat there, here;
    return name_text(bucket, name) && fstat(fd, &here) == 0 &&
           fstatat(s->root, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           here.st_ino == there.st_ino && here.st_dev == there.st_dev;
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
    int tmp = fd < 0 ? -1 : fs_open_made(fd, SYS_TMP);
    bool good = tmp >= 0 && write_owner(s, fd, owner) && root_sync_dir(s, fd) &&
                renameat(s->root, temp, s->root, name) == 0 && root_sync_dir(s, s->root);
    enum s3err e = good ? S3ERR_OK : fserr(errno);
    if (tmp >= 0)
        close(tmp);
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
    if (!name_text(bucket, name))
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

/* ---- removing ---- */

struct search {
    bool top, found; /* found: anything but directories */
};

static bool search_entry(void *ctx, int dir, const char *name, uint8_t d_type)
{
    struct search *search = ctx, below = {false, false};
    if (search->top && strcmp(name, SYS) == 0)
        return true;
    int fd = -1;
    if (fs_type(dir, name, d_type) != DT_DIR) {
        search->found = true;
    } else if ((fd = fs_open(dir, name, O_RDONLY | O_DIRECTORY, 0)) >= 0) {
        search->found = !fs_each(fd, search_entry, &below) || below.found;
        close(fd);
    } else {
        search->found = errno != ENOENT;
    }
    return !search->found;
}

/* What cannot be read counts as not empty. */
static bool is_empty(int bucket)
{
    struct search search = {true, false};
    return fs_each(bucket, search_entry, &search) && !search.found;
}

/* Decides about a bucket that was moved to the trash as NAME.xxx, holding the lock of the root:
 * puts it back if an object came in before the move, else purges it. Whoever publishes into it from
 * now on finds it gone and reports so, hence nothing that was acknowledged is in what is purged.
 * @return true if it is gone */
static bool settle(struct store *s, const char *trash_name)
{
    char path[NAME_MAX + sizeof SYS_TRASH + 2], bucket[BUCKET_NAME];
    snprintf(path, sizeof path, SYS_TRASH "/%s", trash_name);
    snprintf(bucket, sizeof bucket, "%.*s", (int)(strrchr(trash_name, '.') - trash_name),
             trash_name);
    int fd = fs_open(s->root, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return true;
    bool gone = is_empty(fd);
    close(fd);
    if (gone)
        fs_remove_tree(s->root, path);
    return gone || renameat(s->root, path, s->root, bucket) != 0;
}

static enum s3err move_to_trash(struct store *s, const char *name)
{
    char trash_name[NAME_MAX + 1], path[NAME_MAX + sizeof SYS_TRASH + 2];
    snprintf(trash_name, sizeof trash_name, "%s.%016" PRIx64 "%08" PRIx32, name, s->run,
             atomic_fetch_add_explicit(&s->temp_next, 1, memory_order_relaxed));
    snprintf(path, sizeof path, SYS_TRASH "/%s", trash_name);
    if (renameat(s->root, name, s->root, path) != 0)
        return errno == ENOENT ? S3ERR_NO_SUCH_BUCKET : fserr(errno);
    bool gone = settle(s, trash_name);
    if (!root_sync_dir(s, s->root))
        return fserr(errno);
    return gone ? S3ERR_OK : S3ERR_BUCKET_NOT_EMPTY;
}

enum s3err store_bucket_delete(struct store *s, struct span bucket)
{
    char name[BUCKET_NAME];
    int fd;
    enum s3err e = bucket_open(s, bucket, &fd);
    if (e != S3ERR_OK)
        return e;
    /* Look before moving: a bucket in use must not be away even for a moment. */
    bool empty = is_empty(fd);
    close(fd);
    if (!empty || !name_text(bucket, name))
        return S3ERR_BUCKET_NOT_EMPTY;
    int lock = fs_lock(s->root, SYS_LOCK);
    if (lock < 0)
        return fserr(errno);
    e = move_to_trash(s, name);
    close(lock);
    return e;
}

/* ---- tidying ---- */

static bool tidy_trash(void *ctx, int dir, const char *name, uint8_t d_type)
{
    (void)dir, (void)d_type;
    if (strchr(name, '.'))
        settle(ctx, name);
    return true;
}

static bool tidy_bucket(void *ctx, int root, const char *name, uint8_t d_type)
{
    const int64_t *before_s = ctx;
    char path[NAME_MAX + sizeof SYS_TMP + 2];
    snprintf(path, sizeof path, "%s/" SYS_TMP, name);
    int fd =
        fs_type(root, name, d_type) == DT_DIR ? fs_open(root, path, O_RDONLY | O_DIRECTORY, 0) : -1;
    if (fd >= 0) {
        fs_remove_old(fd, *before_s);
        close(fd);
    }
    return true;
}

void bucket_tidy(struct store *s)
{
    int64_t before_s = clock_wall_ms() / 1000 - TEMP_AGE_S;
    int lock = fs_lock(s->root, SYS_LOCK);
    int trash = fs_open(s->root, SYS_TRASH, O_RDONLY | O_DIRECTORY, 0);
    bool all = lock >= 0 && trash >= 0 && fs_each(trash, tidy_trash, s) &&
               fs_each(s->root, tidy_bucket, &before_s);
    (void)all; /* what could not be tidied now is no worse for it */
    if (trash >= 0)
        close(trash);
    if (lock >= 0)
        close(lock);
}
