#include "dnsd/generation.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- zones --- */

static const struct zone_server *servers_of(struct arena *a, const struct dnsd_zone *zone)
{
    const struct dnsd_server *from = zone->ns.items;
    struct zone_server *to = ARENA_ARRAY(a, struct zone_server, zone->ns.n);
    for (size_t i = 0; i < zone->ns.n; i++)
        to[i] = (struct zone_server){from[i].name, from[i].addrs.items, from[i].addrs.n};
    return to;
}

static bool add_zone(struct generation *g, const struct dnsd_zone *zone, struct errs *errs)
{
    const struct zone_spec spec = {.apex = zone->name,
                                   .contact = zone->contact,
                                   .serial = (uint32_t)zone->serial,
                                   .ttl_s = (uint32_t)(zone->ttl_ms / 1000),
                                   .servers = servers_of(g->arena, zone),
                                   .n_servers = zone->ns.n,
                                   .file = zone->file};
    return zones_add(g->zones, &spec, errs);
}

static bool bind_names(struct generation *g, const struct dnsd_pool *pool, int32_t service,
                       struct err *err)
{
    const char *const *names = pool->names.items;
    for (size_t i = 0; i < pool->names.n; i++)
        if (!zones_bind(g->zones, names[i], service, err))
            return false;
    return true;
}

/* A problem of one zone or pool does not hide those of the others. */
static bool build_zones(struct generation *g, struct errs *errs)
{
    const struct dnsd_zone *zones = g->conf.zones.items;
    const struct dnsd_pool *pools = g->conf.pools.items;
    struct err err;
    size_t before = errs->n;
    g->zones = zones_new();
    bool good = true;
    for (size_t i = 0; i < g->conf.zones.n; i++)
        good &= add_zone(g, &zones[i], errs);
    for (size_t i = 0; good && i < g->conf.pools.n; i++)
        if (!bind_names(g, &pools[i], (int32_t)i, &err))
            *errs_add(errs) = err;
    if (errs->n > before)
        return false;
    zones_finish(g->zones);
    return zones_check(g->zones, errs, &g->warnings);
}

/* --- what steer needs --- */

static const struct steer_node *nodes_of(struct arena *a, const struct dnsd_pool *pool)
{
    const struct dnsd_node *from = pool->nodes.items;
    struct steer_node *to = ARENA_ARRAY(a, struct steer_node, pool->nodes.n);
    for (size_t i = 0; i < pool->nodes.n; i++)
        to[i] = (struct steer_node){from[i].name, from[i].addrs.items, from[i].addrs.n};
    return to;
}

static void build_steer(struct generation *g)
{
    const struct dnsd_pool *from = g->conf.pools.items;
    struct steer_pool *to = ARENA_ARRAY(g->arena, struct steer_pool, g->conf.pools.n);
    for (size_t i = 0; i < g->conf.pools.n; i++)
        to[i] = (struct steer_pool){.name = from[i].name,
                                    .names = from[i].names.items,
                                    .n_names = from[i].names.n,
                                    .ttl_s = (uint32_t)(from[i].ttl_ms / 1000),
                                    .ttl_min_s = (uint32_t)(from[i].ttl_min_ms / 1000),
                                    .answers = (size_t)from[i].answers,
                                    .min_nodes = (size_t)from[i].min_nodes,
                                    .load = dnsd_load_rule(&from[i].load),
                                    .probe = &from[i].probe,
                                    .nodes = nodes_of(g->arena, &from[i]),
                                    .n_nodes = from[i].nodes.n};
    g->steer = (struct steer_conf){to, g->conf.pools.n};
}

/* --- the whole --- */

struct generation *generation_load(const char *path, struct errs *errs)
{
    struct generation *g = NEW(struct generation);
    g->arena = arena_new();
    if (dnsd_conf_load(path, &g->conf, g->arena, errs) && build_zones(g, errs)) {
        build_steer(g);
        return g;
    }
    generation_free(g);
    return NULL;
}

void generation_free(struct generation *g)
{
    for (struct generation *older; g; g = older) {
        older = g->older;
        if (g->zones)
            zones_release(g->zones);
        errs_fini(&g->warnings);
        buf_fini(&g->pending);
        arena_free(g->arena);
        free(g);
    }
}

/* The value of one key as `--show-config` prints it. */
static const char *show_key(const struct conf_field *row, const struct dnsd_conf *conf,
                            struct arena *arena)
{
    const struct conf_field rows[] = {*row, {.kind = CONF_END}};
    struct buf text = {0};
    conf_show(rows, conf, &text);
    const char *copy = arena_text(arena, buf_span(&text));
    buf_fini(&text);
    return copy;
}

static const struct conf_field *next_fixed(const struct conf_field *row)
{
    while (row->kind != CONF_END && !row->restart)
        row++;
    return row;
}

const char *const *generation_fixed(const struct generation *g, struct arena *arena)
{
    size_t n = 0;
    const struct conf_field *row = dnsd_conf_rows;
    while ((row = next_fixed(row))->kind != CONF_END)
        n++, row++;
    const char **values = ARENA_ARRAY(arena, const char *, n);
    row = dnsd_conf_rows;
    for (size_t i = 0; i < n; i++, row++)
        values[i] = show_key(row = next_fixed(row), &g->conf, arena);
    return values;
}

void generation_compare(struct generation *next, const char *const *in_force)
{
    const char *const *now = generation_fixed(next, next->arena);
    const struct conf_field *row = dnsd_conf_rows;
    buf_clear(&next->pending);
    for (size_t i = 0; (row = next_fixed(row))->kind != CONF_END; i++, row++)
        if (strcmp(now[i], in_force[i]) != 0)
            buf_printf(&next->pending, "%s%s", next->pending.len ? ", " : "", row->key);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

void generation_describe(const struct generation *g, struct buf *out)
{
    size_t nodes = 0;
    for (size_t i = 0; i < g->steer.n_pools; i++)
        nodes += g->steer.pools[i].n_nodes;
    buf_printf(out, "%zu zone%s, %zu pool%s, %zu node%s", g->conf.zones.n, plural(g->conf.zones.n),
               g->steer.n_pools, plural(g->steer.n_pools), nodes, plural(nodes));
}
