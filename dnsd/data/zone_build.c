/* zone_build.c - names and records go in; every rule about what may stand beside what is here. */
#include <stdio.h>

#include "dnsd/data/zone_parts.h"
#include "dnsd/data/zone_svcb.h"
#include "dnsd/wire/record.h"

/* An RRset must fit one message over TCP with its question and OPT. */
enum { RRSET_MAX_LEN = 60000 };

struct entry *zone_entry(struct zones *z, struct zone *zone, const uint8_t *name, size_t len,
                         int line)
{
    struct entry *e = name_table_get(zone->names, name, len);
    if (e)
        return e;
    e = ARENA_NEW(z->arena, struct entry);
    e->node.name = arena_copy(z->arena, name, len);
    e->node.name_len = (uint8_t)len;
    e->node.service = NO_SERVICE;
    e->line = line;
    zone->items++;
    if (zone->last)
        zone->last->next = e;
    zone->last = e;
    name_table_add(zone->names, e->node.name, len, e);
    if (zone->apex) /* the first entry is the apex itself */
        e->parent = zone_entry(z, zone, e->node.name + 1 + name[0], len - 1 - name[0], line);
    return e;
}

struct draft *entry_draft(const struct entry *e, uint16_t type)
{
    for (const struct rrset *set = e->node.rrsets; set; set = set->next)
        if (set->type == type)
            return (struct draft *)(uintptr_t)set;
    return NULL;
}

static bool is_signature(uint16_t type)
{
    return type == TYPE_RRSIG || type == TYPE_NSEC;
}

/* RFC 1034 3.6.2: a CNAME stands alone, but for DNSSEC's own records (RFC 4035 2.5). */
static bool cname_clash(const struct entry *e, uint16_t type)
{
    if (is_signature(type))
        return false;
    for (const struct rrset *set = e->node.rrsets; set; set = set->next)
        if (!is_signature(set->type) && (set->type == TYPE_CNAME || type == TYPE_CNAME))
            return true;
    return false;
}

static bool type_allowed(const struct zone *zone, const struct new_record *r, const char *owner,
                         struct err *err)
{
    char type[RRTYPE_TEXT];
    if (rrtype_use(r->type) != USE_DATA || r->type == 0)
        return err_set(err, "%s records cannot stand in a zone", rrtype_to_text(r->type, type));
    if (r->type == TYPE_DNAME)
        return err_set(err, "%s: DNAME is not supported: use CNAME records", owner);
    if (r->type == TYPE_NS && name_is_wildcard(r->owner))
        return err_set(err, "%s: a wildcard cannot be delegated (RFC 4592 4.2)", owner);
    bool apex = r->owner_len == zone->apex->node.name_len;
    if (r->type == TYPE_SOA && !apex)
        return err_set(err, "%s: SOA belongs at the top of the zone only", owner);
    if (r->type == TYPE_SOA && entry_draft(zone->apex, TYPE_SOA))
        return err_set(err, "%s: the zone already has a SOA record", owner);
    if (r->type == TYPE_CNAME && apex)
        return err_set(err, "%s: the top of a zone cannot be a CNAME", owner);
    return true;
}

/* True if a name begins at `at` and fills the rest. */
static bool ends_with_name(struct span rdata, size_t at)
{
    return rdata.len > at &&
           name_check((const uint8_t *)rdata.p + at, rdata.len - at) == rdata.len - at;
}

/* The types whose names we follow must hold them whole; a file may give any bytes for them (RFC
 * 3597 5). */
static bool rdata_sound(const struct new_record *r)
{
    const uint8_t *p = (const uint8_t *)r->rdata.p;
    size_t first = name_check(p, r->rdata.len);
    switch (r->type) {
    case TYPE_NS:
    case TYPE_CNAME:
        return ends_with_name(r->rdata, 0);
    case TYPE_MX:
        return ends_with_name(r->rdata, 2);
    case TYPE_SRV:
        return ends_with_name(r->rdata, 6);
    case TYPE_SOA: {
        size_t second = first ? name_check(p + first, r->rdata.len - first) : 0;
        return second && r->rdata.len == first + second + 20;
    }
    default:
        return true;
    }
}

static struct draft *draft_new(struct zones *z, struct entry *e, const struct new_record *r)
{
    struct draft *d = ARENA_NEW(z->arena, struct draft);
    d->set = (struct rrset){.next = e->node.rrsets, .type = r->type, .ttl_s = r->ttl_s};
    d->end = &d->first;
    e->node.rrsets = &d->set;
    e->n_types++;
    return d;
}

