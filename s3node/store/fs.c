#include "s3node/store/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { COPY_LEN = 64 * 1024, MADE_LEN = 256 };

static void close_keeping_errno(int fd)
{
    int saved = errno;
    close(fd);
    errno = saved;
}

/* One component after the other: for kernels without openat2 and for paths over PATH_MAX. */
static int open_by_steps(int dir, const char *path, int flags, mode_t mode)
{
    struct span rest = span_of(path), part;
    int at = dir, next = -1;
    while (span_split(&rest, '/', &part)) {
        char name[NAME_MAX + 1];
        snprintf(name, sizeof name, "%.*s", (int)part.len, part.p);
        int how = rest.p ? O_PATH | O_DIRECTORY : flags;
        next = part.len > NAME_MAX ? -1 : openat(at, name, how | O_NOFOLLOW | O_CLOEXEC, mode);
        if (part.len > NAME_MAX)
            errno = ENAMETOOLONG;
        if (at != dir)
            close_keeping_errno(at);
        if (next < 0)
            return -1;
        at = next;
    }
    return next;
}

int fs_open(int dir, const char *path, int flags, mode_t mode)
{
    if (strlen(path) < PATH_MAX) {
        struct open_how how = {
            .flags = (uint64_t)(flags | O_CLOEXEC),
            .mode = flags & O_CREAT ? mode : 0,
            .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
        };
        int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
        if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
            return fd;
    }
    return open_by_steps(dir, path, flags, mode);
}

static bool sync_directory(int dir, const char *path)
{
    int fd = fs_open(dir, path, O_RDONLY | O_DIRECTORY, 0);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close_keeping_errno(fd);
    return good;
}

int fs_open_made(int dir, const char *path)
{
    int fd = fs_open(dir, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    char made[MADE_LEN], above[MADE_LEN] = ".";
    for (const char *p = path; *p; p += *p == '/') {
        p += strcspn(p, "/");
        snprintf(made, sizeof made, "%.*s", (int)(p - path), path);
        if (mkdirat(dir, made, FS_DIR_MODE) != 0 ? errno != EEXIST : !sync_directory(dir, above))
            return -1;
        memcpy(above, made, sizeof made);
    }
    return fs_open(dir, path, O_RDONLY | O_DIRECTORY, 0);
}

bool fs_write_all(int fd, const void *p, size_t len)
{
    const char *rest = p;
    while (len > 0) {
        ssize_t n = write(fd, rest, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        rest += n;
        len -= (size_t)n;
    }
    return true;
}

static bool append_by_hand(int to, int from, uint64_t len)
{
    char block[COPY_LEN];
    while (len > 0) {
        ssize_t n = read(from, block, len < sizeof block ? (size_t)len : sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO; /* shorter than its name says */
        if (n <= 0 || !fs_write_all(to, block, (size_t)n))
            return false;
        len -= (uint64_t)n;
    }
    return true;
}

bool fs_append(int to, int from, uint64_t len)
{
    while (len > 0) {
        size_t want = len < SSIZE_MAX ? (size_t)len : SSIZE_MAX;
        ssize_t n = copy_file_range(from, NULL, to, NULL, want, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        len -= (uint64_t)n;
    }
    return append_by_hand(to, from, len);
}

int fs_lock(int dir, const char *path)
{
    int fd = fs_open(dir, path, O_RDWR | O_CREAT, FS_FILE_MODE);
    if (fd < 0)
        return -1;
    int result;
    do
        result = flock(fd, LOCK_EX);
    while (result != 0 && errno == EINTR);
    if (result == 0)
        return fd;
    close_keeping_errno(fd);
    return -1;
}

uint8_t fs_type(int dir, const char *name, uint8_t d_type)
{
    struct stat st;
    if (d_type != DT_UNKNOWN || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return d_type;
    return (uint8_t)IFTODT(st.st_mode);
}

bool fs_each(int dir, bool (*visit)(void *ctx, int dir, const char *name, uint8_t d_type),
             void *ctx)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    if (!stream) {
        if (fd >= 0)
            close_keeping_errno(fd);
        return false;
    }
    errno = 0;
    for (struct dirent *e; (e = readdir(stream)); errno = 0)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            !visit(ctx, fd, e->d_name, e->d_type)) {
            errno = 0;
            break;
        }
    int error = errno;
    closedir(stream);
    errno = error;
    return error == 0;
}

static bool remove_any(void *ctx, int dir, const char *name, uint8_t d_type)
{
    (void)ctx;
    if (fs_type(dir, name, d_type) == DT_DIR)
        fs_remove_tree(dir, name);
    else
        unlinkat(dir, name, 0);
    return true;
}

void fs_remove_tree(int dir, const char *name)
{
    int fd = fs_open(dir, name, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return;
    if (fs_each(fd, remove_any, NULL))
        unlinkat(dir, name, AT_REMOVEDIR);
    close(fd);
}

static bool remove_if_old(void *ctx, int dir, const char *name, uint8_t d_type)
{
    const int64_t *before_s = ctx; /* wall clock */
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mtim.tv_sec < *before_s)
        remove_any(NULL, dir, name, d_type);
    return true;
}

void fs_remove_old(int dir, int64_t before_s)
{
    if (!fs_each(dir, remove_if_old, &before_s))
        return; /* what could not be looked at stays until the next time */
}
