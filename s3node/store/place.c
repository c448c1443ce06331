#include "s3node/store/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/keypath.h"
#include "s3node/store/root.h"
#include "s3node/wire/s3name.h"

enum { TRIES = 16, ROUNDS = 2 };

struct place {
    struct buf path, alias;
};

static enum s3err place_init(struct place *p, struct span key)
{
    *p = (struct place){0};
    enum s3err e = s3name_check_key(key);
    if (e != S3ERR_OK)
        return e;
    keypath_map(key, &p->path);
    keypath_alias(buf_span(&p->path), &p->alias);
    return S3ERR_OK;
}

static void place_fini(struct place *p)
{
    buf_fini(&p->path);
    buf_fini(&p->alias);
}

static bool is_missing(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ESTALE;
}

/* What another writer or remover may have caused, so that trying again makes sense. */
static bool is_transient(int error)
{
    return is_missing(error) || error == EEXIST || error == ENOTEMPTY || error == EISDIR;
}

/* ---- reading ---- */

/* @return 1 for a regular file, 0 if there is none, -1 with errno */
static int open_regular(int bucket, const struct buf *path, int *fd, struct stat *st)
{
    *fd = fs_open(bucket, path->p, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    if (*fd < 0) /* symbolic links and sockets are no objects */
        return is_missing(errno) || errno == ELOOP || errno == ENXIO ? 0 : -1;
    int kind = fstat(*fd, st) != 0 ? -1 : S_ISREG(st->st_mode);
    int error = errno;
    if (kind != 1)
        close(*fd);
    errno = error;
    return kind;
}

enum s3err place_open(int bucket, struct span key, int *fd, struct stat *st)
{
    struct place p;
    enum s3err e = place_init(&p, key);
    int found = 0;
    /* An object may move between the first look and the second, hence two rounds. */
    for (int round = 0; e == S3ERR_OK && found == 0 && round < ROUNDS; round++) {
        found = open_regular(bucket, &p.path, fd, st);
        if (found == 0)
            found = open_regular(bucket, &p.alias, fd, st);
    }
    if (e == S3ERR_OK && found <= 0)
        e = found < 0 ? fserr(errno) : S3ERR_NO_SUCH_KEY;
    place_fini(&p);
    return e;
}

/* ---- directories ---- */

static int open_directory(int bucket, struct span path)
{
    struct buf text = {0};
    buf_add(&text, path.p, path.len);
    int fd = fs_open(bucket, path.len > 0 ? text.p : ".", O_RDONLY | O_DIRECTORY, 0);
    buf_fini(&text);
    return fd;
}

/* Renames to an alias that is in a directory of its own, as those of very long names are. */
static bool rename_to_long_alias(struct store *s, int from_dir, const char *from, int dir,
                                 struct span alias)
{
    struct buf head = {0};
    buf_add(&head, alias.p, keypath_parent(alias).len);
    bool good = mkdirat(dir, head.p, FS_DIR_MODE) == 0 || errno == EEXIST;
    int fd = good ? open_directory(dir, buf_span(&head)) : -1;
    good = fd >= 0 && renameat(from_dir, from, dir, alias.p) == 0 && root_sync_dir(s, fd);
    int error = errno;
    if (fd >= 0)
        close(fd);
    buf_fini(&head);
    errno = error;
    return good;
}

static bool rename_to_alias(struct store *s, int from_dir, const char *from, int dir,
                            const char *name)
{
    struct buf text = {0};
    keypath_alias(span_of(name), &text);
    struct span alias = buf_span(&text);
    bool good = keypath_parent(alias).len > 0 ? rename_to_long_alias(s, from_dir, from, dir, alias)
                                              : renameat(from_dir, from, dir, alias.p) == 0;
    buf_fini(&text);
    return good;
}

/* Moves a file out of the way of a directory; the lock is held. */
static bool clear_name(struct store *s, int dir, const char *name)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    if (S_ISDIR(st.st_mode))
        return true;
    if (S_ISREG(st.st_mode))
        return rename_to_alias(s, dir, name, dir, name);
    errno = ELOOP; /* a symbolic link or a device of somebody else */
    return false;
}

static bool make_directory(struct store *s, int bucket, int dir, const char *name)
{
    int lock = fs_lock(bucket, SYS_LOCK);
    if (lock < 0)
        return false;
    bool good = mkdirat(dir, name, FS_DIR_MODE) == 0;
    if (!good && errno == EEXIST)
        good =
            clear_name(s, dir, name) && (mkdirat(dir, name, FS_DIR_MODE) == 0 || errno == EEXIST);
    int error = errno;
    close(lock);
    errno = error;
    return good && root_sync_dir(s, dir);
}

