/* zone_finish.c - freezes the zones: RRsets become bytes ready to copy, and what a lookup would
 * have to search for is written beside each name. */
#include "dnsd/data/zone_parts.h"
#include "dnsd/wire/record.h"

static void lay_out(struct zones *z, struct draft *d)
{
    uint8_t *p = arena_alloc(z->arena, d->set.len);
    d->set.records = p;
    for (const struct record *r = d->first; r; r = r->next) {
        p = record_head(p, d->set.type, CLASS_IN, d->set.ttl_s, r->rdata.len);
        if (r->rdata.len)
            memcpy(p, r->rdata.p, r->rdata.len);
        p += r->rdata.len;
    }
}

/* RFC 2308 3 and 5: negative answers carry the SOA with the smaller of its TTL and its MINIMUM. */
static void make_negative(struct zones *z, struct entry *apex)
{
    const struct rrset *soa = node_rrset(&apex->node, TYPE_SOA);
    struct rrset *copy = arena_copy(z->arena, soa, sizeof *soa);
    uint8_t *records = arena_copy(z->arena, soa->records, soa->len);
    uint32_t minimum_s = get_u32(records + soa->len - 4);
    copy->next = NULL;
    copy->ttl_s = minimum_s < soa->ttl_s ? minimum_s : soa->ttl_s;
    copy->records = records;
    put_u32(records + RECORD_TTL_AT, copy->ttl_s);
    apex->node.negative = copy;
}

/* The highest NS below the apex, at or above `e`: everything from there down is not ours. */
static const struct entry *cut_above(const struct entry *e)
{
    const struct entry *cut = NULL;
    for (; e->parent; e = e->parent)
        if (node_rrset(&e->node, TYPE_NS))
            cut = e;
    return cut;
}

static void link_entry(struct entry *e)
{
    e->cut = cut_above(e);
    e->node.delegation = e->cut == e;
    if (e->parent && name_is_wildcard(e->node.name))
        e->parent->wildcard = e;
}

/* Puts the name servers of a cut that our zone has addresses for in front of its glue: those inside
 * the cut if `required`, else the others. */
static void add_glue(struct zones *z, const struct zone *zone, struct entry *cut, bool required)
{
    const struct draft *ns = entry_draft(cut, TYPE_NS);
    for (const struct record *r = ns->first; r; r = r->next) {
        struct name target = {.len = (uint8_t)r->rdata.len};
        name_lower(target.wire, (const uint8_t *)r->rdata.p, r->rdata.len);
        struct entry *e = name_table_get(zone->names, target.wire, target.len);
        if (!e || !(node_rrset(&e->node, TYPE_A) || node_rrset(&e->node, TYPE_AAAA)))
            continue;
        bool inside = name_suffix(target.wire, target.len, cut->node.name, cut->node.name_len) >= 0;
        if (inside != required)
            continue;
        struct zone_glue *glue = ARENA_NEW(z->arena, struct zone_glue);
        *glue = (struct zone_glue){cut->node.glue, &e->node, required};
        cut->node.glue = glue;
        e->glue = true;
    }
}

static void finish_zone(struct zones *z, const struct zone *zone)
{
    for (struct entry *e = zone->apex; e; e = e->next) {
        link_entry(e);
        for (const struct rrset *set = e->node.rrsets; set; set = set->next)
            lay_out(z, entry_draft(e, set->type));
    }
    for (struct entry *e = zone->apex; e; e = e->next) {
        if (!e->node.delegation)
            continue;
        add_glue(z, zone, e, false);
        add_glue(z, zone, e, true);
    }
    make_negative(z, zone->apex);
}

void zones_finish(struct zones *z)
{
    for (struct zone *zone = z->list; zone; zone = zone->next)
        finish_zone(z, zone);
}
