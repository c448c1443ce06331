#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "s3node/store/bucket.h"
#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/keypath.h"
#include "s3node/store/level.h"
#include "s3node/store/object.h"
#include "s3node/store/place.h"
#include "s3node/wire/s3name.h"

enum { LIST_MAX = 1000 };

/* A walk through the tree in the order of keys, from the directory of the prefix on. */
struct walk {
    const struct store_list *query;
    struct arena *arena;
    struct store_page *page;
    size_t max;
    int bucket;
    struct buf key;  /* of where we are: "", "a/", "a/b/" */
    struct buf path; /* the same as a path: ".", "./a", "./a/b" */
    bool done;
    int error; /* errno */
};

static void cut(struct buf *b, size_t len)
{
    b->len = len;
    if (b->p)
        b->p[len] = '\0';
}

static int compare(struct span a, struct span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The key up to and with the first delimiter behind the prefix; p == NULL if there is none. */
static struct span common_prefix(const struct store_list *query, struct span key)
{
    struct span rest = span_skip(key, query->prefix.len), delimiter = query->delimiter;
    const char *at = delimiter.len > 0 && rest.len > 0
                         ? memmem(rest.p, rest.len, delimiter.p, delimiter.len)
                         : NULL;
    return at ? (struct span){key.p, (size_t)(at - key.p) + delimiter.len} : (struct span){0};
}

/* The next entry of the page, if its key counts and there is room. */
static struct store_entry *add_entry(struct walk *w, struct span key)
{
    struct store_page *page = w->page;
    if (w->query->after.len > 0 && compare(key, w->query->after) <= 0)
        return NULL;
    if (page->n == w->max) {
        page->truncated = true;
        w->done = true;
        return NULL;
    }
    struct store_entry *entry = &page->entries[page->n++];
    entry->key = (struct span){arena_text(w->arena, key), key.len};
    return entry;
}

static void add_prefix(struct walk *w, struct span prefix)
{
    const struct store_entry *last = w->page->n > 0 ? &w->page->entries[w->page->n - 1] : NULL;
    if (last && last->is_prefix && span_equal(last->key, prefix))
        return;
    struct store_entry *entry = add_entry(w, prefix);
    if (entry)
        entry->is_prefix = true;
}

/* A level of the tree with the directory it was read from, which is closed while a level below is
 * walked: the number of descriptors does not grow with the depth. */
struct open_level {
    struct level level;
    int fd;
};

static int reopen(struct walk *w, struct open_level *l)
{
    if (l->fd < 0)
        l->fd = fs_open(w->bucket, w->path.p, O_RDONLY | O_DIRECTORY, 0);
    return l->fd;
}

/* Opens a file where the directory had it, or where it has moved since. */
static bool open_entry(struct walk *w, struct open_level *l, const struct level_entry *e, int *fd,
                       struct stat *st)
{
    struct buf path = {0}, alias = {0};
    keypath_map(e->name, &path);
    if (e->is_alias)
        keypath_alias(buf_span(&path), &alias);
    const char *name = e->is_alias ? alias.p : path.p;
    int dir = reopen(w, l);
    *fd = dir < 0 ? -1 : fs_open(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    buf_fini(&path);
    buf_fini(&alias);
    if (*fd >= 0 && fstat(*fd, st) == 0 && S_ISREG(st->st_mode))
        return true;
    if (*fd >= 0)
        close(*fd);
    return place_open(w->bucket, buf_span(&w->key), fd, st) == S3ERR_OK;
}

static void visit_file(struct walk *w, struct open_level *l, const struct level_entry *e)
{
    struct stat st;
    struct meta m;
    int fd;
    if (!open_entry(w, l, e, &fd, &st))
        return; /* removed since the directory was read */
    struct store_entry *entry = add_entry(w, buf_span(&w->key));
    if (entry) {
        struct store_info info;
        object_read(fd, &st, entry->key, NULL, &m);
        object_info(&m, &info);
        entry->size = info.size;
        entry->mtime_ms = info.mtime_ms;
        memcpy(entry->etag, info.etag, sizeof entry->etag);
    }
    close(fd);
}

static void walk_level(struct walk *w);

static void visit_dir(struct walk *w, struct open_level *l, const struct level_entry *e)
{
    size_t len = w->path.len;
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    buf_text(&w->path, "/");
    keypath_map(e->name, &w->path);
    walk_level(w);
    cut(&w->path, len);
}

static void visit(struct walk *w, struct open_level *l, const struct level_entry *e)
{
    size_t len = w->key.len;
    buf_add(&w->key, e->name.p, e->name.len);
    if (e->is_dir)
        buf_text(&w->key, "/");
    struct span prefix = common_prefix(w->query, buf_span(&w->key));
    if (w->key.len > S3NAME_KEY_MAX)
        ; /* no key is so long: a tree that others have made */
    else if (prefix.p)
        add_prefix(w, prefix);
    else if (e->is_dir)
        visit_dir(w, l, e);
    else
        visit_file(w, l, e);
    cut(&w->key, len);
}

/* What of this level may still be wanted. */
static struct level_filter filter_of(const struct walk *w)
{
    const struct store_list *q = w->query;
    struct level_filter filter = {.prefix = span_skip(q->prefix, w->key.len)};
    if (q->after.len > 0 && span_equal(span_first(q->after, w->key.len), buf_span(&w->key)))
        filter.after = span_skip(q->after, w->key.len);
    return filter;
}

static void walk_level(struct walk *w)
{
    struct level_filter filter = filter_of(w);
    struct open_level l = {.fd = fs_open(w->bucket, w->path.p, O_RDONLY | O_DIRECTORY, 0)};
    if (l.fd < 0) {
        if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP && errno != ESTALE)
            w->error = errno;
        return;
    }
    if (!level_read(l.fd, &filter, &l.level))
        w->error = errno;
    for (size_t i = 0; i < l.level.n && !w->done && !w->error; i++)
        visit(w, &l, &l.level.entries[i]);
    level_fini(&l.level);
    if (l.fd >= 0)
        close(l.fd);
}

/* Goes straight to the directory that holds everything with the prefix. */
static void start(struct walk *w)
{
    struct span prefix = w->query->prefix;
    const char *slash = prefix.len > 0 ? memrchr(prefix.p, '/', prefix.len) : NULL;
    buf_text(&w->path, ".");
    buf_text(&w->key, "");
    if (!slash)
        return;
    buf_text(&w->path, "/");
    keypath_map((struct span){prefix.p, (size_t)(slash - prefix.p)}, &w->path);
    buf_add(&w->key, prefix.p, (size_t)(slash - prefix.p) + 1);
}

enum s3err store_list(struct store *s, struct span bucket, const struct store_list *query,
                      struct arena *arena, struct store_page *out)
{
    struct store_list q = *query;
    if (!q.prefix.p)
        q.prefix = span_of("");
    struct walk w = {.query = &q, .arena = arena, .page = out};
    *out = (struct store_page){0};
    enum s3err e = bucket_open(s, bucket, &w.bucket);
    if (e != S3ERR_OK)
        return e;
    w.max = q.max < LIST_MAX ? q.max : LIST_MAX;
    out->entries = ARENA_ARRAY(arena, struct store_entry, w.max + 1);
    if (w.max > 0 && q.prefix.len <= S3NAME_KEY_MAX && !memchr(q.prefix.p, '\0', q.prefix.len)) {
        start(&w);
        walk_level(&w);
    }
    if (out->truncated)
        out->next = out->entries[out->n - 1].key;
    buf_fini(&w.key);
    buf_fini(&w.path);
    close(w.bucket);
    return w.error ? fserr(w.error) : S3ERR_OK;
}
