#include "base/conf.h"

#include <assert.h>

#include "base/conf_expand.h"
#include "base/conf_text.h"
#include "base/conf_value.h"
#include "base/conf_yaml.h"
#include "base/file.h"

enum {
    KEY_SHOWN = 64,     /* bytes of a name in a path */
    NAME_MAX_LEN = 255, /* bytes of a name in a dictionary */
};

const char CONF_REQUIRED[] = "(required)";

struct reader {
    const char *name;
    struct arena *arena;   /* what the caller keeps */
    struct arena *scratch; /* the tree, and what expansion made */
    struct errs *errs;
    size_t expanded; /* bytes that ${...} made so far */
};

/* What the file says at one place, and the way there; lives on the stack of the recursion. */
struct spot {
    const struct spot *up; /* NULL: the file itself */
    const char *key;       /* NULL: element `index` of a list */
    size_t index;
    const struct conf_node *node; /* NULL: nothing */
    struct conf_at at;            /* of the node, or of what is around it */
};

/* Errors. */

static void path_write(const struct spot *s, struct buf *out)
{
    if (!s->up)
        return;
    path_write(s->up, out);
    if (s->key)
        buf_printf(out, "%s%.*s", out->len ? "." : "", KEY_SHOWN, s->key);
    else
        buf_printf(out, "[%zu]", s->index);
}

/* @return false always */
static bool fail(struct reader *r, const struct spot *s, const char *text)
{
    struct buf path = {0};
    path_write(s, &path);
    conf_errs_add(r->errs, r->name, s->at, "%s%s%s", buf_cstr(&path), path.len ? ": " : "", text);
    buf_fini(&path);
    return false;
}

static bool fail_expected(struct reader *r, const struct spot *s, const struct conf_field *row)
{
    static const char *const shapes[] = {
        [SHAPE_SCALAR] = "a single value", [SHAPE_LIST] = "a list", [SHAPE_MAP] = "a map"};
    struct buf b = {0};
    buf_text(&b, "expected ");
    conf_value_expected(row, &b);
    buf_printf(&b, ", found %s", conf_node_empty(s->node) ? "nothing" : shapes[s->node->shape]);
    fail(r, s, buf_cstr(&b));
    buf_fini(&b);
    return false;
}

static bool fail_repeated(struct reader *r, const struct spot *s)
{
    char text[ERR_TEXT];
    snprintf(text, sizeof text, "given twice, first in line %d; remove one of them",
             s->node->earlier->key->at.line);
    return fail(r, s, text);
}

/* Candidate i for a suggestion: keys that work. */
static const char *known_key(const void *rows, size_t i)
{
    for (const struct conf_field *row = rows; row->kind != CONF_END; row++)
        if (row->kind != CONF_LATER && i-- == 0)
            return row->key;
    return NULL;
}

static bool fail_unknown(struct reader *r, const struct spot *s, const struct conf_field *rows)
{
    const char *near = conf_nearest(s->node->key->text, known_key, rows);
    char text[ERR_TEXT];
    snprintf(text, sizeof text, "unknown key%s%s%s", near ? "; did you mean \"" : "",
             near ? near : "", near ? "\"?" : "");
    return fail(r, s, text);
}

/* Scalars. */

static bool read_value(struct reader *r, const struct conf_field *row, const struct spot *s,
                       void *out);

static bool read_scalar(struct reader *r, const struct conf_field *row, const struct spot *s,
                        void *out)
{
    struct err why;
    if (s->node->shape != SHAPE_SCALAR || conf_node_empty(s->node))
        return fail_expected(r, s, row);
    struct span text = s->node->text;
    if (memchr(text.p, '$', text.len)) {
        if (!conf_expand(text, CONF_MAX_FILE - r->expanded, r->scratch, &text, &why))
            return fail(r, s, why.text);
        r->expanded += text.len;
    }
    return conf_value_read(row, text, out, r->arena, &why) || fail(r, s, why.text);
}

/* Members of maps. */

