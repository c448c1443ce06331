#include "s3node/store/level.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "s3node/store/fs.h"
#include "s3node/store/keypath.h"
#include "s3node/wire/s3name.h"
#include "s3node/wire/utf8.h"

struct reader {
    const struct level_filter *filter;
    struct level *level;
    struct buf entries; /* of struct level_entry */
    struct buf path;    /* of the directory being read, below the one asked for; "" or "x/" */
    struct buf name;    /* scratch */
};

/* True if what is named, with all that is below it, comes before or at `after`. */
static bool is_passed(struct span after, struct span name, bool is_dir)
{
    size_t n = name.len < after.len ? name.len : after.len;
    int order = n > 0 ? memcmp(name.p, after.p, n) : 0;
    if (order != 0)
        return order < 0;
    if (after.len <= name.len)
        return after.len == name.len && !is_dir;
    return !is_dir || '/' < (uint8_t)after.p[n];
}

static bool is_wanted(const struct level_filter *filter, struct span name, bool is_dir)
{
    if (!span_equal(span_first(name, filter->prefix.len), filter->prefix))
        return false;
    return !filter->after.p || !is_passed(filter->after, name, is_dir);
}

static void add(struct reader *r, struct span name, bool is_dir, bool is_alias)
{
    if (!utf8_valid(name) || !is_wanted(r->filter, name, is_dir))
        return;
    struct level_entry entry = {
        {arena_copy(r->level->arena, name.p, name.len), name.len}, is_dir, is_alias};
    buf_add(&r->entries, &entry, sizeof entry);
}

static bool read_entry(void *ctx, int dir, const char *name, uint8_t d_type);

/* A directory that holds the ends of names which begin with its own. */
static void read_piece(struct reader *r, int dir, const char *name)
{
    size_t len = r->path.len;
    int fd = len > 2 * S3NAME_KEY_MAX ? -1 : fs_open(dir, name, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return;
    buf_printf(&r->path, "%s/", name);
    bool all = fs_each(fd, read_entry, r);
    (void)all; /* a directory that vanishes meanwhile has nothing to list */
    close(fd);
    r->path.len = len;
    r->path.p[len] = '\0';
}

static void read_reserved(struct reader *r, const char *name, bool is_dir)
{
    bool alias = false;
    size_t len = r->path.len;
    buf_text(&r->path, name);
    buf_clear(&r->name);
    if (keypath_unmap(buf_span(&r->path), &alias, &r->name) && !(alias && is_dir))
        add(r, buf_span(&r->name), is_dir, alias);
    r->path.len = len;
    r->path.p[len] = '\0';
}

static bool read_entry(void *ctx, int dir, const char *name, uint8_t d_type)
{
    struct reader *r = ctx;
    struct span text = span_of(name);
    uint8_t type = fs_type(dir, name, d_type);
    if (type != DT_DIR && type != DT_REG)
        return true;
    if (type == DT_DIR && span_starts(text, KEYPATH_LONG))
        read_piece(r, dir, name);
    else if (r->path.len > 0 || span_starts(text, KEYPATH_RESERVED))
        read_reserved(r, name, type == DT_DIR);
    else
        add(r, text, type == DT_DIR, false);
    return true;
}

/* The byte of an entry's sort key at `at`, its name's length or less: -1 behind the end. */
static int byte_at(const struct level_entry *e, size_t at)
{
    if (at < e->name.len)
        return (uint8_t)e->name.p[at];
    return e->is_dir ? '/' : -1;
}

static int by_key(const void *a, const void *b)
{
    const struct level_entry *x = a, *y = b;
    size_t n = x->name.len < y->name.len ? x->name.len : y->name.len;
    int order = n > 0 ? memcmp(x->name.p, y->name.p, n) : 0;
    if (order == 0)
        order = byte_at(x, n) - byte_at(y, n);
    return order ? order : x->is_alias - y->is_alias;
}

/* Of a file and its alias only the file counts, which sorts first. */
static size_t drop_hidden(struct level_entry *entries, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const struct level_entry *last = kept > 0 ? &entries[kept - 1] : NULL;
        if (last && last->is_dir == entries[i].is_dir && span_equal(last->name, entries[i].name))
            continue;
        entries[kept++] = entries[i];
    }
    return kept;
}

bool level_read(int dir, const struct level_filter *filter, struct level *out)
{
    struct reader r = {.filter = filter, .level = out};
    *out = (struct level){.arena = arena_new()};
    bool good = fs_each(dir, read_entry, &r);
    out->n = r.entries.len / sizeof *out->entries;
    out->entries = arena_copy(out->arena, r.entries.p, r.entries.len);
    if (out->n > 0)
        qsort(out->entries, out->n, sizeof *out->entries, by_key);
    out->n = drop_hidden(out->entries, out->n);
    buf_fini(&r.entries);
    buf_fini(&r.path);
    buf_fini(&r.name);
    return good;
}

void level_fini(struct level *level)
{
    arena_free(level->arena);
}
