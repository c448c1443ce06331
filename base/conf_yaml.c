#include "base/conf_yaml.h"

#include <assert.h>
#include <stdlib.h>
#include <yaml.h>

struct source {
    yaml_parser_t parser;
    struct span text;
    const char *name;
    struct arena *arena;
    struct err *err;
    size_t values;
};

static struct conf_at place(yaml_mark_t mark)
{
    return (struct conf_at){(int)mark.line + 1, (int)mark.column + 1};
}

static bool refuse(struct source *s, yaml_mark_t mark, const char *text)
{
    struct conf_at at = place(mark);
    return err_at(s->err, s->name, at.line, at.col, "%s", text);
}

/* libyaml's words for mistakes that everyone makes once, and what to do about them. */
static const struct {
    const char *words, *remedy;
} hints[] = {
    {"while scanning an alias", "a value that begins with * needs quotes"},
    {"while scanning an anchor", "a value that begins with & needs quotes"},
    {"found character that cannot start any token",
     "indent with blanks, not tabs, and quote values that begin with @, ` or %"},
    {"mapping values are not allowed in this context",
     "quote a value with a colon and a blank in it, and check the indentation"},
    {"did not find expected key", "check the indentation and the brackets"},
    {"did not find expected ',' or ']'", "a comma or the closing ] is missing"},
    {"did not find expected ',' or '}'", "a comma or the closing } is missing"},
};

static const char *remedy(const yaml_parser_t *p)
{
    for (size_t i = 0; i < COUNT(hints); i++)
        if ((p->context && strcmp(p->context, hints[i].words) == 0) ||
            strcmp(p->problem, hints[i].words) == 0)
            return hints[i].remedy;
    return NULL;
}

/* The reader stops before there is a mark: it knows only the byte. */
static yaml_mark_t mark_of_byte(struct span text, size_t offset)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < text.len; i++) {
        mark.column = text.p[i] == '\n' ? 0 : mark.column + 1;
        mark.line += text.p[i] == '\n';
    }
    return mark;
}

static bool explain(struct source *s)
{
    const yaml_parser_t *p = &s->parser;
    if (p->error == YAML_MEMORY_ERROR)
        return refuse(s, p->mark, "not enough memory to read the file");
    if (p->error == YAML_READER_ERROR)
        return refuse(s, mark_of_byte(s->text, p->problem_offset),
                      "not YAML: a byte that is not UTF-8 text");
    struct conf_at at = place(p->problem_mark);
    const char *hint = remedy(p);
    return err_at(s->err, s->name, at.line, at.col, "not YAML: %s%s%s%s%s",
                  p->context ? p->context : "", p->context ? ", " : "", p->problem,
                  hint ? "; " : "", hint ? hint : "");
}

static bool next(struct source *s, yaml_event_t *event)
{
    return yaml_parser_parse(&s->parser, event) || explain(s);
}

/* Repeated keys of one map, found by sorting: no map is large enough to make this slow. */
static int by_key(const void *a, const void *b)
{
    const struct conf_node *x = *(const struct conf_node *const *)a;
    const struct conf_node *y = *(const struct conf_node *const *)b;
    int order = strcmp(x->key->text.p, y->key->text.p);
    if (order == 0 && x->key->at.line != y->key->at.line)
        return x->key->at.line < y->key->at.line ? -1 : 1;
    return order ? order : x->key->at.col - y->key->at.col;
}

static void mark_repeats(struct source *s, struct conf_node *map)
{
    struct conf_node **sorted = ARENA_ARRAY(s->arena, struct conf_node *, map->n);
    size_t n = 0;
    for (struct conf_node *child = map->first; child; child = child->next)
        sorted[n++] = child;
    qsort(sorted, n, sizeof(struct conf_node *), by_key);
    for (size_t i = 1; i < n; i++)
        if (span_equal(sorted[i]->key->text, sorted[i - 1]->key->text))
            sorted[i]->earlier = sorted[i - 1]->earlier ? sorted[i - 1]->earlier : sorted[i - 1];
}

static struct conf_node *node_new(struct source *s, enum conf_shape shape, yaml_mark_t mark)
{
    struct conf_node *node = ARENA_NEW(s->arena, struct conf_node);
    node->shape = shape;
    node->at = place(mark);
    return node;
}

static struct conf_node *read_scalar(struct source *s, const yaml_event_t *e)
{
    struct span text = span_bytes(e->data.scalar.value, e->data.scalar.length);
    if (text.len > 0 && memchr(text.p, '\0', text.len)) {
        refuse(s, e->start_mark, "a value cannot hold a NUL character");
        return NULL;
    }
    struct conf_node *node = node_new(s, SHAPE_SCALAR, e->start_mark);
    node->text = (struct span){arena_text(s->arena, text), text.len};
    node->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return node;
}

static struct conf_node *read_node(struct source *s, const yaml_event_t *e, int depth);

/* Reads the next node and deletes its event; `*end` says that it was `closing` instead. */
static struct conf_node *read_next(struct source *s, yaml_event_type_t closing, int depth,
                                   bool *end)
{
    yaml_event_t e;
    if (!next(s, &e))
        return NULL;
    *end = e.type == closing;
    struct conf_node *node = *end ? NULL : read_node(s, &e, depth);
    yaml_event_delete(&e);
    return node;
}

