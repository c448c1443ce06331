#include "dnsd/data/zone_svcb.h"

#include "dnsd/wire/cursor.h"

enum { PRIORITY_LEN = 2 };

struct param {
    uint16_t key;
    struct span value;
};

static struct reader reader_of(struct span s)
{
    return (struct reader){.p = (const uint8_t *)s.p, .len = s.len};
}

struct span zone_svcb_target(struct span rdata)
{
    struct span rest = span_skip(rdata, PRIORITY_LEN);
    return span_first(rest, name_check((const uint8_t *)rest.p, rest.len));
}

static struct reader params_of(struct span rdata)
{
    return reader_of(span_skip(rdata, PRIORITY_LEN + zone_svcb_target(rdata).len));
}

/* @return false at the end, or with r->bad */
static bool next_param(struct reader *r, struct param *out)
{
    if (reader_left(r) == 0)
        return false;
    out->key = reader_u16(r);
    size_t len = reader_u16(r);
    out->value = span_bytes(reader_take(r, len), len);
    return !r->bad;
}

bool zone_svcb_has(struct span rdata, uint16_t key)
{
    struct reader r = params_of(rdata);
    for (struct param p; next_param(&r, &p);)
        if (p.key == key)
            return true;
    return false;
}

/* --- the values, key by key --- */

/* RFC 9460 8: other keys of the record, in order, each once. */
static const char *mandatory_wrong(struct span value, struct span rdata)
{
    struct reader r = reader_of(value);
    uint32_t before = SVCB_MANDATORY;
    while (reader_left(&r) > 0) {
        uint16_t key = reader_u16(&r);
        if (r.bad || key <= before)
            return "mandatory lists keys in rising order, each once, and not itself (RFC 9460 8)";
        if (!zone_svcb_has(rdata, key))
            return "mandatory lists a key that the record does not have (RFC 9460 8)";
        before = key;
    }
    return value.len ? NULL : "mandatory lists no key (RFC 9460 8)";
}

/* RFC 9460 7.1.1: names of 1 to 255 bytes. */
static const char *alpn_wrong(struct span value, struct span rdata)
{
    struct reader r = reader_of(value);
    (void)rdata;
    bool good = value.len > 0;
    while (good && reader_left(&r) > 0) {
        uint8_t len = reader_u8(&r);
        good = len > 0 && reader_take(&r, len);
    }
    return good ? NULL : "alpn lists names of 1 to 255 bytes (RFC 9460 7.1.1)";
}

static const char *no_default_alpn_wrong(struct span value, struct span rdata)
{
    if (value.len)
        return "no-default-alpn has no value (RFC 9460 7.1.1)";
    return zone_svcb_has(rdata, SVCB_ALPN) ? NULL : "no-default-alpn needs alpn (RFC 9460 7.1.1)";
}

static const char *port_wrong(struct span value, struct span rdata)
{
    (void)rdata;
    return value.len == 2 ? NULL : "port is one number of 16 bits (RFC 9460 7.2)";
}

static const char *ipv4hint_wrong(struct span value, struct span rdata)
{
    (void)rdata;
    return value.len && value.len % 4 == 0 ? NULL : "ipv4hint lists IPv4 addresses (RFC 9460 7.3)";
}

static const char *ipv6hint_wrong(struct span value, struct span rdata)
{
    (void)rdata;
    return value.len && value.len % 16 == 0 ? NULL : "ipv6hint lists IPv6 addresses (RFC 9460 7.3)";
}

static const char *value_wrong(const struct param *p, struct span rdata)
{
    static const char *(*const rules[])(struct span, struct span) = {
        [SVCB_MANDATORY] = mandatory_wrong,
        [SVCB_ALPN] = alpn_wrong,
        [SVCB_NO_DEFAULT_ALPN] = no_default_alpn_wrong,
        [SVCB_PORT] = port_wrong,
        [SVCB_IPV4HINT] = ipv4hint_wrong,
        [SVCB_ECH] = NULL, /* opaque to us */
        [SVCB_IPV6HINT] = ipv6hint_wrong,
    };
    if (p->key == SVCB_INVALID)
        return "key65535 is reserved (RFC 9460 14.3.2)";
    return p->key < COUNT(rules) && rules[p->key] ? rules[p->key](p->value, rdata) : NULL;
}

const char *zone_svcb_wrong(struct span rdata)
{
    if (zone_svcb_target(rdata).len == 0)
        return "the target is not a whole name";
    struct reader r = params_of(rdata);
    int32_t before = -1;
    for (struct param p; next_param(&r, &p); before = p.key) {
        if (p.key <= before)
            return "a key stands twice, or keys do not rise (RFC 9460 2.2)";
        const char *wrong = value_wrong(&p, rdata);
        if (wrong)
            return wrong;
    }
    return r.bad ? "a value is cut off" : NULL;
}
