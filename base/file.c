#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"

enum { READ_CHUNK = 64 * 1024 };

/* One byte more than `max` is enough to know that the file is too large. */
static bool read_all(int fd, size_t max, struct buf *b)
{
    while (b->len <= max) {
        size_t room = max + 1 - b->len;
        buf_reserve(b, room < READ_CHUNK ? room : READ_CHUNK);
        ssize_t n = read(fd, b->p + b->len, room < READ_CHUNK ? room : READ_CHUNK);
        if (n == 0)
            return true;
        if (n > 0)
            b->len += (size_t)n;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

bool file_read(const char *path, size_t max, struct arena *arena, struct span *out, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_at(err, path, 0, 0, "cannot read: %s", strerror(errno));
    struct buf b = {0};
    bool ok = read_all(fd, max, &b);
    if (!ok)
        err_at(err, path, 0, 0, "cannot read: %s", strerror(errno));
    else if (b.len > max)
        ok = err_at(err, path, 0, 0, "cannot read: larger than %zu bytes", max);
    else
        *out = (struct span){arena_text(arena, buf_span(&b)), b.len};
    close(fd);
    buf_fini(&b);
    return ok;
}
