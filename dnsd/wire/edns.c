#include "dnsd/wire/edns.h"

#include "dnsd/wire/cookie.h"
#include "dnsd/wire/rrtype.h"

enum {
    FIXED_LEN = 11, /* root owner, type, class, TTL, RDLENGTH */
    OPTION_HEAD = 4,
    EDE_CODE = 2, /* bytes of the info code */
    FLAG_DO = 0x8000,
};

enum option { OPTION_NSID = 3, OPTION_COOKIE = 10, OPTION_EDE = 15, OPTION_ZONE_VERSION = 19 };

/* Takes note of one option. Of a repeated one the first counts (RFC 7873 5.2).
 * @return false if it is malformed */
static bool take_option(struct edns *e, uint16_t code, struct span data)
{
    if (code == OPTION_NSID)
        e->nsid = true;
    if (code == OPTION_ZONE_VERSION)
        e->zone_version = true;
    if (code != OPTION_COOKIE || e->cookie.len)
        return true;
    e->cookie = data;
    return cookie_len_ok(data.len);
}

bool edns_parse(struct reader *r, struct edns *out)
{
    *out = (struct edns){.present = true};
    out->payload = reader_u16(r);
    reader_u8(r); /* extended rcode: means nothing in a query */
    out->version = reader_u8(r);
    out->dnssec_ok = reader_u16(r) & FLAG_DO;
    size_t len = reader_u16(r);
    struct reader options = {.p = reader_take(r, len), .len = len};
    if (r->bad)
        return false;
    while (out->version == 0 && reader_left(&options) > 0) {
        uint16_t code = reader_u16(&options);
        size_t data_len = reader_u16(&options);
        const uint8_t *data = reader_take(&options, data_len);
        if (options.bad || !take_option(out, code, span_bytes(data, data_len)))
            return false;
    }
    return true;
}

size_t edns_udp_limit(const struct edns *e)
{
    if (!e->present || e->payload < PLAIN_PAYLOAD)
        return PLAIN_PAYLOAD;
    return e->payload < EDNS_PAYLOAD ? e->payload : EDNS_PAYLOAD;
}

static size_t option_len(struct span data)
{
    return data.len ? OPTION_HEAD + data.len : 0;
}

size_t edns_len(const struct edns_reply *e)
{
    return FIXED_LEN + option_len(e->nsid) + option_len(e->cookie) +
           (e->zone_version ? OPTION_HEAD + EDNS_ZONE_VERSION : 0);
}

static uint8_t *put_bytes(uint8_t *p, struct span s)
{
    if (s.len)
        memcpy(p, s.p, s.len);
    return p + s.len;
}

static uint8_t *put_option(uint8_t *p, enum option code, struct span data)
{
    if (data.len == 0)
        return p;
    p = put_u16(p, (uint16_t)code);
    p = put_u16(p, (uint16_t)data.len);
    return put_bytes(p, data);
}

/* RFC 9660 2.1; the one type that is defined is 0, the serial of the SOA. */
static uint8_t *put_zone_version(uint8_t *p, const struct edns_reply *e)
{
    if (!e->zone_version)
        return p;
    p = put_u16(p, OPTION_ZONE_VERSION);
    p = put_u16(p, EDNS_ZONE_VERSION);
    *p++ = e->zone_labels;
    *p++ = 0;
    return put_u32(p, e->zone_serial);
}

static uint8_t *put_ede(uint8_t *p, const struct edns_reply *e)
{
    p = put_u16(p, OPTION_EDE);
    p = put_u16(p, (uint16_t)(EDE_CODE + e->ede_text.len));
    p = put_u16(p, (uint16_t)e->ede);
    return put_bytes(p, e->ede_text);
}

size_t edns_write(const struct edns_reply *e, uint8_t *out, size_t room)
{
    uint8_t *p = out;
    *p++ = 0;
    p = put_u16(p, TYPE_OPT);
    p = put_u16(p, EDNS_PAYLOAD);
    *p++ = e->extended_rcode;
    *p++ = 0; /* version */
    p = put_u16(p, e->dnssec_ok ? FLAG_DO : 0);
    uint8_t *rdlen = p;
    p += 2;
    p = put_option(p, OPTION_NSID, e->nsid);
    p = put_option(p, OPTION_COOKIE, e->cookie);
    p = put_zone_version(p, e);
    size_t ede_len = OPTION_HEAD + EDE_CODE + e->ede_text.len;
    if (e->ede != EDE_NONE && (size_t)(p - out) + ede_len <= room)
        p = put_ede(p, e);
    put_u16(rdlen, (uint16_t)(p - rdlen - 2));
    return (size_t)(p - out);
}
