/* fuzz_zone - any text as a master file: it is refused with errors that have a place, or every name
 * of it is found again with whole records, and the zone, written out as generic records (RFC 3597),
 * loads to the same bytes. */
#include "base/buf.h"
#include "dnsd/data/zone_parts.h"
#include "dnsd/wire/record.h"
#include "tests/fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct zones *load(struct span text, struct errs *errs)
{
    struct addr at;
    MUST(addr_parse_ip(span_of("192.0.2.53"), &at));
    const struct zone_server server = {"ns1", &at, 1};
    struct zone_spec spec = {.apex = "s3.test",
                             .contact = "hostmaster.s3.test",
                             .ttl_s = 60,
                             .servers = &server,
                             .n_servers = 1,
                             .file = "fuzz",
                             .from = fmemopen((void *)(uintptr_t)text.p, text.len, "r"),
                             .max_items = 20000};
    MUST(spec.from);
    struct zones *z = zones_new();
    bool good = zones_add(z, &spec, errs);
    fclose(spec.from);
    MUST(good == (errs->n == 0));
    if (good)
        return z;
    zones_release(z);
    return NULL;
}

static void check_errors(const struct errs *errs, struct span text)
{
    int lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.p[i] == '\n';
    MUST(errs->n <= ZONE_MAX_ERRORS + 1);
    for (size_t i = 0; i < errs->n; i++) {
        MUST(errs->items[i].text[0] && errs->items[i].line <= lines);
        MUST(i == 0 || !errs->items[i].line || errs->items[i].line >= errs->items[i - 1].line);
    }
}

/* The records fill the set to its last byte. */
static void check_set(const struct rrset *set)
{
    size_t at = 0, count = 0;
    for (; at < set->len; at += record_len(set->records + at), count++) {
        MUST(set->len - at >= RECORD_HEAD);
        MUST(get_u16(set->records + at + 2) == set->type);
        MUST(get_u32(set->records + at + RECORD_TTL_AT) == set->ttl_s);
    }
    MUST(at == set->len && count == set->count && count > 0);
}

static void check_entry(const struct zones *z, const struct entry *e)
{
    struct lookup l = zones_find(z, e->node.name, e->node.name_len);
    MUST(l.kind == (e->cut ? LOOKUP_DELEGATION : LOOKUP_NODE));
    MUST(l.node == (e->cut ? &e->cut->node : &e->node));
    MUST(!l.wildcard && l.apex == &z->list->apex->node);
    for (const struct rrset *set = e->node.rrsets; set; set = set->next)
        check_set(set);
}

static void write_set(const struct entry *e, const struct rrset *set, struct buf *out)
{
    char owner[NAME_TEXT];
    for (size_t at = 0; at < set->len; at += record_len(set->records + at)) {
        const uint8_t *p = set->records + at;
        size_t len = record_len(p) - RECORD_HEAD;
        buf_printf(out, "%s %u TYPE%u \\# %zu ", name_to_text(e->node.name, owner), set->ttl_s,
                   set->type, len);
        for (size_t i = 0; i < len; i++)
            buf_printf(out, "%02x", p[RECORD_HEAD + i]);
        buf_text(out, "\n");
    }
}

/* True if every record can be one entry of a file when written in hex. */
static bool write_zone(const struct zones *z, struct buf *out)
{
    for (const struct entry *e = z->list->apex; e; e = e->next)
        for (const struct rrset *set = e->node.rrsets; set; set = set->next) {
            if (set->len > 20000)
                return false;
            write_set(e, set, out);
        }
    return true;
}

static void check_again(const struct zones *z)
{
    struct buf text = {0};
    struct errs errs = {0};
    if (write_zone(z, &text)) {
        struct zones *again = load(buf_span(&text), &errs);
        errs_print(&errs, stderr);
        MUST(again);
        zones_finish(again);
        for (const struct entry *a = z->list->apex; a; a = a->next) {
            const struct entry *b =
                name_table_get(again->list->names, a->node.name, a->node.name_len);
            MUST(b);
            for (const struct rrset *set = a->node.rrsets; set; set = set->next) {
                const struct rrset *other = node_rrset(&b->node, set->type);
                MUST(other && other->len == set->len);
                MUST(memcmp(other->records, set->records, set->len) == 0);
            }
        }
        zones_release(again);
    }
    buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct errs errs = {0}, warnings = {0};
    struct span text = span_bytes(data, size);
    struct zones *z = size ? load(text, &errs) : NULL;
    check_errors(&errs, text);
    if (z) {
        zones_finish(z);
        (void)!zones_check(z, &errs, &warnings);
        for (const struct entry *e = z->list->apex; e; e = e->next)
            check_entry(z, e);
        check_again(z);
        zones_release(z);
    }
    errs_fini(&errs);
    errs_fini(&warnings);
    return 0;
}
