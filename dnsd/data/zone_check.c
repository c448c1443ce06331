/* zone_check.c - what is allowed in a zone and still wrong, or not what its author thinks. One rule
 * a function, looked at for every name; all of them read only. */
#include <stdarg.h>
#include <stdlib.h>

#include "dnsd/data/zone_parts.h"
#include "dnsd/data/zone_svcb.h"

struct check {
    const struct zones *zones;
    const struct zone *zone;
    struct errs *errors, *warnings;
    size_t room[2]; /* what may still be said: of warnings, of errors */
};

enum severity { WARNING, ERROR };

/* Adds a sentence that begins with the name of `e`. */
static void PRINTF_LIKE(5, 6) say(struct check *c, enum severity severity, const struct entry *e,
                                  int line, const char *fmt, ...)
{
    char owner[NAME_TEXT], text[ERR_TEXT];
    if (c->room[severity] == 0)
        return;
    bool last = --c->room[severity] == 0;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    err_at(errs_add(severity == ERROR ? c->errors : c->warnings), line ? c->zone->file : NULL, line,
           0, "%s%s: %s%s", severity == ERROR ? "" : "warning: ", name_to_text(e->node.name, owner),
           text, last ? " (more are not shown)" : "");
}

static bool has_address(const struct entry *e)
{
    return e && (entry_draft(e, TYPE_A) || entry_draft(e, TYPE_AAAA));
}

/* --- the rules --- */

/* RFC 2181 5.2. Signatures follow the TTLs of what they sign (RFC 4034 3). */
static void differing_ttls(struct check *c, const struct entry *e)
{
    char type[RRTYPE_TEXT];
    for (const struct rrset *set = e->node.rrsets; set; set = set->next) {
        const struct record *first = entry_draft(e, set->type)->first, *r = first;
        while (r && r->ttl_s == first->ttl_s)
            r = r->next;
        if (r && set->type != TYPE_RRSIG)
            say(c, WARNING, e, r->line,
                "the TTLs of the %s records differ: all get the smallest, %u s (RFC 2181 5.2)",
                rrtype_to_text(set->type, type), set->ttl_s);
    }
}

/* What is wrong with a name of our own zone that others are sent to, or NULL. */
static const char *wrong_target(const struct lookup *l)
{
    if (l->kind == LOOKUP_NXDOMAIN)
        return "does not exist";
    if (l->kind != LOOKUP_NODE)
        return NULL; /* its addresses are kept by others */
    if (node_rrset(l->node, TYPE_CNAME))
        return "is a CNAME (RFC 2181 10.3)";
    bool known = l->node->service != NO_SERVICE || node_rrset(l->node, TYPE_A) ||
                 node_rrset(l->node, TYPE_AAAA);
    return known ? NULL : "has no address";
}

static void check_target(struct check *c, const struct entry *e, uint16_t type,
                         const struct record *r, const struct name *target)
{
    char to[NAME_TEXT], word[RRTYPE_TEXT];
    struct lookup l = zones_find(c->zones, target->wire, target->len);
    if (l.apex != &c->zone->apex->node)
        return;
    name_to_text(target->wire, to);
    if (l.kind == LOOKUP_DELEGATION && type == TYPE_NS && l.node == &e->node &&
        !has_address(name_table_get(c->zone->names, target->wire, target->len)))
        say(c, ERROR, e, r->line,
            "the name server %s lies below this delegation and needs an A or AAAA record here (RFC "
            "9471)",
            to);
    const char *wrong = wrong_target(&l);
    if (wrong)
        say(c, WARNING, e, r->line, "%s leads to %s, which %s", rrtype_to_text(type, word), to,
            wrong);
}

/* Where the name is in the data of the types that lead to a host. */
static void bad_targets(struct check *c, const struct entry *e)
{
    static const struct {
        uint16_t type, at;
    } leads[] = {{TYPE_NS, 0}, {TYPE_MX, 2}, {TYPE_SRV, 6}};
    for (size_t i = 0; i < COUNT(leads); i++) {
        const struct draft *d = entry_draft(e, leads[i].type);
        for (const struct record *r = d ? d->first : NULL; r; r = r->next) {
            const uint8_t *name = (const uint8_t *)r->rdata.p + leads[i].at;
            struct name target = {.len = (uint8_t)(r->rdata.len - leads[i].at)};
            name_lower(target.wire, name, target.len);
            if (target.len > 1) /* "." is no host (RFC 2782, RFC 7505) */
                check_target(c, e, leads[i].type, r, &target);
        }
    }
}

