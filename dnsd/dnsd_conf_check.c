#include "dnsd/dnsd_conf_check.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/digest.h"
#include "dnsd/dnsd_conf_once.h"
#include "dnsd/wire/cookie.h"

struct check {
    const char *name; /* of the file */
    struct dnsd_conf *conf;
    struct arena *arena;
    struct errs *errs;
};

#define SAY(c, at, ...) conf_errs_add((c)->errs, (c)->name, (at), __VA_ARGS__)

/* Names. */

/* RFC 1035 2.3.4 for lengths; the letters that host names and service labels use. */
static bool is_domain_name(struct span name)
{
    struct span label;
    if (name.len == 0 || name.len > 253)
        return false;
    while (span_split(&name, '.', &label)) {
        if (label.len == 0 || label.len > 63)
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (!isalnum((unsigned char)label.p[i]) && label.p[i] != '-' && label.p[i] != '_')
                return false;
    }
    return true;
}

static struct span without_wildcard(const char *name)
{
    return span_skip(span_of(name), span_starts(span_of(name), "*.") ? 2 : 0);
}

/* The final dot of an absolute name says nothing in a file where every name is absolute. */
static const char *without_final_dot(struct check *c, const char *name)
{
    size_t len = strlen(name);
    bool dot = len > 1 && name[len - 1] == '.';
    return dot ? arena_text(c->arena, span_bytes(name, len - 1)) : name;
}

