#include "s3node/store/root.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "s3node/store/fs.h"

enum { SMALL_FILE_MAX = 64 * 1024 };

void root_temp_name(struct store *s, char out[TEMP_NAME])
{
    uint32_t n = atomic_fetch_add_explicit(&s->temp_next, 1, memory_order_relaxed);
    snprintf(out, TEMP_NAME, SYS_TMP "/%016" PRIx64 "%08" PRIx32, s->run, n);
}

int root_temp_file(struct store *s, int dir, mode_t mode, char out[TEMP_NAME])
{
    root_temp_name(s, out);
    int fd = fs_open(dir, out, O_RDWR | O_CREAT | O_EXCL, mode);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    int made = fs_open_made(dir, SYS_TMP);
    if (made < 0)
        return -1;
    close(made);
    return fs_open(dir, out, O_RDWR | O_CREAT | O_EXCL, mode);
}

bool root_sync_file(const struct store *s, int fd)
{
    /* Not fdatasync, which does not promise extended attributes. */
    return s->durability == STORE_NONE || fsync(fd) == 0;
}

bool root_sync_dir(const struct store *s, int fd)
{
    return s->durability != STORE_FULL || fsync(fd) == 0;
}

bool root_read_file(int dir, const char *path, struct buf *out)
{
    int fd = fs_open(dir, path, O_RDONLY | O_NONBLOCK, 0);
    ssize_t n = fd < 0 ? -1 : 1;
    for (size_t total = 0; n > 0 && total <= SMALL_FILE_MAX; total += (size_t)n) {
        buf_reserve(out, 4096);
        n = read(fd, out->p + out->len, 4096);
        out->len += n > 0 ? (size_t)n : 0;
        out->p[out->len] = '\0';
    }
    if (fd >= 0)
        close(fd);
    if (n > 0)
        errno = EFBIG;
    return n == 0;
}
