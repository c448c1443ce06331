#include "s3node/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/rand.h"
#include "s3node/store/bucket.h"
#include "s3node/store/fs.h"
#include "s3node/store/meta.h"
#include "s3node/store/root.h"

/* ---- opening ---- */

static bool open_root(struct store *s, const char *root, struct err *err)
{
    s->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->root >= 0)
        return true;
    if (errno == ENOENT)
        return err_set(err, "root %s does not exist; create it or fix --root", root);
    if (errno == ENOTDIR)
        return err_set(err, "root %s is not a directory; fix --root", root);
    return err_set(err, "root %s cannot be opened (%m); give user id %u the right to read it", root,
                   (unsigned)geteuid());
}

static bool make_sys(struct store *s, const char *root, struct err *err)
{
    int tmp = fs_open_made(s->root, SYS_TMP);
    int trash = tmp < 0 ? -1 : fs_open_made(s->root, SYS_TRASH);
    if (trash < 0) {
        err_set(err,
                errno == EROFS ? "root %s is on a read-only filesystem (%m); mount it for writing, "
                                 "user id %u has to write there"
                               : "root %s cannot be written (%m); give user id %u the right to "
                                 "write there",
                root, (unsigned)geteuid());
    } else {
        fs_remove_old(tmp, clock_wall_ms() / 1000 - TEMP_AGE_S);
        close(trash);
    }
    if (tmp >= 0)
        close(tmp);
    return trash >= 0;
}

/* Tries what every PUT needs, so that a filesystem that cannot do it is noticed now. */
static bool probe(struct store *s, const char *root, struct err *err)
{
    char temp[TEMP_NAME];
    int fd = root_temp_file(s, s->root, 0600, temp);
    if (fd < 0)
        return err_set(
            err,
            "root %s: a file cannot be created in it (%m); check its free space and permissions",
            root);
    bool kept = fsetxattr(fd, META_XATTR, "probe", 5, 0) == 0;
    if (!kept)
        err_set(err,
                "root %s: its filesystem keeps no extended attributes (%m), which hold ETags and "
                "metadata; use one that does (ext4, XFS, Btrfs, CephFS, Lustre, NFS 4.2)",
                root);
    close(fd);
    unlinkat(s->root, temp, 0);
    int lock = kept ? fs_lock(s->root, SYS_LOCK) : -1;
    if (kept && lock < 0)
        err_set(err,
                "root %s: its filesystem has no file locks (%m), which nodes need to agree; mount "
                "it with them (Lustre: -o flock; NFS 3: lockd)",
                root);
    if (lock >= 0)
        close(lock);
    return lock >= 0;
}

static bool find_id(struct store *s, struct err *err)
{
    uint8_t raw[(STORE_ID_TEXT - 1) / 2];
    struct buf text = {0};
    rand_secret(raw, sizeof raw);
    struct span proposed = span_of(hex_encode(raw, sizeof raw, s->id));
    bool good = store_once(s, "id", proposed, FS_FILE_MODE, &text, NULL, err);
    if (good && !hex_decode(buf_span(&text), raw, sizeof raw))
        good =
            err_set(err, SYS "/id in the root does not hold 32 hex digits; restore it, or remove "
                             "it while all nodes are stopped");
    if (good)
        hex_encode(raw, sizeof raw, s->id);
    buf_fini(&text);
    return good;
}

struct store *store_open(const char *root, enum store_durability durability, struct err *err)
{
    struct store *s = NEW(struct store);
    s->durability = durability;
    s->run = rand_seed();
    s->root = -1;
    if (open_root(s, root, err) && make_sys(s, root, err) && probe(s, root, err) &&
        find_id(s, err)) {
        bucket_tidy(s);
        return s;
    }
    store_close(s);
    return NULL;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->root >= 0)
        close(s->root);
    free(s);
}

const char *store_id(const struct store *s)
{
    return s->id;
}

/* ---- files that are written once ---- */

/* @return 1 if it was made now, 0 if it was there, -1 with errno */
static int make_once(struct store *s, int sys, const char *name, struct span content, mode_t mode)
{
    char temp[TEMP_NAME];
    struct stat st;
    int fd = root_temp_file(s, s->root, mode, temp), made = -1;
    if (fd < 0)
        return -1;
    if (fchmod(fd, mode) == 0 && fs_write_all(fd, content.p, content.len) && fsync(fd) == 0) {
        if (linkat(s->root, temp, sys, name, 0) == 0)
            made = 1;
        else if (errno == EEXIST)
            /* A network filesystem may have sent the request twice: then the link is ours. */
            made = fstat(fd, &st) == 0 && st.st_nlink == 2;
        if (made >= 0 && fsync(sys) != 0)
            made = -1;
    }
    int error = errno;
    unlinkat(s->root, temp, 0);
    close(fd);
    errno = error;
    return made;
}

bool store_once(struct store *s, const char *name, struct span proposed, mode_t mode,
                struct buf *content, bool *created, struct err *err)
{
    int sys = fs_open(s->root, SYS, O_RDONLY | O_DIRECTORY, 0), made = sys < 0 ? -1 : 0;
    bool good = sys >= 0 && root_read_file(sys, name, content);
    if (sys >= 0 && !good && errno == ENOENT) {
        made = make_once(s, sys, name, proposed, mode);
        good = made >= 0 && root_read_file(sys, name, content);
    }
    if (!good)
        err_set(err, SYS "/%s in the root cannot be read or made (%m); check its permissions",
                name);
    if (created)
        *created = made == 1;
    if (sys >= 0)
        close(sys);
    return good;
}
