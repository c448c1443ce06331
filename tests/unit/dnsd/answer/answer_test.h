/* answer_test.h - asks the small world and writes the replies as one line of text by ldns: a reader
 * that shares nothing with dnsd. */
#ifndef TESTS_UNIT_DNSD_ANSWER_ANSWER_TEST_H
#define TESTS_UNIT_DNSD_ANSWER_ANSWER_TEST_H

/* ldns makes a bool of its own unless stdbool.h was there before it. */
/* clang-format off */
#include <stdbool.h>
#include <ldns/ldns.h>
/* clang-format on */

#include "base/buf.h"
#include "tests/unit/dnsd/answer_world.h"
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/dns_test.h"

struct answer_test {
    struct answer_world w;
    bool tcp;
    int64_t now_ms, wall_ms;
    size_t len; /* of the last reply */
    uint8_t reply[ANSWER_MAX];
};

static int answer_test_setup(void **state)
{
    struct answer_test *t = NEW(struct answer_test);
    answer_world_init(&t->w);
    *state = t;
    return 0;
}

static int answer_test_teardown(void **state)
{
    struct answer_test *t = *state;
    answer_world_fini(&t->w);
    free(t);
    return 0;
}

/** Sends raw bytes from a block of exactly their length. @return length of the reply */
static inline size_t answer_test_send(struct answer_test *t, const uint8_t *packet, size_t len)
{
    uint8_t *exact = mem_alloc(len, 1);
    if (len)
        memcpy(exact, packet, len);
    struct answer_query in = {exact, len, t->w.from, t->tcp, t->wall_ms};
    t->len = answer_packet(t->w.ctx, t->w.world, t->w.status, t->now_ms, &in, t->reply,
                           t->tcp ? ANSWER_MAX : ANSWER_MAX_UDP);
    free(exact);
    return t->len;
}

static inline size_t answer_test_ask(struct answer_test *t, const struct dns_ask *a)
{
    uint8_t packet[DNS_QUERY_MAX];
    return answer_test_send(t, packet, dns_query(a, packet));
}

static void answer_test_section(struct buf *out, const ldns_rr_list *list)
{
    buf_text(out, " |");
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        char *text = ldns_rr2str(ldns_rr_list_rr(list, i));
        for (char *c = text; *c; c++)
            *c = *c == '\t' ? ' ' : *c == '\n' ? '\0' : *c;
        buf_printf(out, "%s %s", i ? ";" : "", text);
        free(text);
    }
}

static void answer_test_opt(struct buf *out, const ldns_pkt *pkt)
{
    buf_printf(out, " | %u", ldns_pkt_edns_udp_size(pkt));
    if (ldns_pkt_edns_version(pkt))
        buf_printf(out, " version=%u", ldns_pkt_edns_version(pkt));
    if (ldns_pkt_edns_do(pkt))
        buf_text(out, " do");
    const ldns_rdf *data = ldns_pkt_edns_data(pkt);
    const uint8_t *p = data ? ldns_rdf_data(data) : NULL;
    for (size_t at = 0; data && at + 4 <= ldns_rdf_size(data);) {
        unsigned code = dns_get16(p + at), len = dns_get16(p + at + 2);
        if (code == 3)
            buf_printf(out, " nsid=%.*s", (int)len, p + at + 4);
        else if (code == 15)
            buf_printf(out, " ede=%u%s%.*s", dns_get16(p + at + 4), len > 2 ? ":" : "",
                       (int)len - 2, p + at + 6);
        else if (code == 19 && len == 6)
            buf_printf(out, " zone=%u,%u,%u", p[at + 4], p[at + 5],
                       dns_get16(p + at + 6) << 16 | dns_get16(p + at + 8));
        else
            buf_printf(out, " option=%u", code);
        at += 4 + len;
    }
}

/* `NOERROR aa rd | answer | authority | additional | opt`. */
static void answer_test_text(const struct answer_test *t, struct buf *out)
{
    static const struct {
        unsigned bit;
        const char *text;
    } flags[] = {{0x400, " aa"}, {0x200, " tc"}, {0x100, " rd"}, {0x80, " ra"},
                 {0x40, " z"},   {0x20, " ad"},  {0x10, " cd"}};
    ldns_pkt *pkt = NULL;
    if (ldns_wire2pkt(&pkt, t->reply, t->len) != LDNS_STATUS_OK)
        fail_msg("ldns cannot read the reply");
    unsigned rcode = ldns_pkt_get_rcode(pkt) | ldns_pkt_edns_extended_rcode(pkt) << 4;
    char *word = rcode == 16   ? strdup("BADVERS")
                 : rcode == 23 ? strdup("BADCOOKIE")
                               : ldns_pkt_rcode2str((ldns_pkt_rcode)rcode);
    buf_text(out, word);
    free(word);
    for (size_t i = 0; i < COUNT(flags); i++)
        if (dns_flag(t->reply, flags[i].bit))
            buf_text(out, flags[i].text);
    answer_test_section(out, ldns_pkt_answer(pkt));
    answer_test_section(out, ldns_pkt_authority(pkt));
    answer_test_section(out, ldns_pkt_additional(pkt));
    if (ldns_pkt_edns(pkt))
        answer_test_opt(out, pkt);
    ldns_pkt_free(pkt);
}

/** The last reply has the id of a dns_ask, QR, and this text. */
static inline void answer_test_is(const struct answer_test *t, const char *want)
{
    struct buf text = {0};
    assert_int_equal(dns_get16(t->reply), 0x1234);
    assert_true(dns_flag(t->reply, 0x8000));
    answer_test_text(t, &text);
    assert_string_equal(buf_cstr(&text), want);
    buf_fini(&text);
}

struct answer_row {
    struct dns_ask ask;
    const char *want;
};

static inline void answer_test_rows(struct answer_test *t, const struct answer_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        print_message("%s %u\n", rows[i].ask.name, rows[i].ask.type);
        assert_true(answer_test_ask(t, &rows[i].ask) > 0);
        answer_test_is(t, rows[i].want);
    }
}

#endif
