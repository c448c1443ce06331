#include "base/conf_text.h"
#include "base/conf_value.h"

enum { INDENT = 2 };

static void indent(int depth, struct buf *out)
{
    buf_printf(out, "%*s", depth * INDENT, "");
}

/* Leaving the key out means the same. */
static bool absent(const struct conf_field *row, const char *base)
{
    bool given = row->given_offset && *(const bool *)(base + row->given_offset);
    if (row->kind == CONF_MAP)
        return row->given_offset && !given;
    bool zero = !row->dflt || row->dflt == CONF_REQUIRED;
    return row->kind == CONF_LATER || (zero && !given && conf_value_zero(row, base + row->offset));
}

static void show_value(const struct conf_field *row, const char *in, int depth, struct buf *out);

static void show_rows(const struct conf_field *rows, const char *base, int depth, struct buf *out)
{
    for (const struct conf_field *row = rows; row->kind != CONF_END; row++) {
        if (absent(row, base))
            continue;
        indent(depth, out);
        buf_printf(out, "%s:", row->key);
        show_value(row, base + row->offset, depth, out);
    }
}

/* A map of a single key that has a shorthand is shown by that. */
static const struct conf_field *only_row(const struct conf_field *row, const char *base)
{
    bool single = row->shorthand && row->sub[1].kind == CONF_END && !absent(row->sub, base);
    return single ? row->sub : NULL;
}

static void show_map(const struct conf_field *row, const char *base, int depth, struct buf *out)
{
    const struct conf_field *only = only_row(row, base);
    if (only) {
        show_value(only, base + only->offset, depth, out);
        return;
    }
    size_t start = out->len;
    buf_text(out, "\n");
    show_rows(row->sub, base, depth + 1, out);
    if (out->len > start + 1)
        return;
    out->len = start;
    buf_text(out, " {}\n");
}

static void show_scalars(const struct conf_field *row, const struct conf_list *list,
                         struct buf *out)
{
    struct conf_field element = *row;
    element.kind = row->elem;
    buf_text(out, " [");
    for (size_t i = 0; i < list->n; i++) {
        buf_text(out, i ? ", " : "");
        conf_value_write(&element, (const char *)list->items + i * row->elem_size, out);
    }
    buf_text(out, "]\n");
}

/* The dash of an element takes the place of the last indentation before its first key. */
static void show_element(const struct conf_field *row, const char *item, int depth, struct buf *out)
{
    size_t start = out->len;
    show_rows(row->sub, item, depth + 1, out);
    if (out->len > start && !only_row(row, item)) {
        out->p[start + (size_t)(depth * INDENT)] = '-';
        return;
    }
    out->len = start;
    indent(depth, out);
    buf_text(out, "-");
    show_map(row, item, depth, out);
}

static void show_list(const struct conf_field *row, const struct conf_list *list, int depth,
                      struct buf *out)
{
    if (list->n == 0 || row->elem != CONF_MAP) {
        show_scalars(row, list, out);
        return;
    }
    buf_text(out, "\n");
    for (size_t i = 0; i < list->n; i++)
        show_element(row, (const char *)list->items + i * row->elem_size, depth + 1, out);
}

static void show_dict(const struct conf_field *row, const struct conf_list *list, int depth,
                      struct buf *out)
{
    buf_text(out, list->n > 0 ? "\n" : " {}\n");
    for (size_t i = 0; i < list->n; i++) {
        const char *item = (const char *)list->items + i * row->elem_size;
        indent(depth + 1, out);
        conf_text_write(span_of(*(const char *const *)item), false, out);
        buf_text(out, ":");
        show_map(row, item, depth + 1, out);
    }
}

static void show_value(const struct conf_field *row, const char *in, int depth, struct buf *out)
{
    const void *value = in;
    if (row->kind == CONF_MAP) {
        show_map(row, in, depth, out);
    } else if (row->kind == CONF_LIST) {
        show_list(row, value, depth, out);
    } else if (row->kind == CONF_DICT) {
        show_dict(row, value, depth, out);
    } else {
        buf_text(out, " ");
        conf_value_write(row, value, out);
        buf_text(out, "\n");
    }
}

void conf_show(const struct conf_field *rows, const void *in, struct buf *out)
{
    show_rows(rows, in, 0, out);
}
