#include "dnsd/data/zone_load.h"

#include <errno.h>
#include <stdio.h>

#include "dnsd/data/zone_line.h"
#include "dnsd/data/zone_rdata.h"
#include "dnsd/data/zone_text.h"

struct load {
    struct zones *zones;
    struct zone *zone;
    struct zone_text text;
    struct zone_line_state state;
    struct zone_rdata *rdata;
};

static bool take_record(struct load *l, const struct zone_line *line, struct err *err)
{
    uint16_t type;
    struct span rdata;
    if (!zone_rdata_type(line->type, &type))
        return err_set(err, "\"%.*s\" is not a record type", (int)span_first(line->type, 60).len,
                       line->type.p);
    if (!zone_rdata_read(l->rdata, type, line->rdata, &l->state.origin, &rdata, err))
        return false;
    struct new_record r = {line->owner.wire, line->owner.len,    type,
                           line->ttl_s,      l->text.entry_line, rdata};
    return zone_add_record(l->zones, l->zone, &r, err);
}

static bool take_entry(struct load *l, struct err *err)
{
    struct zone_line line;
    if (!zone_line_read(buf_span(&l->text.entry), &l->state, &line, err))
        return false;
    return !line.record || take_record(l, &line, err);
}

/* The sentence gets its place and goes to the others. @return false if the list is full now */
static bool add_error(const struct load *l, const struct err *err, size_t before, struct errs *errs)
{
    const char *file = l->zone->file;
    err_at(errs_add(errs), file, l->text.entry_line, 0, "%s", err->text);
    if (errs->n - before < ZONE_MAX_ERRORS)
        return true;
    err_at(errs_add(errs), file, l->text.entry_line, 0,
           "too many errors: the rest of the file was not read");
    return false;
}

static void read_all(struct load *l, struct errs *errs)
{
    size_t before = errs->n;
    struct err err;
    for (bool more = true; more;) {
        enum zone_text_read got = zone_text_next(&l->text, &err);
        if (got == ZONE_TEXT_END)
            return;
        bool good = got == ZONE_TEXT_ENTRY && take_entry(l, &err);
        more = got != ZONE_TEXT_STOP && !l->zone->overfull;
        if (!good)
            more &= add_error(l, &err, before, errs);
    }
}

static bool load_stream(struct zones *z, struct zone *zone, const struct zone_spec *spec,
                        FILE *from, struct errs *errs)
{
    const struct zone_node *apex = &zone->apex->node;
    size_t before = errs->n;
    struct load l = {.zones = z, .zone = zone, .rdata = zone_rdata_new()};
    l.state.ttl_s = spec->ttl_s;
    l.state.origin.len = apex->name_len;
    memcpy(l.state.origin.wire, apex->name, apex->name_len);
    zone_text_init(&l.text, from, spec->max_bytes ? spec->max_bytes : ZONE_MAX_BYTES);
    read_all(&l, errs);
    zone_text_fini(&l.text);
    zone_rdata_free(l.rdata);
    return errs->n == before;
}

bool zone_load(struct zones *z, struct zone *zone, const struct zone_spec *spec, struct errs *errs)
{
    if (spec->from)
        return load_stream(z, zone, spec, spec->from, errs);
    FILE *from = fopen(spec->file, "re");
    if (!from)
        return err_at(errs_add(errs), spec->file, 0, 0, "cannot open the zone file: %s",
                      strerror(errno));
    bool good = load_stream(z, zone, spec, from, errs);
    fclose(from);
    return good;
}
