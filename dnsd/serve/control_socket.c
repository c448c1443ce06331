#include "dnsd/serve/control_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A full queue (EAGAIN) is somebody's too. */
static bool someone_answers(const struct sockaddr_un *at)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool answers =
        fd >= 0 && (connect(fd, (const struct sockaddr *)at, sizeof *at) == 0 || errno == EAGAIN);
    if (fd >= 0)
        close(fd);
    return answers;
}

/* Only a dead socket is replaced, never a file that somebody may miss. */
static bool make_way(const char *path, const struct sockaddr_un *at, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return true; /* nothing there; what else is wrong, bind will tell */
    if (!S_ISSOCK(st.st_mode))
        return err_set(
            err, "%s is in the way of the control socket; remove it, or set `control:` elsewhere",
            path);
    if (someone_answers(at))
        return err_set(
            err, "another dnsd answers on %s; stop it, or set `control:` to another path", path);
    if (unlink(path) != 0 && errno != ENOENT)
        return err_set(err, "cannot replace the control socket %s: %s", path, strerror(errno));
    return true;
}

static bool bind_at(int fd, const char *path, const struct sockaddr_un *at, struct err *err)
{
    if (!make_way(path, at, err))
        return false;
    mode_t mask = umask(0117); /* 0660 from the first moment on */
    int failed = bind(fd, (const struct sockaddr *)at, sizeof *at);
    umask(mask);
    if (failed)
        return err_set(
            err,
            "cannot make the control socket %s: %s; its directory must exist and be writable, or "
            "set `control:` to another path",
            path, strerror(errno));
    return true;
}

int control_socket(const char *path, int backlog, struct err *err)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at.sun_path) {
        err_set(err, "the path of the control socket is too long (%zu bytes at most): %s",
                sizeof at.sun_path - 1, path);
        return -1;
    }
    strcpy(at.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        err_set(err, "cannot make the control socket %s: %s", path, strerror(errno));
    else if (bind_at(fd, path, &at, err)) {
        if (listen(fd, backlog) == 0)
            return fd;
        err_set(err, "cannot listen on the control socket %s: %s", path, strerror(errno));
        unlink(path);
    }
    if (fd >= 0)
        close(fd);
    return -1;
}