static bool read_pair(struct source *s, struct conf_node *key, int depth, struct conf_node **value)
{
    if (key->shape != SHAPE_SCALAR)
        return err_at(s->err, s->name, key->at.line, key->at.col,
                      "a key must be a word, not a list or a map");
    bool end = false;
    *value = read_next(s, YAML_NO_EVENT, depth, &end);
    if (*value)
        (*value)->key = key;
    return *value != NULL;
}

static struct conf_node *read_children(struct source *s, struct conf_node *parent,
                                       yaml_event_type_t closing, int depth)
{
    struct conf_node **tail = &parent->first;
    for (;;) {
        bool end = false;
        struct conf_node *child = read_next(s, closing, depth, &end);
        if (end)
            break;
        if (!child || (parent->shape == SHAPE_MAP && !read_pair(s, child, depth, &child)))
            return NULL;
        *tail = child;
        tail = &child->next;
        parent->n++;
    }
    if (parent->shape == SHAPE_MAP)
        mark_repeats(s, parent);
    return parent;
}

/* Anchors would make a small text a large tree, tags a second opinion on types. */
static bool allowed(struct source *s, const yaml_event_t *e, int depth)
{
    bool scalar = e->type == YAML_SCALAR_EVENT, list = e->type == YAML_SEQUENCE_START_EVENT;
    if (e->type == YAML_ALIAS_EVENT)
        return refuse(s, e->start_mark,
                      "YAML aliases are not supported; a value that begins "
                      "with * needs quotes");
    const yaml_char_t *anchor = scalar ? e->data.scalar.anchor
                                : list ? e->data.sequence_start.anchor
                                       : e->data.mapping_start.anchor;
    const yaml_char_t *tag = scalar ? e->data.scalar.tag
                             : list ? e->data.sequence_start.tag
                                    : e->data.mapping_start.tag;
    if (anchor)
        return refuse(s, e->start_mark,
                      "YAML anchors are not supported; a value that begins "
                      "with & needs quotes");
    if (tag)
        return refuse(s, e->start_mark,
                      "YAML tags are not supported; a value that begins "
                      "with ! needs quotes");
    if (depth + !scalar > CONF_MAX_DEPTH)
        return refuse(s, e->start_mark, "more than 32 lists and maps inside one another");
    if (++s->values > CONF_MAX_VALUES)
        return refuse(s, e->start_mark, "more than 1000000 values in one file");
    return true;
}

static struct conf_node *read_node(struct source *s, const yaml_event_t *e, int depth)
{
    if (!allowed(s, e, depth))
        return NULL;
    if (e->type == YAML_SCALAR_EVENT)
        return read_scalar(s, e);
    if (e->type == YAML_SEQUENCE_START_EVENT)
        return read_children(s, node_new(s, SHAPE_LIST, e->start_mark), YAML_SEQUENCE_END_EVENT,
                             depth + 1);
    assert(e->type == YAML_MAPPING_START_EVENT);
    return read_children(s, node_new(s, SHAPE_MAP, e->start_mark), YAML_MAPPING_END_EVENT,
                         depth + 1);
}

/* Takes one event and says whether it was of that type. */
static bool skip(struct source *s, yaml_event_type_t type, bool *was, yaml_mark_t *mark)
{
    yaml_event_t e;
    if (!next(s, &e))
        return false;
    *was = e.type == type;
    *mark = e.start_mark;
    yaml_event_delete(&e);
    return true;
}

static struct conf_node *read_stream(struct source *s)
{
    bool was = false, end = false;
    yaml_mark_t mark = {0};
    if (!skip(s, YAML_STREAM_START_EVENT, &was, &mark) ||
        !skip(s, YAML_STREAM_END_EVENT, &was, &mark))
        return NULL;
    if (was) {
        struct conf_node *nothing = node_new(s, SHAPE_SCALAR, (yaml_mark_t){0});
        nothing->plain = true;
        return nothing;
    }
    struct conf_node *root = read_next(s, YAML_NO_EVENT, 0, &end);
    if (!root || !skip(s, YAML_DOCUMENT_END_EVENT, &was, &mark) ||
        !skip(s, YAML_STREAM_END_EVENT, &was, &mark))
        return NULL;
    if (!was)
        refuse(s, mark, "a second document begins here; one file holds one document");
    return was ? root : NULL;
}

const struct conf_node *conf_yaml_read(struct span text, const char *name, struct arena *arena,
                                       struct err *err)
{
    struct source s = {.text = text, .name = name, .arena = arena, .err = err};
    if (!yaml_parser_initialize(&s.parser)) {
        err_at(err, name, 0, 0, "not enough memory to read the file");
        return NULL;
    }
    yaml_parser_set_encoding(&s.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&s.parser, (const unsigned char *)text.p, text.len);
    const struct conf_node *root = read_stream(&s);
    yaml_parser_delete(&s.parser);
    return root;
}