static bool draft_has(const struct draft *d, struct span rdata)
{
    for (const struct record *r = d->first; r; r = r->next)
        if (span_equal(r->rdata, rdata))
            return true;
    return false;
}

/* Records of one RRset share one TTL (RFC 2181 5.2): the smallest. */
static void draft_add(struct zones *z, struct draft *d, const struct new_record *r)
{
    struct record *rec = ARENA_NEW(z->arena, struct record);
    rec->rdata = span_bytes(arena_copy(z->arena, r->rdata.p, r->rdata.len), r->rdata.len);
    rec->ttl_s = r->ttl_s;
    rec->line = r->line;
    *d->end = rec;
    d->end = &rec->next;
    d->set.count++;
    d->set.len += RECORD_HEAD + r->rdata.len;
    if (r->ttl_s < d->set.ttl_s)
        d->set.ttl_s = r->ttl_s;
}

static bool has_room(struct zone *zone, struct err *err)
{
    zone->overfull = zone->items >= zone->max_items;
    return !zone->overfull ||
           err_set(err, "the zone has more than %zu names and records, the most that it may have",
                   zone->max_items);
}

bool zone_add_record(struct zones *z, struct zone *zone, const struct new_record *r,
                     struct err *err)
{
    char owner[NAME_TEXT], apex[NAME_TEXT], type[RRTYPE_TEXT];
    const struct zone_node *top = &zone->apex->node;
    name_to_text(r->owner, owner);
    if (name_suffix(r->owner, r->owner_len, top->name, top->name_len) < 0)
        return err_set(err, "%s is outside the zone %s", owner, name_to_text(top->name, apex));
    if (!type_allowed(zone, r, owner, err) || !has_room(zone, err))
        return false;
    if (!rdata_sound(r))
        return err_set(err, "%s: the data of this %s record is malformed", owner,
                       rrtype_to_text(r->type, type));
    const char *wrong = zone_type_is_svcb(r->type) ? zone_svcb_wrong(r->rdata) : NULL;
    if (wrong)
        return err_set(err, "%s %s: %s", owner, rrtype_to_text(r->type, type), wrong);
    struct entry *e = zone_entry(z, zone, r->owner, r->owner_len, r->line);
    struct draft *d = entry_draft(e, r->type);
    if (d && draft_has(d, r->rdata))
        return true;
    if (d && r->type == TYPE_CNAME)
        return err_set(err, "%s has a CNAME record and can have only one (RFC 1034 3.6.2)", owner);
    if (cname_clash(e, r->type))
        return err_set(err, "%s has a CNAME record and can have nothing else (RFC 1034 3.6.2)",
                       owner);
    if (!d && e->n_types == ZONE_MAX_TYPES)
        return err_set(err, "%s has records of more than %d types", owner, ZONE_MAX_TYPES);
    if (!d)
        d = draft_new(z, e, r);
    if (d->set.len + RECORD_HEAD + r->rdata.len > RRSET_MAX_LEN)
        return err_set(err, "%s: the %s records do not fit one DNS message", owner,
                       rrtype_to_text(r->type, type));
    draft_add(z, d, r);
    zone->items++;
    return true;
}

static bool is_delegated(const struct entry *e)
{
    for (; e->parent; e = e->parent)
        if (entry_draft(e, TYPE_NS))
            return true;
    return false;
}

bool zones_bind(struct zones *z, const char *text, int32_t service, struct err *err)
{
    static const uint16_t taken[] = {TYPE_A, TYPE_AAAA, TYPE_CNAME};
    char type[RRTYPE_TEXT];
    struct name name;
    if (!name_from_text(span_of(text), &name))
        return err_set(err, "\"%s\" is not a domain name", text);
    struct suffixes s;
    suffixes_of(name.wire, name.len, &s);
    struct zone *zone = zones_above(z, &s);
    if (!zone)
        return err_set(err, "no zone holds %s: add its zone, or correct the name", text);
    struct entry *e = zone_entry(z, zone, name.wire, name.len, 0);
    if (is_delegated(e))
        return err_set(err, "%s is delegated to other name servers by NS records", text);
    if (e->node.service != NO_SERVICE && e->node.service != service)
        return err_set(err, "%s already belongs to another service", text);
    for (size_t i = 0; i < COUNT(taken); i++) {
        const struct draft *d = entry_draft(e, taken[i]);
        if (d)
            return err_at(err, d->first->line ? zone->file : NULL, d->first->line, 0,
                          "%s has %s records of its own: remove them, or the name of the pool",
                          text, rrtype_to_text(taken[i], type));
    }
    e->node.service = service;
    return true;
}
