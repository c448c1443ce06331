/* The only user of ldns; never on the query path. Its header makes a bool of its own unless
 * <stdbool.h> was there before it, so our header comes first. */
#include "dnsd/data/zone_load.h"

#include <errno.h>
#include <ldns/ldns.h>
#include <stdio.h>

struct load {
    struct zones *zones;
    struct zone *zone;
    const char *file;
    FILE *from;
    int line;
    uint32_t ttl_s;
    ldns_rdf *origin, *owner; /* ldns keeps $ORIGIN and the last owner here */
    ldns_buffer *rdata;
    struct err *err;
};

/* Puts the place into the error that was filled without one. @return false */
static bool at_line(const struct load *l)
{
    struct err e = *l->err;
    return err_at(l->err, l->file, l->line, 0, "%s", e.text);
}

static bool add_record(struct load *l, const ldns_rr *rr)
{
    const ldns_rdf *owner = ldns_rr_owner(rr);
    struct name name = {.len = (uint8_t)ldns_rdf_size(owner)};
    name_lower(name.wire, ldns_rdf_data(owner), name.len);
    if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN)
        return err_set(l->err, "only class IN can be served") || at_line(l);
    if (ldns_rr_ttl(rr) > INT32_MAX)
        return err_set(l->err, "the TTL is above 2147483647 (RFC 2181 8)") || at_line(l);
    ldns_buffer_clear(l->rdata);
    if (ldns_rr_rdata2buffer_wire(l->rdata, rr) != LDNS_STATUS_OK)
        return err_set(l->err, "the data is too long for a record") || at_line(l);
    struct new_record r = {name.wire, name.len, (uint16_t)ldns_rr_get_type(rr), ldns_rr_ttl(rr),
                           span_bytes(ldns_buffer_begin(l->rdata), ldns_buffer_position(l->rdata))};
    return zone_add_record(l->zones, l->zone, &r, l->err) || at_line(l);
}

/* Reads one entry of the file. */
static bool read_entry(struct load *l)
{
    ldns_rr *rr = NULL;
    ldns_status status =
        ldns_rr_new_frm_fp_l(&rr, l->from, &l->ttl_s, &l->origin, &l->owner, &l->line);
    switch (status) {
    case LDNS_STATUS_OK: {
        bool good = add_record(l, rr);
        ldns_rr_free(rr);
        return good;
    }
    case LDNS_STATUS_SYNTAX_EMPTY:
    case LDNS_STATUS_SYNTAX_TTL:
    case LDNS_STATUS_SYNTAX_ORIGIN:
        return true;
    case LDNS_STATUS_SYNTAX_INCLUDE:
        return err_at(l->err, l->file, l->line, 0, "$INCLUDE is not supported: use one file");
    default:
        return err_at(l->err, l->file, l->line, 0, "%s", ldns_get_errorstr_by_id(status));
    }
}

static bool read_all(struct load *l)
{
    while (!feof(l->from)) {
        if (ferror(l->from))
            return err_at(l->err, l->file, l->line, 0, "cannot read: %s", strerror(errno));
        if (!read_entry(l))
            return false;
    }
    return true;
}

bool zone_load(struct zones *z, struct zone *zone, const char *file, uint32_t ttl_s,
               struct err *err)
{
    const struct zone_node *apex = &zone->apex->node;
    struct load l = {.zones = z, .zone = zone, .file = file, .ttl_s = ttl_s, .err = err};
    l.from = fopen(file, "re");
    if (!l.from)
        return err_at(err, file, 0, 0, "cannot open the zone file: %s", strerror(errno));
    l.origin = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, apex->name_len, apex->name);
    l.rdata = ldns_buffer_new(LDNS_MIN_BUFLEN);
    bool good = l.origin && l.rdata ? read_all(&l) : err_set(err, "out of memory");
    ldns_buffer_free(l.rdata);
    ldns_rdf_deep_free(l.origin);
    ldns_rdf_deep_free(l.owner);
    fclose(l.from);
    return good;
}
