#include "s3node/store/keypath.h"

enum {
    NAME_LEN = 255,                  /* what filesystems allow */
    TAG_LEN = 6,                     /* ".s3n-e" */
    TAGGED_LEN = NAME_LEN - TAG_LEN, /* names that still have room for the tag of an alias */
    PIECE_LEN = 240,                 /* of a long segment in one directory */
};

static const char escape_tag[] = ".s3n-e", long_tag[] = KEYPATH_LONG, alias_tag[] = ".s3n-f";

static bool needs_escape(struct span segment)
{
    return segment.len == 0 || span_is(segment, ".") || span_is(segment, "..") ||
           span_starts(segment, KEYPATH_RESERVED);
}

static void add(struct buf *out, const char *tag, struct span text)
{
    buf_text(out, tag);
    buf_add(out, text.p, text.len);
}

/* Only an ordinary name that stands alone may use the last TAG_LEN bytes of a component: then its
 * alias, which has to be split, cannot be taken for that of a long segment. */
static void map_segment(struct span rest, struct buf *out)
{
    size_t room = needs_escape(rest) ? TAGGED_LEN - TAG_LEN : NAME_LEN;
    while (rest.len > room) {
        add(out, long_tag, span_first(rest, PIECE_LEN));
        buf_text(out, "/");
        rest = span_skip(rest, PIECE_LEN);
        room = needs_escape(rest) ? TAGGED_LEN - TAG_LEN : TAGGED_LEN;
    }
    add(out, needs_escape(rest) ? escape_tag : "", rest);
}

void keypath_map(struct span key, struct buf *out)
{
    const char *separator = "";
    for (struct span segment; span_split(&key, '/', &segment); separator = "/") {
        buf_text(out, separator);
        map_segment(segment, out);
    }
}

struct span keypath_parent(struct span path)
{
    const char *slash = path.len ? memrchr(path.p, '/', path.len) : NULL;
    return span_first(path, slash ? (size_t)(slash - path.p) : 0);
}

struct span keypath_last(struct span path)
{
    size_t parent = keypath_parent(path).len;
    return span_skip(path, parent < path.len && path.p[parent] == '/' ? parent + 1 : parent);
}

void keypath_alias(struct span path, struct buf *out)
{
    struct span last = keypath_last(path);
    buf_add(out, path.p, path.len - last.len);
    if (last.len > TAGGED_LEN) {
        add(out, long_tag, span_first(last, PIECE_LEN));
        buf_text(out, "/");
        last = span_skip(last, PIECE_LEN);
    }
    add(out, alias_tag, last);
}

/* Adds what the last component stands for, `raw` if no escape is to be looked for in an alias.
 * @return false if it is a reserved name */
static bool unmap_last(struct span component, bool raw, bool *alias, struct buf *out)
{
    *alias = span_starts(component, alias_tag);
    if (*alias)
        component = span_skip(component, TAG_LEN);
    if (!(*alias && raw)) {
        if (span_starts(component, escape_tag))
            component = span_skip(component, TAG_LEN);
        else if (span_starts(component, KEYPATH_RESERVED))
            return false;
    }
    buf_add(out, component.p, component.len);
    return true;
}

/* The same for a component in front of others, which may be a piece of a long segment. */
static bool unmap_directory(struct span component, struct buf *out)
{
    bool piece = span_starts(component, long_tag);
    if (piece || span_starts(component, escape_tag))
        component = span_skip(component, TAG_LEN);
    else if (span_starts(component, KEYPATH_RESERVED))
        return false;
    buf_add(out, component.p, component.len);
    if (!piece)
        buf_text(out, "/");
    return true;
}

/* Whether `path` is what we would have written for `key`. */
static bool maps_to(struct span key, bool alias, struct span path)
{
    struct buf plain = {0}, other = {0};
    keypath_map(key, &plain);
    if (alias)
        keypath_alias(buf_span(&plain), &other);
    bool same = span_equal(alias ? buf_span(&other) : buf_span(&plain), path);
    buf_fini(&plain);
    buf_fini(&other);
    return same;
}

static bool unmap(struct span path, bool raw, bool *alias, struct buf *out)
{
    size_t start = out->len;
    struct span rest = path;
    bool good = true;
    buf_reserve(out, path.len);
    for (struct span component; good && span_split(&rest, '/', &component);)
        good = rest.p ? unmap_directory(component, out) : unmap_last(component, raw, alias, out);
    struct span key = {out->p + start, out->len - start};
    if (good && maps_to(key, *alias, path))
        return true;
    out->len = start;
    out->p[start] = '\0';
    return false;
}

bool keypath_unmap(struct span path, bool *alias, struct buf *out)
{
    /* The end of a name that was split for its alias may look like an escape and be none. */
    *alias = false;
    return unmap(path, false, alias, out) || (*alias && unmap(path, true, alias, out));
}
