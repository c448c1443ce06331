/* The header of ldns makes a bool of its own unless <stdbool.h> was there before it, so ours comes
 * first. ldns reads only what was looked at before: one line without controls, of bounded length,
 * with balanced quotes and no comment; generic data (RFC 3597) is decoded here. */
#include "dnsd/data/zone_rdata.h"

#include <ldns/ldns.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "dnsd/wire/cursor.h"
#include "dnsd/wire/rrtype.h"

enum { RDATA_MAX = 65535, HEAD_LEN = 11 /* root, type, class, TTL, length */ };

struct zone_rdata {
    struct buf line;
    ldns_buffer *wire;
    uint8_t generic[HEAD_LEN + RDATA_MAX];
};

struct zone_rdata *zone_rdata_new(void)
{
    struct zone_rdata *r = NEW(struct zone_rdata);
    r->wire = ldns_buffer_new(LDNS_MIN_BUFLEN);
    if (!r->wire)
        abort();
    return r;
}

void zone_rdata_free(struct zone_rdata *r)
{
    ldns_buffer_free(r->wire);
    buf_fini(&r->line);
    free(r);
}

bool zone_rdata_type(struct span text, uint16_t *type)
{
    char name[RRTYPE_TEXT];
    if (rrtype_from_text(text, type))
        return true;
    if (text.len >= sizeof name || span_is_nocase(span_first(text, 4), "TYPE"))
        return false;
    snprintf(name, sizeof name, "%.*s", (int)text.len, text.p);
    *type = (uint16_t)ldns_get_rr_type_by_name(name);
    return *type != 0;
}

/* --- what is expected --- */

/* Words for the types that people write by hand; ldns says only that it failed. */
static const char *shape_of(uint16_t type)
{
    static const struct {
        uint16_t type;
        const char *shape;
    } shapes[] = {
        {LDNS_RR_TYPE_A, "an IPv4 address such as 192.0.2.1"},
        {LDNS_RR_TYPE_AAAA, "an IPv6 address such as 2001:db8::1"},
        {LDNS_RR_TYPE_NS, "the name of a name server"},
        {LDNS_RR_TYPE_CNAME, "a name"},
        {LDNS_RR_TYPE_PTR, "a name"},
        {LDNS_RR_TYPE_SOA, "SERVER CONTACT SERIAL REFRESH RETRY EXPIRE MINIMUM"},
        {LDNS_RR_TYPE_MX, "PREFERENCE NAME"},
        {LDNS_RR_TYPE_TXT, "texts of at most 255 bytes each, in quotes"},
        {LDNS_RR_TYPE_SRV, "PRIORITY WEIGHT PORT NAME"},
        {LDNS_RR_TYPE_NAPTR, "ORDER PREFERENCE \"FLAGS\" \"SERVICE\" \"REGEXP\" NAME"},
        {LDNS_RR_TYPE_DS, "KEYTAG ALGORITHM DIGESTTYPE HEX"},
        {LDNS_RR_TYPE_SSHFP, "ALGORITHM TYPE HEX"},
        {LDNS_RR_TYPE_TLSA, "USAGE SELECTOR MATCHING HEX"},
        {LDNS_RR_TYPE_CAA, "FLAGS TAG \"VALUE\""},
        {LDNS_RR_TYPE_URI, "PRIORITY WEIGHT \"TARGET\""},
        {LDNS_RR_TYPE_SVCB, "PRIORITY NAME KEY=VALUE..."},
        {LDNS_RR_TYPE_HTTPS, "PRIORITY NAME KEY=VALUE..."},
    };
    for (size_t i = 0; i < COUNT(shapes); i++)
        if (shapes[i].type == type)
            return shapes[i].shape;
    return NULL;
}

static bool refuse(uint16_t type, struct span text, const char *why, struct err *err)
{
    char name[RRTYPE_TEXT];
    const char *shape = shape_of(type), *known = rrtype_to_text(type, name);
    int len = (int)span_first(text, 80).len;
    if (text.len == 0)
        return err_set(err, "%s record without data: expected %s", known, shape ? shape : "some");
    if (shape)
        return err_set(err, "%s record: expected %s, found `%.*s`", known, shape, len, text.p);
    return err_set(err, "%s record: `%.*s` cannot be read: %s", known, len, text.p, why);
}

/* --- generic data --- */

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at && c != ' ' ? (int)(at - digits) : -1;
}

/* Reads `length hex...` into r->generic. @return bytes, or -1 */
static int read_hex(struct zone_rdata *r, struct span text)
{
    int len = 0;
    size_t digits = 0;
    text = span_trim(text);
    if (text.len == 0 || text.p[0] < '0' || text.p[0] > '9')
        return -1;
    for (; text.len && text.p[0] >= '0' && text.p[0] <= '9'; text = span_skip(text, 1))
        if ((len = len * 10 + (text.p[0] - '0')) > RDATA_MAX)
            return -1;
    if (text.len && text.p[0] != ' ')
        return -1;
    for (; text.len; text = span_skip(text, 1)) {
        int digit = hex_digit(text.p[0]);
        if (text.p[0] == ' ')
            continue;
        if (digit < 0 || digits == 2 * (size_t)len)
            return -1;
        uint8_t *at = &r->generic[HEAD_LEN + digits / 2];
        *at = (uint8_t)(digits % 2 ? *at | digit : digit << 4);
        digits++;
    }
    return digits == 2 * (size_t)len ? len : -1;
}

