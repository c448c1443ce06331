#include <stdarg.h>

#include "base/conf.h"

/* What a file says reaches a terminal only as printable text. */
static void sanitize(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

void conf_errs_add(struct errs *errs, const char *name, struct conf_at at, const char *fmt, ...)
{
    if (at.line == 0 || errs->n > CONF_MAX_ERRORS)
        return;
    struct err *e = errs_add(errs);
    if (errs->n > CONF_MAX_ERRORS) {
        err_at(e, name, 0, 0, "more than %d errors; the others are not shown", CONF_MAX_ERRORS);
        return;
    }
    char text[ERR_TEXT];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    sanitize(text);
    err_at(e, name, at.line, at.col, "%s", text);
}

/* True if `b` belongs before `a`; an error without a line is the last word on its file. */
static bool swapped(const struct err *a, const struct err *b)
{
    if (strcmp(a->file, b->file) != 0 || b->line == 0)
        return false;
    if (a->line == 0 || a->line != b->line)
        return a->line == 0 || a->line > b->line;
    return a->col > b->col;
}

void conf_errs_sort(struct errs *errs)
{
    for (size_t i = 1; i < errs->n; i++)
        for (size_t j = i; j > 0 && swapped(&errs->items[j - 1], &errs->items[j]); j--) {
            struct err later = errs->items[j - 1];
            errs->items[j - 1] = errs->items[j];
            errs->items[j] = later;
        }
}