/* What people type in a shell: no blanks, globs or slashes. */
static bool is_plain_name(const char *name)
{
    return name[strspn(
               name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")] == '\0';
}

static bool inside(struct span name, const char *zone)
{
    size_t len = strlen(zone);
    if (name.len < len || strncasecmp(name.p + name.len - len, zone, len) != 0)
        return false;
    return name.len == len || name.p[name.len - len - 1] == '.';
}

static void check_seconds(struct check *c, struct conf_at at, const char *path, const char *key,
                          int64_t ms)
{
    if (ms % 1000 != 0)
        SAY(c, at, "%s.%s: a TTL has whole seconds", path, key);
}

/* Zones. */

/* Absolute, so that it stays true when the process changes its folder, and when it is shown. */
static const char *beside(struct check *c, const char *file)
{
    if (file[0] == '/')
        return file;
    const char *slash = strrchr(c->name, '/');
    int len = slash ? (int)(slash - c->name) + 1 : 1;
    char *folder = realpath(arena_printf(c->arena, "%.*s", len, slash ? c->name : "."), NULL);
    if (folder)
        file = arena_printf(c->arena, "%s/%s", folder, file);
    free(folder);
    return file;
}

static void check_server(struct check *c, const struct dnsd_zone *zone, const char *path, size_t i)
{
    const struct dnsd_server *server = (const struct dnsd_server *)zone->ns.items + i;
    struct conf_at at = zone->ns.at[i];
    size_t len = strlen(server->name);
    bool absolute = server->name[len - 1] == '.';
    if (!is_domain_name(span_bytes(server->name, absolute ? len - 1 : len)))
        SAY(c, at, "%s.ns.%s: not a domain name", path, server->name);
    else if (absolute && server->addrs.n > 0)
        SAY(c, at,
            "%s.ns.%s: an absolute name gets no addresses; leave them out ([]), or write the name "
            "relative to the zone, without the final dot",
            path, server->name);
    else if (!absolute && server->addrs.n == 0 && !zone->file)
        SAY(c, at,
            "%s.ns.%s: a name inside the zone needs an address; a name elsewhere ends with a dot",
            path, server->name);
}

static void check_zone(struct check *c, struct dnsd_zone *zone, struct conf_at at)
{
    const char *path = arena_printf(c->arena, "zones.%s", zone->name);
    zone->name = without_final_dot(c, zone->name);
    if (zone->file)
        zone->file = beside(c, zone->file);
    zone->contact = zone->contact ? without_final_dot(c, zone->contact)
                                  : arena_printf(c->arena, "hostmaster.%s", zone->name);
    if (!is_domain_name(span_of(zone->name)))
        SAY(c, at, "%s: not a domain name", path);
    else if (!is_domain_name(span_of(zone->contact)))
        SAY(c, zone->at.contact,
            "%s.contact: expected a domain name such as hostmaster.example.com, found \"%s\"", path,
            zone->contact);
    if (zone->ns.n == 0 && !zone->file)
        SAY(c, zone->at.ns, "%s.ns: a zone needs name servers, here or in its file", path);
    for (size_t i = 0; i < zone->ns.n; i++)
        check_server(c, zone, path, i);
    check_seconds(c, zone->at.ttl, path, "ttl", zone->ttl_ms);
}

static void check_zones(struct check *c)
{
    struct once names = {.what = "zone"};
    struct dnsd_zone *zones = c->conf->zones.items;
    for (size_t i = 0; i < c->conf->zones.n; i++) {
        check_zone(c, &zones[i], c->conf->zones.at[i]);
        once_add(&names, c->arena,
                 (struct once_entry){zones[i].name, c->conf->zones.at[i],
                                     arena_printf(c->arena, "zones.%s", zones[i].name), NULL});
    }
    once_check(&names, c->name, c->errs);
}

/* Pools. */

struct taken { /* across all pools */
    struct once nodes, names;
};

static bool is_network(const struct check *c, const char *name)
{
    const struct dnsd_network *networks = c->conf->networks.items;
    for (size_t i = 0; i < c->conf->networks.n; i++)
        if (strcmp(networks[i].name, name) == 0)
            return true;
    return false;
}

static void check_node(struct check *c, struct dnsd_node *node, const char *path)
{
    if (node->addrs.n == 0)
        SAY(c, node->at.addrs, "%s.address: a node needs an address", path);
    if (!node->name && node->addrs.n > 0) {
        char text[ADDR_TEXT];
        node->name = arena_printf(c->arena, "%s", addr_ip_text(node->addrs.items, text));
    } else if (node->name && !is_plain_name(node->name)) {
        SAY(c, node->at.name, "%s.name: a name has letters, digits and . _ : - only", path);
    }
    const struct dnsd_node_network *networks = node->networks.items;
    for (size_t i = 0; i < node->networks.n; i++)
        if (!is_network(c, networks[i].name))
            SAY(c, node->networks.at[i], "%s.networks.%s: not one of the `networks` of this file",
                path, networks[i].name);
}

static void check_nodes(struct check *c, struct dnsd_pool *pool, const char *path,
                        struct taken *taken)
{
    struct once addrs = {.what = "address"};
    struct dnsd_node *nodes = pool->nodes.items;
    char text[ADDR_TEXT];
    if (pool->nodes.n == 0)
        SAY(c, pool->at.nodes, "%s.nodes: a pool needs at least one node", path);
    for (size_t i = 0; i < pool->nodes.n; i++) {
        struct dnsd_node *node = &nodes[i];
        const char *here = arena_printf(c->arena, "%s.nodes[%zu]", path, i);
        /* Two nodes without names and with one address are two of one address, no more. */
        const void *group = node->name ? NULL : pool;
        check_node(c, node, here);
        once_add(&taken->nodes, c->arena,
                 (struct once_entry){node->name, node->at.name, here, group});
        for (size_t j = 0; j < node->addrs.n; j++) {
            const char *addr = addr_ip_text((const struct addr *)node->addrs.items + j, text);
            once_add(&addrs, c->arena,
                     (struct once_entry){arena_text(c->arena, span_of(addr)), node->addrs.at[j],
                                         here, NULL});
        }
        if (pool->policy == DNSD_ROTATE && node->weight != nodes[0].weight)
            SAY(c, node->at.weight,
                "%s.weight: policy rotate needs equal weights; policy balanced can differ", here);
    }
    once_check(&addrs, c->name, c->errs);
}

static void check_name(struct check *c, const char *name, struct conf_at at, const char *path)
{
    struct span base = without_wildcard(name);
    const struct dnsd_zone *zones = c->conf->zones.items;
    if (!is_domain_name(base)) {
        SAY(c, at, "%s: not a domain name: %s", path, name);
        return;
    }
    for (size_t i = 0; i < c->conf->zones.n; i++)
        if (inside(base, zones[i].name))
            return;
    SAY(c, at, "%s: %s is in none of the `zones` of this file", path, name);
}

static void check_names(struct check *c, struct dnsd_pool *pool, const char *path,
                        struct taken *taken)
{
    const char **names = pool->names.items;
    if (pool->names.n == 0)
        SAY(c, pool->at.names, "%s.names: a pool needs at least one name", path);
    for (size_t i = 0; i < pool->names.n; i++) {
        const char *here = arena_printf(c->arena, "%s.names[%zu]", path, i);
        names[i] = without_final_dot(c, names[i]);
        check_name(c, names[i], pool->names.at[i], here);
        once_add(&taken->names, c->arena,
                 (struct once_entry){names[i], pool->names.at[i], here, NULL});
    }
}

static bool known(struct conf_at at)
{
    return at.line > 0;
}

static void check_pool(struct check *c, struct dnsd_pool *pool, struct conf_at at,
                       struct taken *taken)
{
    struct err why;
    const char *path = arena_printf(c->arena, "pools.%s", pool->name);
    if (!is_plain_name(pool->name))
        SAY(c, at, "%s: a name has letters, digits and . _ : - only", path);
    check_nodes(c, pool, path, taken);
    check_names(c, pool, path, taken);
    check_seconds(c, pool->at.ttl, path, "ttl", pool->ttl_ms);
    check_seconds(c, pool->at.ttl_min, path, "ttl_min", pool->ttl_min_ms);
    if (known(pool->at.ttl) && pool->ttl_min_ms > pool->ttl_ms)
        SAY(c, pool->at.ttl_min, "%s.ttl_min: is longer than ttl", path);
    if (known(pool->load.at.stop) && pool->load.resume > pool->load.stop)
        SAY(c, pool->load.at.resume, "%s.load.resume: %lld is more than stop, %lld", path,
            (long long)pool->load.resume, (long long)pool->load.stop);
    if (known(pool->at.probe) && !probe_conf_finish(&pool->probe, &why))
        SAY(c, pool->at.probe, "%s.probe: %s", path, why.text);
}

static void check_pools(struct check *c)
{
    struct taken taken = {.nodes = {.what = "node name"}, .names = {.what = "name"}};
    struct dnsd_pool *pools = c->conf->pools.items;
    for (size_t i = 0; i < c->conf->pools.n; i++)
        check_pool(c, &pools[i], c->conf->pools.at[i], &taken);
    once_check(&taken.nodes, c->name, c->errs);
    once_check(&taken.names, c->name, c->errs);
}

static void check_listen(struct check *c)
{
    struct once list = {.what = "address"};
    const struct conf_list *listen = &c->conf->listen;
    char text[ADDR_TEXT];
    if (listen->n == 0)
        SAY(c, c->conf->at.listen, "listen: needs at least one address and port");
    if (listen->n > DNSD_MAX_LISTEN)
        SAY(c, c->conf->at.listen, "listen: has %zu addresses; %d at most", listen->n,
            DNSD_MAX_LISTEN);
    for (size_t i = 0; i < listen->n; i++) {
        const char *at = addr_text((const struct addr *)listen->items + i, text);
        once_add(&list, c->arena,
                 (struct once_entry){arena_text(c->arena, span_of(at)), listen->at[i],
                                     arena_printf(c->arena, "listen[%zu]", i), NULL});
    }
    once_check(&list, c->name, c->errs);
}

/* Never repeats a secret, not even a wrong one. */
static void check_cookies(struct check *c)
{
    const struct conf_list *list = &c->conf->cookies;
    uint8_t key[SIPHASH_KEY];
    if (list->n > COOKIE_SECRETS)
        SAY(c, c->conf->at.cookies,
            "cookie_secret: has %zu secrets; %d at most: the one in use and the one before it",
            list->n, COOKIE_SECRETS);
    for (size_t i = 0; i < list->n; i++) {
        struct span text = span_of(((const char *const *)list->items)[i]);
        if (!hex_decode(text, key, sizeof key))
            SAY(c, list->at[i],
                "cookie_secret[%zu]: expected %d hexadecimal digits, found %zu characters%s; "
                "`openssl rand -hex %d` makes a secret",
                i, 2 * SIPHASH_KEY, text.len,
                text.len == sizeof key * 2 ? ", not all of them hexadecimal digits" : "",
                SIPHASH_KEY);
    }
}

bool dnsd_conf_check(const char *name, struct dnsd_conf *conf, struct arena *arena,
                     struct errs *errs)
{
    struct check c = {name, conf, arena, errs};
    size_t before = errs->n;
    check_listen(&c);
    check_cookies(&c);
    check_zones(&c);
    check_pools(&c);
    conf_errs_sort(errs);
    return errs->n == before;
}