static int open_or_make(struct store *s, int bucket, int dir, const char *name)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(dir, name, flags);
    if (fd >= 0 || !is_missing(errno) || !make_directory(s, bucket, dir, name))
        return fd;
    return openat(dir, name, flags);
}

/* Opens the directory that an object goes to, making what is missing. */
static int make_parent(struct store *s, int bucket, struct span path)
{
    struct span rest = keypath_parent(path), part;
    int at = open_directory(bucket, rest);
    if (at >= 0 || !is_missing(errno))
        return at;
    at = bucket;
    while (at >= 0 && span_split(&rest, '/', &part)) {
        char name[NAME_MAX + 1];
        memcpy(name, part.p, part.len);
        name[part.len] = '\0';
        int next = open_or_make(s, bucket, at, name);
        int error = errno;
        if (at != bucket)
            close(at);
        errno = error;
        at = next;
    }
    return at;
}

/* ---- writing ---- */

static bool move_in(struct store *s, int bucket, const char *temp, int dir, const char *name)
{
    if (renameat(bucket, temp, dir, name) == 0)
        return true;
    if (errno != EISDIR && errno != EEXIST && errno != ENOTEMPTY)
        return false;
    /* A directory has the name. Take the name if it is empty, else go to the alias. */
    if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
        return renameat(bucket, temp, dir, name) == 0;
    if (is_missing(errno))
        return false;
    return rename_to_alias(s, bucket, temp, dir, name);
}

static bool try_publish(struct store *s, int bucket, const char *temp, struct span path)
{
    int dir = make_parent(s, bucket, path);
    if (dir < 0)
        return false;
    bool good = move_in(s, bucket, temp, dir, keypath_last(path).p) && root_sync_dir(s, dir);
    int error = errno;
    close(dir);
    errno = error;
    return good;
}

/* Lets the others go first, a little longer each time. */
static void pause_before(int try)
{
    struct timespec ts = {.tv_nsec = (long)try * try * 20000};
    if (try > 2)
        nanosleep(&ts, NULL);
}

enum s3err place_publish(struct store *s, int bucket, const char *temp, struct span key)
{
    struct place p;
    enum s3err e = place_init(&p, key);
    if (e != S3ERR_OK)
        return e;
    bool done = false;
    int error = ENOENT;
    for (int try = 0; !done && is_transient(error) && try < TRIES; try++) {
        pause_before(try);
        done = try_publish(s, bucket, temp, buf_span(&p.path));
        error = errno;
    }
    place_fini(&p);
    return done ? S3ERR_OK : is_transient(error) ? S3ERR_SLOW_DOWN : fserr(error);
}

/* ---- removing ---- */

static bool unlink_regular(int dir, const char *name)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return is_missing(errno);
    return !S_ISREG(st.st_mode) || unlinkat(dir, name, 0) == 0 || is_transient(errno);
}

/* Removes `path` and its parents as long as they are empty. */
static void prune(int bucket, struct span path)
{
    bool removed = true;
    while (removed && path.len > 0) {
        struct buf name = {0};
        int dir = open_directory(bucket, keypath_parent(path));
        struct span last = keypath_last(path);
        buf_add(&name, last.p, last.len);
        removed = dir >= 0 && unlinkat(dir, name.p, AT_REMOVEDIR) == 0;
        if (dir >= 0)
            close(dir);
        buf_fini(&name);
        path = keypath_parent(path);
    }
}

/* The alias first, or an older version there could be seen when the path is gone; the alias again,
 * because the object may have moved there from the path in between. */
static bool unlink_everywhere(int dir, struct span path, struct span alias)
{
    const char *name = keypath_last(path).p, *other = alias.p + keypath_parent(path).len;
    other += *other == '/';
    return unlink_regular(dir, other) && unlink_regular(dir, name) && unlink_regular(dir, other);
}

enum s3err place_remove(struct store *s, int bucket, struct span key)
{
    struct place p;
    enum s3err e = place_init(&p, key);
    if (e != S3ERR_OK)
        return e;
    struct span path = buf_span(&p.path), alias = buf_span(&p.alias);
    int dir = open_directory(bucket, keypath_parent(path));
    if (dir < 0)
        e = is_missing(errno) || errno == ELOOP ? S3ERR_OK : fserr(errno);
    else if (!unlink_everywhere(dir, path, alias) || !root_sync_dir(s, dir))
        e = fserr(errno);
    if (dir >= 0) {
        close(dir);
        if (keypath_parent(alias).len != keypath_parent(path).len)
            prune(bucket, keypath_parent(alias));
        prune(bucket, keypath_parent(path));
    }
    place_fini(&p);
    return e;
}
