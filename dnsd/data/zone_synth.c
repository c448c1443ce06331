/* zone_synth.c - one zone from what the configuration says: the file first, then the SOA, the name
 * servers and their addresses that the file leaves out. */
#include "dnsd/data/zone_load.h"
#include "dnsd/wire/cursor.h"

/* SOA timers for secondaries, in seconds: what RIPE-203 and zone checkers recommend. */
enum { SOA_REFRESH_S = 14400, SOA_RETRY_S = 3600, SOA_EXPIRE_S = 1209600 };

/* The name of a server: relative to the apex unless it ends with a dot. */
static bool server_name(const struct zone *zone, const char *text, struct name *out,
                        struct err *err)
{
    const struct zone_node *apex = &zone->apex->node;
    size_t len = strlen(text);
    if (!name_from_text(span_of(text), out))
        return err_set(err, "\"%s\" is not the name of a name server", text);
    if (text[len - 1] == '.')
        return true;
    if (out->len - 1u + apex->name_len > NAME_WIRE)
        return err_set(err, "the name server \"%s\" makes a name of more than 255 bytes", text);
    memcpy(out->wire + out->len - 1, apex->name, apex->name_len);
    out->len = (uint8_t)(out->len - 1u + apex->name_len);
    return true;
}

static bool add_soa(struct zones *z, struct zone *zone, const struct zone_spec *spec,
                    struct err *err)
{
    const struct zone_node *apex = &zone->apex->node;
    struct name server, contact;
    if (spec->n_servers == 0)
        return err_set(err, "the zone %s has no SOA: give `ns:`, or a SOA record in its file",
                       spec->apex);
    if (!server_name(zone, spec->servers[0].name, &server, err))
        return false;
    if (!spec->contact || !name_from_text(span_of(spec->contact), &contact))
        return err_set(err,
                       "\"%s\" is no contact: write hostmaster.example.com for "
                       "hostmaster@example.com",
                       spec->contact ? spec->contact : "");
    uint8_t rdata[2 * NAME_WIRE + 20];
    memcpy(rdata, server.wire, server.len);
    memcpy(rdata + server.len, contact.wire, contact.len);
    uint8_t *p = put_u32(rdata + server.len + contact.len, spec->serial);
    p = put_u32(p, SOA_REFRESH_S);
    p = put_u32(p, SOA_RETRY_S);
    p = put_u32(p, SOA_EXPIRE_S);
    p = put_u32(p, spec->ttl_s);
    struct new_record r = {apex->name, apex->name_len,
                           TYPE_SOA,   spec->ttl_s,
                           0,          span_bytes(rdata, (size_t)(p - rdata))};
    return zone_add_record(z, zone, &r, err);
}

/* The addresses of a server inside the zone, but for a family that the file already gives. */
static bool add_glue(struct zones *z, struct zone *zone, const struct zone_spec *spec,
                     const struct zone_server *server, const struct name *name, struct err *err)
{
    const struct entry *e = zone_entry(z, zone, name->wire, name->len, 0);
    bool has_v4 = entry_draft(e, TYPE_A), has_v6 = entry_draft(e, TYPE_AAAA);
    if (!server->n_addrs && !has_v4 && !has_v6)
        return err_set(err, "the name server %s is inside the zone %s and needs an address",
                       server->name, spec->apex);
    for (size_t i = 0; i < server->n_addrs; i++) {
        const struct addr *a = &server->addrs[i];
        bool v4 = a->family == AF_INET;
        struct new_record r = {name->wire,  name->len, v4 ? TYPE_A : TYPE_AAAA,
                               spec->ttl_s, 0,         span_bytes(a->ip, addr_ip_len(a))};
        if (!(v4 ? has_v4 : has_v6) && !zone_add_record(z, zone, &r, err))
            return false;
    }
    return true;
}

static bool add_server(struct zones *z, struct zone *zone, const struct zone_spec *spec,
                       const struct zone_server *server, struct err *err)
{
    const struct zone_node *apex = &zone->apex->node;
    struct name name;
    if (!server_name(zone, server->name, &name, err))
        return false;
    struct new_record r = {
        apex->name, apex->name_len, TYPE_NS, spec->ttl_s, 0, span_bytes(name.wire, name.len)};
    if (!zone_add_record(z, zone, &r, err))
        return false;
    if (name_suffix(name.wire, name.len, apex->name, apex->name_len) >= 0)
        return add_glue(z, zone, spec, server, &name, err);
    if (server->n_addrs)
        return err_set(err, "the name server %s is outside the zone %s: give it no address here",
                       server->name, spec->apex);
    return true;
}

static bool add_servers(struct zones *z, struct zone *zone, const struct zone_spec *spec,
                        struct err *err)
{
    if (spec->n_servers == 0)
        return err_set(err, "the zone %s has no name server: give `ns:`, or NS records in its file",
                       spec->apex);
    for (size_t i = 0; i < spec->n_servers; i++)
        if (!add_server(z, zone, spec, &spec->servers[i], err))
            return false;
    return true;
}

static struct zone *zone_new(struct zones *z, const struct name *apex, const struct zone_spec *spec)
{
    struct zone *zone = ARENA_NEW(z->arena, struct zone);
    zone->names = name_table_new();
    zone->file = arena_text(z->arena, span_of(spec->file ? spec->file : ""));
    zone->max_items = spec->max_items ? spec->max_items : ZONE_MAX_ITEMS;
    zone->apex = zone_entry(z, zone, apex->wire, apex->len, 0);
    zone->next = z->list;
    z->list = zone;
    name_table_add(z->apexes, zone->apex->node.name, apex->len, zone);
    return zone;
}

static bool add_missing(struct zones *z, struct zone *zone, const struct zone_spec *spec,
                        struct err *err)
{
    if (!entry_draft(zone->apex, TYPE_SOA) && !add_soa(z, zone, spec, err))
        return false;
    return entry_draft(zone->apex, TYPE_NS) || add_servers(z, zone, spec, err);
}

bool zones_add(struct zones *z, const struct zone_spec *spec, struct errs *errs)
{
    struct name apex;
    struct err err;
    if (!name_from_text(span_of(spec->apex), &apex))
        return err_set(errs_add(errs), "\"%s\" is not a domain name", spec->apex);
    if (name_table_get(z->apexes, apex.wire, apex.len))
        return err_set(errs_add(errs), "the zone %s is there already", spec->apex);
    struct zone *zone = zone_new(z, &apex, spec);
    if ((spec->file || spec->from) && !zone_load(z, zone, spec, errs))
        return false;
    if (add_missing(z, zone, spec, &err))
        return true;
    *errs_add(errs) = err;
    return false;
}
