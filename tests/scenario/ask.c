#include "ask.h"

#include <stdio.h>

#include "dnsd/wire/name.h"

enum { HEADER = 12, QUERY_ID = 0x1234, EDNS_SIZE = 1232 };

static const struct {
    const char *word;
    uint16_t type;
} types[] = {{"A", 1}, {"NS", 2}, {"SOA", 6}, {"MX", 15}, {"TXT", 16}, {"AAAA", 28}};

static uint16_t type_of(const char *word)
{
    for (size_t i = 0; i < COUNT(types); i++)
        if (strcmp(types[i].word, word) == 0)
            return types[i].type;
    return 0;
}

static size_t build(const char *name, uint16_t type, uint8_t *out)
{
    static const uint8_t header[HEADER] = {
        QUERY_ID >> 8, QUERY_ID & 255, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const uint8_t tail[] = {(uint8_t)(type >> 8),
                            (uint8_t)type,
                            0,
                            1, /* class IN, then OPT: */
                            0,
                            0,
                            41,
                            EDNS_SIZE >> 8,
                            EDNS_SIZE & 255,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0};
    struct name wire;
    if (type == 0 || !name_from_text(span_of(name), &wire))
        return 0;
    memcpy(out, header, HEADER);
    memcpy(out + HEADER, wire.wire, wire.len);
    memcpy(out + HEADER + wire.len, tail, sizeof tail);
    return HEADER + wire.len + sizeof tail;
}

static size_t skip_name(const uint8_t *p, size_t at, size_t len)
{
    while (at < len && p[at] != 0 && p[at] < 0xc0)
        at += 1 + (size_t)p[at];
    return at + (at < len && p[at] >= 0xc0 ? 2 : 1);
}

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static void take_txt(struct reply *out, const uint8_t *rdata, size_t len)
{
    size_t used = strlen(out->text);
    for (size_t i = 0; i < len && used + 300 < sizeof out->text; i += 1 + (size_t)rdata[i])
        used += (size_t)snprintf(out->text + used, sizeof out->text - used, "%.*s", rdata[i],
                                 (const char *)rdata + i + 1);
    snprintf(out->text + used, sizeof out->text - used, "\n");
}

static void take_record(struct reply *out, uint16_t type, const uint8_t *rdata, size_t len)
{
    if (type == 16)
        take_txt(out, rdata, len);
    if (out->n_addrs >= REPLY_MAX || (type != 1 && type != 28) || len != (type == 1 ? 4 : 16))
        return;
    struct addr *a = &out->addrs[out->n_addrs++];
    *a = (struct addr){.family = type == 1 ? AF_INET : AF_INET6};
    memcpy(a->ip, rdata, len);
}

static bool read_reply(const uint8_t *p, size_t len, struct reply *out)
{
    *out = (struct reply){.rcode = p[3] & 15, .truncated = p[2] & 2};
    size_t at = skip_name(p, HEADER, len) + 4;
    for (unsigned i = 0; i < get16(p + 6); i++) {
        at = skip_name(p, at, len);
        if (at + 10 > len)
            return false;
        uint16_t type = get16(p + at), rdlen = get16(p + at + 8);
        if (i == 0)
            out->ttl_s = (uint32_t)get16(p + at + 4) << 16 | get16(p + at + 6);
        at += 10;
        if (at + rdlen > len)
            return false;
        take_record(out, type, p + at, rdlen);
        at += rdlen;
    }
    return true;
}

bool ask(struct stage *s, const char *name, const char *type, struct reply *out)
{
    uint8_t query[512], reply[ANSWER_MAX_UDP];
    struct answer_query in = {.packet = query, .len = build(name, type_of(type), query)};
    in.from = (struct addr){.family = AF_INET, .port = 1024, .ip = {127, 0, 0, 1}};
    if (in.len == 0)
        return false;
    size_t len = answer_packet(&s->ctx, s->world, s->status, s->now_ms, &in, reply, sizeof reply);
    return len >= HEADER && get16(reply) == QUERY_ID && read_reply(reply, len, out);
}

const char *rcode_text(int rcode)
{
    static const char *const words[] = {"NOERROR",  "FORMERR", "SERVFAIL",
                                        "NXDOMAIN", "NOTIMP",  "REFUSED"};
    return rcode >= 0 && rcode < (int)COUNT(words) ? words[rcode] : "?";
}
