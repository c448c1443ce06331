#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "s3node/store/bucket.h"
#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/root.h"

/* ---- is there anything in it? ---- */

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

/* ---- removing ---- */

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
    if (!empty || !bucket_name(bucket, name))
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