/* Writes the data of `rr` into r->wire and frees it. */
static bool to_wire(struct zone_rdata *r, ldns_rr *rr, struct span *out)
{
    ldns_buffer_clear(r->wire);
    bool good = ldns_rr_rdata2buffer_wire(r->wire, rr) == LDNS_STATUS_OK;
    ldns_rr_free(rr);
    *out = span_bytes(ldns_buffer_begin(r->wire), ldns_buffer_position(r->wire));
    return good && out->len <= RDATA_MAX;
}

/* Data of a known type must be whole, in generic form, too (RFC 3597 5): ldns takes it apart, and
 * it is the same when put together again. The text reader of ldns does not see to that by itself.
 */
static bool is_sound(struct zone_rdata *r, uint16_t type, struct span data)
{
    ldns_rr *rr = NULL;
    size_t pos = 0;
    struct span again;
    if (ldns_rr_descript(type)->_type != type)
        return true;
    uint8_t *p = put_u16(r->generic + 1, type);
    put_u16(put_u32(put_u16(p, CLASS_IN), 0), (uint16_t)data.len);
    if (ldns_wire2rr(&rr, r->generic, HEAD_LEN + data.len, &pos, LDNS_SECTION_ANSWER) !=
        LDNS_STATUS_OK)
        return false;
    return to_wire(r, rr, &again) && span_equal(data, again);
}

static bool read_generic(struct zone_rdata *r, uint16_t type, struct span text, struct span *out,
                         struct err *err)
{
    char name[RRTYPE_TEXT];
    int len = read_hex(r, text);
    if (len < 0)
        return err_set(err, "\\# wants the number of bytes and as many pairs of hex digits (RFC "
                            "3597 5)");
    *out = span_bytes(r->generic + HEAD_LEN, (size_t)len);
    return is_sound(r, type, *out) ||
           err_set(err, "these bytes are not data of type %s", rrtype_to_text(type, name));
}

/* --- text --- */

static bool is_generic(struct span text)
{
    return span_starts(text, "\\#") && (text.len == 2 || text.p[2] == ' ');
}

/* ldns looks for generic data in place of every field and leaves bytes uninitialised if the digits
 * are wrong. */
static bool has_inner_generic(struct span text)
{
    for (size_t i = 1; i + 1 < text.len; i++)
        if (memcmp(text.p + i, "\\#", 2) == 0 && (text.p[i - 1] == ' ' || text.p[i - 1] == '"'))
            return true;
    return false;
}

/* Types whose text is not given to ldns 1.8: it leaks memory when the text is wrong. */
static bool is_unread(uint16_t type)
{
    static const uint16_t types[] = {LDNS_RR_TYPE_CERT, LDNS_RR_TYPE_IPSECKEY};
    for (size_t i = 0; i < COUNT(types); i++)
        if (types[i] == type)
            return true;
    return false;
}

static bool read_text(struct zone_rdata *r, uint16_t type, struct span text,
                      const struct name *origin, struct span *out, struct err *err)
{
    ldns_rr *rr = NULL;
    ldns_rdf base = {origin->len, LDNS_RDF_TYPE_DNAME, (void *)(uintptr_t)origin->wire};
    buf_clear(&r->line);
    buf_printf(&r->line, ". 0 IN TYPE%u %.*s", type, (int)text.len, text.p);
    ldns_status status = ldns_rr_new_frm_str(&rr, r->line.p, 0, &base, NULL);
    if (status != LDNS_STATUS_OK)
        return refuse(type, text, ldns_get_errorstr_by_id(status), err);
    if (!to_wire(r, rr, out))
        return err_set(err, "the data is too long for a record");
    memcpy(r->generic + HEAD_LEN, out->p, out->len);
    *out = span_bytes(r->generic + HEAD_LEN, out->len);
    return is_sound(r, type, *out) || refuse(type, text, "not the data of this type", err);
}

bool zone_rdata_read(struct zone_rdata *r, uint16_t type, struct span text,
                     const struct name *origin, struct span *out, struct err *err)
{
    if (is_generic(text))
        return read_generic(r, type, span_skip(text, 2), out, err);
    if (has_inner_generic(text))
        return err_set(err, "\\# can only be the first word of the data (RFC 3597 5)");
    if (is_unread(type))
        return err_set(err, "write the data of %s as \\# length hex (RFC 3597 5)",
                       ldns_rr_descript(type)->_name);
    return read_text(r, type, text, origin, out, err);
}
