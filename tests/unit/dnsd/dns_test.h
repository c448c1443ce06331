/* dns_test.h - makes query packets and takes replies apart, for tests and the scenario runner.
 * Pure, header only, and on purpose without any code of dnsd: it judges that code. */
#ifndef TESTS_UNIT_DNSD_DNS_TEST_H
#define TESTS_UNIT_DNSD_DNS_TEST_H

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "base/net.h"

enum { DNS_QUERY_MAX = 512, DNS_TYPE_A = 1, DNS_TYPE_TXT = 16, DNS_TYPE_AAAA = 28 };
enum { DNS_RD = 0x0100, DNS_TC = 0x0200, DNS_AA = 0x0400 };

/* A question; what is zero is left out, or IN, or the id 0x1234. */
struct dns_ask {
    const char *name; /* text without escapes; letters keep their case */
    uint16_t type, class, flags, id;
    uint16_t payload;     /* > 0: with an OPT that says so */
    uint16_t edns_flags;  /* 0x8000: DO */
    uint8_t edns_version; /* needs payload */
    const char *options;  /* raw bytes of the OPT's rdata */
    size_t options_len;
};

/* ASK("s3.example.com", 1) or ASK("s3.example.com", 1, .payload = 1232). */
#define ASK(text, ...)                                                                             \
    {                                                                                              \
        .name = (text), .type = __VA_ARGS__                                                        \
    }

static inline uint8_t *dns_put16(uint8_t *p, unsigned v)
{
    *p++ = (uint8_t)(v >> 8);
    *p++ = (uint8_t)v;
    return p;
}

static inline unsigned dns_get16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static inline uint8_t *dns_put_name(uint8_t *p, const char *text)
{
    while (*text && strcmp(text, ".") != 0) {
        size_t len = strcspn(text, ".");
        *p++ = (uint8_t)len;
        memcpy(p, text, len);
        p += len;
        text += len + (text[len] == '.');
    }
    *p++ = 0;
    return p;
}

/** Writes the query. @return its length in bytes */
static inline size_t dns_query(const struct dns_ask *a, uint8_t out[DNS_QUERY_MAX])
{
    uint8_t *p = dns_put16(out, a->id ? a->id : 0x1234);
    p = dns_put16(p, a->flags);
    p = dns_put16(p, 1);
    p = dns_put16(p, 0);
    p = dns_put16(p, 0);
    p = dns_put16(p, a->payload ? 1 : 0);
    p = dns_put_name(p, a->name);
    p = dns_put16(p, a->type);
    p = dns_put16(p, a->class ? a->class : 1);
    if (a->payload) {
        *p++ = 0;
        p = dns_put16(p, 41);
        p = dns_put16(p, a->payload);
        p = dns_put16(p, a->edns_version);
        p = dns_put16(p, a->edns_flags);
        p = dns_put16(p, (unsigned)a->options_len);
        if (a->options_len)
            memcpy(p, a->options, a->options_len);
        p += a->options_len;
    }
    assert(p - out <= DNS_QUERY_MAX);
    return (size_t)(p - out);
}

static inline unsigned dns_rcode(const uint8_t *reply)
{
    return reply[3] & 0xf; /* without the upper bits in the OPT */
}

static inline bool dns_flag(const uint8_t *reply, unsigned flag)
{
    return (dns_get16(reply + 2) & flag) != 0;
}

/** Records in a section: 0 answer, 1 authority, 2 additional. */
static inline unsigned dns_count(const uint8_t *reply, unsigned section)
{
    return dns_get16(reply + 6 + 2 * section);
}

/** What follows the name at `at`. @return 0 if it leaves the message */
static inline size_t dns_skip_name(const uint8_t *reply, size_t len, size_t at)
{
    while (at < len && reply[at] && reply[at] < 0xc0)
        at += 1u + reply[at];
    if (at >= len)
        return 0;
    return at + (reply[at] ? 2 : 1);
}

/** The offset of the first record. */
static inline size_t dns_first_record(const uint8_t *reply, size_t len)
{
    return dns_get16(reply + 4) ? dns_skip_name(reply, len, 12) + 4 : 12;
}

struct dns_record {
    unsigned type;
    uint32_t ttl_s;
    const uint8_t *rdata;
    size_t rdata_len;
};

/** Reads the record at `*at` and moves `*at` behind it. @return false if it leaves the message */
static inline bool dns_record(const uint8_t *reply, size_t len, size_t *at, struct dns_record *out)
{
    size_t head = dns_skip_name(reply, len, *at);
    if (!head || head + 10 > len)
        return false;
    out->type = dns_get16(reply + head);
    out->ttl_s = (uint32_t)dns_get16(reply + head + 4) << 16 | dns_get16(reply + head + 6);
    out->rdata_len = dns_get16(reply + head + 8);
    out->rdata = reply + head + 10;
    *at = head + 10 + out->rdata_len;
    return *at <= len;
}

/** The A and AAAA records of the answer section, at most `max`. @return how many */
static inline size_t dns_addrs(const uint8_t *reply, size_t len, struct addr *out, size_t max)
{
    size_t at = dns_first_record(reply, len), n = 0;
    struct dns_record r;
    for (unsigned i = dns_count(reply, 0); i > 0 && n < max && dns_record(reply, len, &at, &r);
         i--) {
        if (r.type != DNS_TYPE_A && r.type != DNS_TYPE_AAAA)
            continue;
        out[n] = (struct addr){.family = r.type == DNS_TYPE_A ? AF_INET : AF_INET6};
        memcpy(out[n++].ip, r.rdata, r.type == DNS_TYPE_A ? 4 : 16);
    }
    return n;
}

#endif
