#include "dnsd/data/zone.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/data/zone_parts.h"

struct zones *zones_new(void)
{
    struct zones *z = NEW(struct zones);
    z->refs = 1;
    z->arena = arena_new();
    z->apexes = name_table_new();
    return z;
}

void zones_hold(struct zones *z)
{
    z->refs++;
}

void zones_release(struct zones *z)
{
    if (!z || --z->refs > 0)
        return;
    for (struct zone *zone = z->list; zone; zone = zone->next)
        name_table_free(zone->names);
    name_table_free(z->apexes);
    arena_free(z->arena);
    free(z);
}

struct zone *zones_above(const struct zones *z, const struct suffixes *s)
{
    struct zone *zone = NULL;
    for (size_t i = 0; i < s->n && !zone; i++)
        zone = name_table_find(z->apexes, s, i);
    return zone;
}

struct lookup zones_find(const struct zones *z, const uint8_t *name, size_t len)
{
    struct suffixes s;
    suffixes_of(name, len, &s);
    const struct zone *zone = zones_above(z, &s);
    if (!zone)
        return (struct lookup){.kind = LOOKUP_REFUSED};

    /* The closest encloser: the apex is in the table, so this ends. */
    size_t stripped = 0;
    const struct entry *found;
    while (!(found = name_table_find(zone->names, &s, stripped)))
        stripped++;

    struct lookup l = {.apex = &zone->apex->node};
    if (found->cut) {
        l.kind = LOOKUP_DELEGATION;
        l.node = &found->cut->node;
    } else if (stripped == 0) {
        l.kind = LOOKUP_NODE;
        l.node = &found->node;
    } else if (found->wildcard) {
        l.kind = LOOKUP_NODE;
        l.node = &found->wildcard->node;
        l.wildcard = true;
    } else {
        l.kind = LOOKUP_NXDOMAIN;
    }
    return l;
}

const struct rrset *node_rrset(const struct zone_node *node, uint16_t type)
{
    const struct rrset *set = node->rrsets;
    while (set && set->type != type)
        set = set->next;
    return set;
}
