/* zone_parts.h - the inside of `struct zones`, for the files of this room that build and search it.
 * All of it but the tables lives in the arena of the zones. */
#ifndef DNSD_DATA_ZONE_PARTS_H
#define DNSD_DATA_ZONE_PARTS_H

#include "dnsd/data/name_table.h"
#include "dnsd/data/zone.h"
#include "dnsd/wire/rrtype.h"

static inline bool zone_type_is_svcb(uint16_t type)
{
    return type == TYPE_SVCB || type == TYPE_HTTPS;
}

/* While a zone is built an RRset is a list; zones_finish lays it out as bytes. */
struct record {
    struct record *next;
    struct span rdata; /* uncompressed */
    uint32_t ttl_s;    /* its own; the set has the smallest */
    int line;          /* in the file of the zone; 0: from the configuration */
};

struct draft {
    struct rrset set; /* first: a draft is the rrset that readers see */
    struct record *first;
    struct record **end; /* where the next one is hung */
};

struct entry {
    struct zone_node node;        /* first: an entry is the node that readers see */
    struct entry *next;           /* of the zone, in the order of the file */
    struct entry *parent;         /* one label less; NULL at the apex */
    const struct entry *cut;      /* the delegation that hides or is this name, or NULL */
    const struct entry *wildcard; /* the child `*`, or NULL */
    int line;                     /* of the record that made it; 0: the configuration did */
    uint16_t n_types;             /* RRsets of the node */
    bool glue;                    /* some referral carries its addresses */
};

struct zone {
    struct zone *next;
    struct entry *apex; /* the first of all entries */
    struct entry *last;
    struct name_table *names; /* of struct entry: every name and every empty non-terminal */
    const char *file;         /* "" if it has none */
    size_t max_items;
    size_t items;  /* names and records so far */
    bool overfull; /* a record was refused because of max_items */
};

struct zones {
    unsigned refs;
    struct arena *arena;
    struct zone *list;
    struct name_table *apexes; /* of struct zone */
};

/** The zone with the longest apex at or above `name`, or NULL. */
struct zone *zones_above(const struct zones *z, const struct suffixes *s);

/** The entry of a name at or below the apex, made with its empty non-terminals if it is new;
 * `line` as in struct entry. */
struct entry *zone_entry(struct zones *z, struct zone *zone, const uint8_t *name, size_t len,
                         int line);

struct new_record {
    const uint8_t *owner;
    size_t owner_len;
    uint16_t type;
    uint32_t ttl_s;
    int line;          /* 0: from the configuration */
    struct span rdata; /* uncompressed */
};

/** Adds one record; a second copy of it is ignored.
 *  @return false with the sentence but no place in `err` if it cannot stand in this zone */
NODISCARD bool zone_add_record(struct zones *z, struct zone *zone, const struct new_record *r,
                               struct err *err);

/** The type and data of a node while it is built, or NULL. */
struct draft *entry_draft(const struct entry *e, uint16_t type);

#endif