static bool read_default(struct reader *r, const struct conf_field *row, void *out)
{
    memset(out, 0, conf_value_size(row->kind));
    if (!row->dflt || row->dflt == CONF_REQUIRED)
        return true;
    struct err why;
    struct span text = span_of(row->dflt);
    if (row->kind != CONF_LIST && row->kind != CONF_DICT)
        return conf_value_read(row, text, out, r->arena, &why);
    struct spot s = {.node = conf_yaml_read(text, "default", r->scratch, &why), .at = {1, 1}};
    return s.node && read_value(r, row, &s, out);
}

/* Where the value of `key` stands. What is no map where a map is expected is itself the value of
 * the shorthand. */
static struct spot member_of(const struct spot *map, const char *key, const char *shorthand)
{
    struct spot member = {map, key, 0, NULL, map->at};
    if (!map->node || conf_node_empty(map->node))
        return member;
    if (map->node->shape != SHAPE_MAP)
        return shorthand && strcmp(key, shorthand) == 0 ? *map : member;
    for (const struct conf_node *child = map->node->first; child; child = child->next)
        if (span_is(child->key->text, key)) {
            member.node = child;
            member.at = child->at;
            break;
        }
    return member;
}

static bool read_member(struct reader *r, const struct conf_field *row, const struct spot *map,
                        const char *shorthand, char *base)
{
    struct spot s = member_of(map, row->key, shorthand);
    void *out = base + row->offset;
    /* A map that is left out as a whole lacks nothing. */
    bool missing = !s.node && map->node && row->dflt == CONF_REQUIRED;
    bool ok = !missing || fail(r, &s, "is missing");
    bool sound = read_default(r, row, out);
    assert(sound && "a row refuses its own default");
    if (s.node || row->kind == CONF_MAP) /* the members of a map have defaults of their own */
        ok = read_value(r, row, &s, out) && ok;
    if (row->given_offset)
        *(bool *)(base + row->given_offset) = s.node != NULL;
    if (row->at_offset)
        *(struct conf_at *)(base + row->at_offset) = ok ? s.at : (struct conf_at){0};
    return ok;
}

/* Keys given twice, of a later version, or of no version. */
static bool check_keys(struct reader *r, const struct conf_field *rows, const struct spot *map)
{
    bool ok = true;
    for (const struct conf_node *child = map->node->first; child; child = child->next) {
        struct spot s = {map, child->key->text.p, 0, child, child->key->at};
        const struct conf_field *row = rows;
        while (row->kind != CONF_END && !span_is(child->key->text, row->key))
            row++;
        if (row->kind == CONF_END)
            ok = fail_unknown(r, &s, rows);
        else if (row->kind == CONF_LATER)
            ok = fail(r, &s, "not supported in this version");
        else if (child->earlier)
            ok = fail_repeated(r, &s);
    }
    return ok;
}

/* Members of `row->sub` at `base`; nothing at the spot leaves their defaults. */
static bool read_map(struct reader *r, const struct conf_field *row, const struct spot *s,
                     char *base)
{
    struct spot map = *s;
    bool ok = true, has_keys = s->node && s->node->shape == SHAPE_MAP;
    if (s->node && !has_keys && !row->shorthand && !conf_node_empty(s->node)) {
        ok = fail_expected(r, s, &(struct conf_field){.kind = CONF_MAP});
        map = (struct spot){.up = s}; /* nothing here, and nothing more to say about it */
    }
    for (const struct conf_field *member = row->sub; member->kind != CONF_END; member++)
        if (member->kind != CONF_LATER)
            ok = read_member(r, member, &map, row->shorthand, base) && ok;
    return (!has_keys || check_keys(r, row->sub, s)) && ok;
}

/* Lists and dictionaries: memory for as many elements as the file has, then one by one. */

static struct conf_at *list_new(struct reader *r, const struct conf_field *row, size_t n,
                                struct conf_list *list)
{
    struct conf_at *at = ARENA_ARRAY(r->arena, struct conf_at, n);
    *list = (struct conf_list){arena_alloc(r->arena, n * row->elem_size), 0, at};
    return at;
}

/* The row that one element is read by. */
static struct conf_field element_row(const struct conf_field *row)
{
    struct conf_field e = *row;
    e.kind = row->elem;
    e.dflt = NULL;
    return e;
}

