#include "dnsd/wire/reply.h"

#include <assert.h>

#include "dnsd/wire/record.h"

enum { POINTER = 0xc000, POINTER_MAX = 0x3fff };

void reply_begin(struct reply *r, const struct query *q, uint8_t *out, size_t limit,
                 struct span nsid)
{
    assert(limit >= PLAIN_PAYLOAD);
    r->query = q;
    r->out = out;
    r->len = HEADER_LEN + (size_t)q->question_len;
    r->limit = limit;
    r->flags = 0;
    memset(r->counts, 0, sizeof r->counts);
    r->rcode = RCODE_NOERROR;
    r->edns = (struct edns_reply){.dnssec_ok = q->edns.dnssec_ok, .ede = EDE_NONE};
    if (q->edns.nsid)
        r->edns.nsid = span_first(nsid, REPLY_NSID_MAX);
    r->room = limit - (q->edns.present ? edns_len(&r->edns) : 0);
    memcpy(out + HEADER_LEN, q->packet + HEADER_LEN, q->question_len);
}

void reply_cookie(struct reply *r, struct span cookie)
{
    assert(r->query->edns.cookie.len > 0);
    r->edns.cookie = cookie;
    r->room = r->limit - edns_len(&r->edns);
}

void reply_zone_version(struct reply *r, uint8_t labels, uint32_t serial)
{
    assert(r->query->edns.zone_version);
    r->edns.zone_version = true;
    r->edns.zone_labels = labels;
    r->edns.zone_serial = serial;
    r->room = r->limit - edns_len(&r->edns);
}

/* A pointer to the owner inside the question, or 0. */
static uint16_t pointer_to(const struct reply *r, struct owner owner)
{
    const struct name *asked = &r->query->name;
    int at =
        owner.wire == asked->wire ? 0 : name_suffix(asked->wire, asked->len, owner.wire, owner.len);
    return at < 0 ? 0 : (uint16_t)(POINTER | (HEADER_LEN + at));
}

/* How often an owner that no pointer reaches must be written out for `count` records: once, if what
 * follows can point there. */
static size_t times_written(const struct reply *r, uint16_t pointer, uint16_t count)
{
    if (pointer)
        return 0;
    return r->len <= POINTER_MAX && count > 1 ? 1 : count;
}

/* Copies records whose owner is not simply the question. */
static void add_patched(struct reply *r, struct owner owner, uint16_t pointer, struct run run)
{
    const uint8_t *from = run.records;
    for (uint16_t i = 0; i < run.count; i++) {
        size_t len = record_len(from);
        size_t at = r->len;
        if (pointer) {
            put_u16(r->out + at, pointer);
            r->len += RECORD_OWNER;
        } else {
            memcpy(r->out + at, owner.wire, owner.len);
            r->len += owner.len;
            pointer = at <= POINTER_MAX ? (uint16_t)(POINTER | at) : 0;
        }
        memcpy(r->out + r->len, from + RECORD_OWNER, len - RECORD_OWNER);
        r->len += len - RECORD_OWNER;
        from += len;
    }
}

bool reply_add(struct reply *r, enum section section, struct owner owner, struct run run)
{
    uint16_t pointer = pointer_to(r, owner);
    size_t written = times_written(r, pointer, run.count);
    size_t len = run.len + written * owner.len - written * RECORD_OWNER;
    if (len > r->room - r->len)
        return false;
    if (pointer == (POINTER | HEADER_LEN)) {
        memcpy(r->out + r->len, run.records, run.len);
        r->len += run.len;
    } else {
        add_patched(r, owner, pointer, run);
    }
    r->counts[section] = (uint16_t)(r->counts[section] + run.count);
    return true;
}

uint16_t reply_fit(const struct reply *r, struct owner owner, uint16_t count, size_t rr_len)
{
    size_t written = times_written(r, pointer_to(r, owner), count);
    size_t room = r->room - r->len + written * RECORD_OWNER;
    if (room < written * owner.len)
        return 0;
    size_t fit = (room - written * owner.len) / rr_len;
    return fit < count ? (uint16_t)fit : count;
}

void reply_clear(struct reply *r)
{
    r->len = HEADER_LEN + (size_t)r->query->question_len;
    memset(r->counts, 0, sizeof r->counts);
}

void reply_truncate(struct reply *r)
{
    reply_clear(r);
    r->flags |= FLAG_TC;
}

/* RFC 8906 3: only what is defined for the opcode is copied. */
static uint16_t header_flags(const struct reply *r)
{
    uint16_t opcode = r->query->flags & OPCODE_MASK;
    uint16_t copied = opcode ? opcode : r->query->flags & FLAG_RD;
    return (uint16_t)(FLAG_QR | copied | r->flags | (r->rcode & 0xf));
}

size_t reply_finish(struct reply *r)
{
    const struct query *q = r->query;
    if (q->edns.present) {
        r->edns.extended_rcode = (uint8_t)(r->rcode >> 4);
        r->len += edns_write(&r->edns, r->out + r->len, r->limit - r->len);
        r->counts[SECTION_ADDITIONAL]++;
    }
    uint8_t *p = put_u16(r->out, q->id);
    p = put_u16(p, header_flags(r));
    p = put_u16(p, q->question_len ? 1 : 0);
    for (int i = 0; i < SECTIONS; i++)
        p = put_u16(p, r->counts[i]);
    return r->len;
}
