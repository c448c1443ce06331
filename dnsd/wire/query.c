#include "dnsd/wire/query.h"

#include "dnsd/wire/rrtype.h"

enum { POINTER_BITS = 0xc0, COUNTS_AT = 6 };

static enum rcode parse_question(struct reader *r, struct query *q)
{
    const uint8_t *wire = r->p + r->at;
    size_t len = name_check(wire, reader_left(r));
    if (len == 0)
        return RCODE_FORMERR;
    reader_take(r, len);
    uint16_t type = reader_u16(r);
    uint16_t class = reader_u16(r);
    if (r->bad)
        return RCODE_FORMERR;
    q->type = type;
    q->class = class;
    q->question_len = (uint16_t)(len + 4);
    q->name.len = (uint8_t)len;
    name_lower(q->name.wire, wire, len);
    return RCODE_NOERROR;
}

/* Moves over an owner name; a pointer ends it and is not followed. */
static void skip_name(struct reader *r)
{
    size_t start = r->at;
    for (;;) {
        uint8_t label = reader_u8(r);
        if (r->bad || label == 0)
            return;
        if ((label & POINTER_BITS) == POINTER_BITS) {
            reader_u8(r);
            return;
        }
        if (label > LABEL_MAX || r->at + label - start >= NAME_WIRE)
            r->bad = true;
        reader_take(r, label);
    }
}

/* OPT may stand once, in the additional section, owned by the root (RFC 6891 6.1.1). An OPT that is
 * anything else is answered by one that says nothing. */
static bool parse_opt(struct reader *r, bool in_place, struct query *q)
{
    if (in_place && !q->edns.present && edns_parse(r, &q->edns))
        return true;
    q->edns = (struct edns){.present = true};
    return false;
}

/* One record; `left` counts it and those behind it in its section. A TSIG may only be the last of
 * all (RFC 8945 5.1); there it is read over, as nobody here has a key. */
static bool parse_record(struct reader *r, enum section section, unsigned left, struct query *q)
{
    size_t start = r->at;
    skip_name(r);
    bool root = r->at == start + 1;
    uint16_t type = reader_u16(r);
    if (r->bad)
        return false;
    if (type == TYPE_OPT)
        return parse_opt(r, section == SECTION_ADDITIONAL && root, q);
    if (type == TYPE_TSIG && (section != SECTION_ADDITIONAL || left > 1))
        return false;
    reader_take(r, 6); /* class and TTL */
    reader_take(r, reader_u16(r));
    return !r->bad;
}

/* Bytes behind the last record mean nothing and are only noted. */
static enum rcode parse_records(struct reader *r, struct query *q)
{
    for (enum section s = SECTION_ANSWER; s < SECTIONS; s++)
        for (unsigned left = get_u16(q->packet + COUNTS_AT + 2 * s); left > 0; left--)
            if (!parse_record(r, s, left, q))
                return RCODE_FORMERR;
    q->trailing = reader_left(r) > 0;
    return q->edns.version > 0 ? RCODE_BADVERS : RCODE_NOERROR;
}

enum rcode query_parse(const uint8_t *packet, size_t len, struct query *q)
{
    struct reader r = {.p = packet, .len = len};
    q->packet = packet;
    q->question_len = 0;
    q->name.len = 0;
    q->trailing = false;
    q->edns = (struct edns){0};
    q->id = reader_u16(&r);
    q->flags = reader_u16(&r);
    uint16_t questions = reader_u16(&r);
    reader_take(&r, 6);
    if (r.bad || q->flags & FLAG_QR)
        return RCODE_SILENCE;
    if (q->flags & OPCODE_MASK)
        return RCODE_NOTIMP;
    if (questions > 1)
        return RCODE_FORMERR;
    enum rcode rcode = questions ? parse_question(&r, q) : RCODE_NOERROR;
    if (rcode == RCODE_NOERROR)
        rcode = parse_records(&r, q);
    bool asks = questions || q->edns.cookie.len; /* for a cookie alone: RFC 7873 5.4 */
    return rcode == RCODE_NOERROR && !asks ? RCODE_FORMERR : rcode;
}
