#include "base/err.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"

/* The arguments may come from `e` itself, as when a caller puts words before what went wrong. */
static void PRINTF_LIKE(3, 0) fill(struct err *e, struct err made, const char *fmt, va_list args)
{
    vsnprintf(made.text, sizeof made.text, fmt, args);
    *e = made;
}

bool err_set(struct err *e, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(e, (struct err){0}, fmt, args);
    va_end(args);
    return false;
}

bool err_at(struct err *e, const char *file, int line, int col, const char *fmt, ...)
{
    struct err place = {.line = line, .col = col};
    snprintf(place.file, sizeof place.file, "%s", file ? file : "");
    va_list args;
    va_start(args, fmt);
    fill(e, place, fmt, args);
    va_end(args);
    return false;
}

const char *err_format(const struct err *e, char *out, size_t size)
{
    if (!e->file[0])
        snprintf(out, size, "%s", e->text);
    else if (!e->line)
        snprintf(out, size, "%s: %s", e->file, e->text);
    else if (!e->col)
        snprintf(out, size, "%s:%d: %s", e->file, e->line, e->text);
    else
        snprintf(out, size, "%s:%d:%d: %s", e->file, e->line, e->col, e->text);
    return out;
}

struct err *errs_add(struct errs *list)
{
    list->items = mem_resize(list->items, (list->n + 1) * sizeof *list->items);
    struct err *e = &list->items[list->n++];
    *e = (struct err){0};
    return e;
}

void errs_fini(struct errs *list)
{
    free(list->items);
    *list = (struct errs){0};
}

void errs_print(const struct errs *list, FILE *to)
{
    char line[ERR_FILE + ERR_TEXT + 32];
    for (size_t i = 0; i < list->n; i++)
        fprintf(to, "%s\n", err_format(&list->items[i], line, sizeof line));
}
