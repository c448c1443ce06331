#include "base/conf_value.h"

typedef void visit_fn(void *arg, const char *path, const struct conf_field *row);

static const char *steps(const struct conf_field *row)
{
    return row->kind == CONF_DICT ? ".NAME" : row->kind == CONF_LIST ? "[]" : "";
}

static void walk(const struct conf_field *rows, struct buf *path, visit_fn *visit, void *arg)
{
    size_t len = path->len;
    for (const struct conf_field *row = rows; row->kind != CONF_END; row++) {
        buf_printf(path, "%s%s", len ? "." : "", row->key);
        visit(arg, path->p, row);
        if (row->sub) {
            buf_text(path, steps(row));
            walk(row->sub, path, visit, arg);
        }
        path->len = len;
    }
}

void conf_walk(const struct conf_field *rows, visit_fn *visit, void *arg)
{
    struct buf path = {0};
    walk(rows, &path, visit, arg);
    buf_fini(&path);
}

void conf_describe(const struct conf_field *row, struct buf *out)
{
    bool scalars = row->kind == CONF_LIST && row->elem != CONF_MAP;
    struct conf_field element = *row;
    if (scalars) {
        buf_text(out, "list, each ");
        element.kind = row->elem;
    }
    struct buf part = {0};
    conf_value_expected(&element, &part);
    buf_text(out, buf_cstr(&part));
    buf_clear(&part);
    conf_value_bounds(&element, &part);
    if (part.len > 0)
        buf_printf(out, ", %s%s", buf_cstr(&part), element.kind == CONF_TEXT ? " bytes" : "");
    if (part.len > 0 && row->unit)
        buf_printf(out, " %s", row->unit);
    buf_fini(&part);
}