static void check_hints(struct check *c, const struct entry *e, uint16_t type,
                        const struct record *r)
{
    char word[RRTYPE_TEXT];
    struct span name = zone_svcb_target(r->rdata);
    struct name target = {.len = (uint8_t)name.len};
    name_lower(target.wire, (const uint8_t *)name.p, name.len);
    struct lookup l = zones_find(c->zones, target.wire, target.len);
    const struct zone_node *node = target.len == 1 ? &e->node : l.node; /* "." is the owner */
    bool hints = zone_svcb_has(r->rdata, SVCB_IPV4HINT) || zone_svcb_has(r->rdata, SVCB_IPV6HINT);
    if (hints && node && node->service != NO_SERVICE)
        say(c, WARNING, e, r->line,
            "%s hints at addresses of a pool and knows nothing of its changes: remove ipv4hint and "
            "ipv6hint",
            rrtype_to_text(type, word));
}

/* Clients may use a hint before they ask (RFC 9460 7.3): nodes that died stay in it. */
static void stale_hints(struct check *c, const struct entry *e)
{
    for (const struct rrset *set = e->node.rrsets; set; set = set->next) {
        const struct record *r =
            zone_type_is_svcb(set->type) ? entry_draft(e, set->type)->first : NULL;
        for (; r; r = r->next)
            check_hints(c, e, set->type, r);
    }
}

/* True if records of the type are looked at though the name is delegated. */
static bool survives_cut(const struct entry *e, uint16_t type)
{
    switch (type) {
    case TYPE_A:
    case TYPE_AAAA:
        return e->glue;
    case TYPE_NS:
    case TYPE_DS:
    case TYPE_RRSIG:
    case TYPE_NSEC:
        return e->cut == e;
    default:
        return false;
    }
}

/* RFC 1034 4.2.1: below a cut only glue is of use. */
static void hidden_by_cut(struct check *c, const struct entry *e)
{
    char type[RRTYPE_TEXT], cut[NAME_TEXT];
    for (const struct rrset *set = e->cut ? e->node.rrsets : NULL; set; set = set->next)
        if (!survives_cut(e, set->type))
            say(c, WARNING, e, entry_draft(e, set->type)->first->line,
                "%s is never answered: %s is delegated by its NS records",
                rrtype_to_text(set->type, type), name_to_text(e->cut->node.name, cut));
}

/* RFC 4592 2.2.1: a name that exists is not covered by the wildcard beside it. Names of hosts are
 * meant to be exceptions; those without an address are surprises. */
static void hidden_from_pool(struct check *c, const struct entry *e)
{
    const struct entry *wildcard = e->parent ? e->parent->wildcard : NULL;
    if (!wildcard || wildcard == e || wildcard->node.service == NO_SERVICE)
        return;
    if (e->node.name[1] == '_' || e->cut || e->node.service != NO_SERVICE)
        return;
    if (!has_address(e) && !entry_draft(e, TYPE_CNAME))
        say(c, WARNING, e, e->line,
            "%s, so the wildcard of a pool beside it does not answer for it",
            e->node.rrsets ? "it has records, but no address"
                           : "it exists because of names below it");
}

/* --- all of them --- */

static void check_entry(struct check *c, const struct entry *e)
{
    static void (*const rules[])(struct check *, const struct entry *) = {
        differing_ttls, bad_targets, stale_hints, hidden_from_pool};
    hidden_by_cut(c, e);
    for (size_t i = 0; i < COUNT(rules); i++)
        if (!e->cut || e->cut == e)
            rules[i](c, e);
}

static int by_line(const void *a, const void *b)
{
    const struct err *left = a, *right = b;
    return (left->line > right->line) - (left->line < right->line);
}

static void sort_from(struct errs *list, size_t first)
{
    if (list->n > first)
        qsort(list->items + first, list->n - first, sizeof *list->items, by_line);
}

static void check_zone(const struct zones *z, const struct zone *zone, struct errs *errors,
                       struct errs *warnings)
{
    size_t first_error = errors->n, first_warning = warnings->n;
    struct check c = {z, zone, errors, warnings, {ZONE_MAX_ERRORS, ZONE_MAX_ERRORS}};
    for (const struct entry *e = zone->apex; e; e = e->next)
        check_entry(&c, e);
    sort_from(errors, first_error);
    sort_from(warnings, first_warning);
}

bool zones_check(const struct zones *z, struct errs *errors, struct errs *warnings)
{
    size_t before = errors->n;
    for (const struct zone *zone = z->list; zone; zone = zone->next)
        check_zone(z, zone, errors, warnings);
    return errors->n == before;
}
