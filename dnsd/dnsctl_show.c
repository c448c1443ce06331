#include "dnsd/dnsctl_show.h"

#include <stdio.h>

enum { COLUMNS = 5, CELL = 64 };

struct row {
    char cells[COLUMNS][CELL];
    const char *reason; /* last, as long as it is */
};

static const struct row heading = {{"NODE", "STATE", "ANSWERED", "CONNECTIONS", "SINCE"}, "WHY"};

static void fill_row(const struct json *node, struct row *row)
{
    const struct json *load = json_get(node, "load");
    int64_t connections = json_get_int(load, "connections", -1),
            limit = json_get_int(load, "limit", 0);
    *row = (struct row){.reason = json_get_text(node, "reason", "")};
    snprintf(row->cells[0], CELL, "%s", json_get_text(node, "name", "?"));
    snprintf(row->cells[1], CELL, "%s", json_get_text(node, "state", "?"));
    snprintf(row->cells[2], CELL, "%s", json_get_bool(node, "answered", false) ? "yes" : "no");
    if (connections < 0)
        snprintf(row->cells[3], CELL, "-");
    else if (limit > 0)
        snprintf(row->cells[3], CELL, "%lld/%lld", (long long)connections, (long long)limit);
    else
        snprintf(row->cells[3], CELL, "%lld", (long long)connections);
    snprintf(row->cells[4], CELL, "%.19sZ", json_get_text(node, "since", "?"));
}

static void widen(size_t widths[COLUMNS], const struct row *row)
{
    for (int i = 0; i < COLUMNS; i++)
        if (strlen(row->cells[i]) > widths[i])
            widths[i] = strlen(row->cells[i]);
}

static void print_row(const struct row *row, const size_t widths[COLUMNS], struct buf *out)
{
    for (int i = 0; i < COLUMNS; i++)
        buf_printf(out, "%-*s  ", (int)widths[i], row->cells[i]);
    buf_printf(out, "%s\n", row->reason);
}

static void show_nodes(const struct json *nodes, struct buf *out)
{
    size_t widths[COLUMNS] = {0};
    struct row row;
    widen(widths, &heading);
    for (size_t i = 0; i < json_count(nodes); i++) {
        fill_row(json_at(nodes, i), &row);
        widen(widths, &row);
    }
    print_row(&heading, widths, out);
    for (size_t i = 0; i < json_count(nodes); i++) {
        fill_row(json_at(nodes, i), &row);
        print_row(&row, widths, out);
    }
}

static void show_pool(const struct json *pool, struct buf *out)
{
    const struct json *names = json_get(pool, "names"), *nodes = json_get(pool, "nodes");
    const char *warning = json_get_text(pool, "warning", NULL);
    size_t answered = 0;
    for (size_t i = 0; i < json_count(nodes); i++)
        answered += json_get_bool(json_at(nodes, i), "answered", false);
    buf_printf(out, "pool %s: %zu of %zu nodes answered;", json_get_text(pool, "name", "?"),
               answered, json_count(nodes));
    for (size_t i = 0; i < json_count(names); i++)
        buf_printf(out, " %s", json_text(json_at(names, i)));
    buf_text(out, "\n");
    if (warning)
        buf_printf(out, "warning: %s\n", warning);
    show_nodes(nodes, out);
}

void dnsctl_show_status(const struct json *reply, struct buf *out)
{
    const struct json *pools = json_get(reply, "pools");
    for (size_t i = 0; i < json_count(pools); i++) {
        buf_text(out, i ? "\n" : "");
        show_pool(json_at(pools, i), out);
    }
    const char *pending = json_get_text(reply, "pending", NULL);
    if (pending)
        buf_printf(out, "\npending until a restart: %s\n", pending);
}

void dnsctl_show_text(const struct json *reply, struct buf *out)
{
    const char *text = json_get_text(reply, "text", "");
    buf_text(out, text);
    if (out->len && out->p[out->len - 1] != '\n')
        buf_text(out, "\n");
}
