#include "dnsd/dnsd_conf_once.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

void once_add(struct once *list, struct arena *arena, struct once_entry entry)
{
    if (!entry.text || entry.at.line == 0)
        return;
    if (list->n == list->room) {
        list->room = list->room ? list->room * 2 : FIRST_ROOM;
        struct once_entry *items = ARENA_ARRAY(arena, struct once_entry, list->room);
        if (list->n > 0)
            memcpy(items, list->items, list->n * sizeof *items);
        list->items = items;
    }
    list->items[list->n++] = entry;
}

/* Equal texts side by side, in the order of the file. */
static int by_text(const void *a, const void *b)
{
    const struct once_entry *x = a, *y = b;
    int order = strcasecmp(x->text, y->text);
    if (order == 0)
        order = x->at.line != y->at.line ? x->at.line - y->at.line : x->at.col - y->at.col;
    return order;
}

void once_check(struct once *list, const char *file, struct errs *errs)
{
    if (list->n < 2)
        return;
    qsort(list->items, list->n, sizeof *list->items, by_text);
    const struct once_entry *first = &list->items[0];
    for (const struct once_entry *e = first + 1; e < list->items + list->n; e++)
        if (strcasecmp(e->text, first->text) != 0)
            first = e;
        else if (!e->group || e->group != first->group)
            conf_errs_add(errs, file, e->at, "%s: the %s %s is already taken in line %d", e->path,
                          list->what, e->text, first->at.line);
}