/* A wrong scalar leaves no element; a map with something wrong in it leaves one without a place. */
static bool read_list(struct reader *r, const struct conf_field *row, const struct spot *s,
                      struct conf_list *list)
{
    bool several = s->node->shape == SHAPE_LIST, ok = true;
    const struct conf_node *node = several                    ? s->node->first
                                   : conf_node_empty(s->node) ? NULL
                                                              : s->node;
    struct conf_field element = element_row(row);
    struct conf_at *at = list_new(r, row, several ? s->node->n : 1, list);
    for (size_t i = 0; node; i++, node = several ? node->next : NULL) {
        struct spot here = {s, NULL, i, node, node->at};
        void *item = (char *)list->items + list->n * row->elem_size;
        bool sound = read_value(r, &element, several ? &here : s, item);
        ok = ok && sound;
        if (sound || row->elem == CONF_MAP)
            at[list->n++] = sound ? node->at : (struct conf_at){0};
    }
    return ok;
}

static bool check_name(struct reader *r, const struct spot *s)
{
    if (s->node->earlier)
        return fail_repeated(r, s);
    struct span name = s->node->key->text;
    return (name.len > 0 && name.len <= NAME_MAX_LEN && conf_text_valid(name)) ||
           fail(r, s, "a name has 1..255 bytes and no control characters");
}

static bool read_dict(struct reader *r, const struct conf_field *row, const struct spot *s,
                      struct conf_list *list)
{
    if (s->node->shape != SHAPE_MAP)
        return conf_node_empty(s->node) || fail_expected(r, s, row);
    struct conf_field element = element_row(row);
    struct conf_at *at = list_new(r, row, s->node->n, list);
    bool ok = true;
    for (const struct conf_node *node = s->node->first; node; node = node->next) {
        struct spot name = {s, node->key->text.p, 0, node, node->key->at};
        struct spot here = {s, node->key->text.p, 0, node, node->at};
        if (!check_name(r, &name)) {
            ok = false;
            continue;
        }
        char *item = (char *)list->items + list->n * row->elem_size;
        *(char **)item = arena_text(r->arena, node->key->text);
        bool sound = read_map(r, &element, &here, item);
        at[list->n++] = sound ? name.at : (struct conf_at){0};
        ok = ok && sound;
    }
    return ok;
}

static bool read_value(struct reader *r, const struct conf_field *row, const struct spot *s,
                       void *out)
{
    switch (row->kind) {
    case CONF_MAP:
        return read_map(r, row, s, out);
    case CONF_LIST:
        return read_list(r, row, s, out);
    case CONF_DICT:
        return read_dict(r, row, s, out);
    default:
        return read_scalar(r, row, s, out);
    }
}

/* The way in. */

/* Without a tree everything has its default and no place. */
static bool read_rows(struct reader *r, const struct conf_field *rows, const struct conf_node *tree,
                      void *out)
{
    struct conf_field all = {.kind = CONF_MAP, .sub = rows};
    struct spot file = {.node = tree, .at = tree ? (struct conf_at){1, 1} : (struct conf_at){0}};
    bool ok = read_map(r, &all, &file, out);
    conf_errs_sort(r->errs);
    return ok && tree;
}

bool conf_parse(struct span text, const char *name, const struct conf_field *rows, void *out,
                struct arena *arena, struct errs *errs)
{
    struct reader r = {name, arena, arena_new(), errs, 0};
    struct err why;
    const struct conf_node *tree = conf_yaml_read(text, name, r.scratch, &why);
    if (!tree)
        *errs_add(errs) = why;
    bool ok = read_rows(&r, rows, tree, out);
    arena_free(r.scratch);
    return ok;
}

bool conf_load(const char *path, const struct conf_field *rows, void *out, struct arena *arena,
               struct errs *errs)
{
    struct arena *scratch = arena_new();
    struct span text;
    struct err why;
    bool ok = file_read(path, CONF_MAX_FILE, scratch, &text, &why);
    if (ok) {
        ok = conf_parse(text, path, rows, out, arena, errs);
    } else {
        *errs_add(errs) = why;
        read_rows(&(struct reader){path, arena, scratch, errs, 0}, rows, NULL, out);
    }
    arena_free(scratch);
    return ok;
}
