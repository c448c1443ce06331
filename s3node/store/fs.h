/* fs.h - what the store asks of the filesystem, always beneath a directory that is open already and
 * never through a symbolic link. Calls block; any thread. Like system calls they return -1 (or
 * false) and set errno. */
#ifndef S3NODE_STORE_FS_H
#define S3NODE_STORE_FS_H

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/span.h"

enum { FS_DIR_MODE = 0755, FS_FILE_MODE = 0644 };

/** Opens `path` (any length) beneath `dir`. A symbolic link anywhere in it is ELOOP or ENOTDIR.
 *  @param flags  as for open(2); O_CLOEXEC is implied */
int fs_open(int dir, const char *path, int flags, mode_t mode);

/** Opens a directory beneath `dir` and makes what is missing of it, durably; for our own
 * directories, where nobody else creates files. @param path  up to 255 bytes */
int fs_open_made(int dir, const char *path);

NODISCARD bool fs_write_all(int fd, const void *p, size_t len);

/** Appends `len` bytes of `from`, which must have them, to `to`. */
NODISCARD bool fs_append(int to, int from, uint64_t len);

/** Takes the lock file `path` for this thread alone, among all threads, processes and hosts, and
 * waits for it. @return a descriptor; closing it lets the lock go */
int fs_lock(int dir, const char *path);

/** Removes a directory with all that is in it, files too. */
void fs_remove_tree(int dir, const char *name);

/** Removes what is in a directory and was last written before `before_s`, seconds of wall
 * clock. */
void fs_remove_old(int dir, int64_t before_s);

/** Calls `visit` for each entry but `.` and `..`, until it returns false. @return false with errno
 * if the directory cannot be read; true also when `visit` stopped it */
NODISCARD bool fs_each(int dir, bool (*visit)(void *ctx, int dir, const char *name, uint8_t d_type),
                       void *ctx);

/** DT_REG, DT_DIR or another, asking the file itself where the directory does not say. */
uint8_t fs_type(int dir, const char *name, uint8_t d_type);

static inline int64_t fs_mtime_ns(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

#endif
