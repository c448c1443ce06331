/* Header, EDNS, classes, meta types and malformed packets: what the protocol asks before any data.
 */
#include "tests/unit/dnsd/answer/answer_test.h"

#define WWW  "www.s3.example.com. 300 IN A 192.0.2.1"
#define HEAD "\x12\x34\0\0\0\1\0\0\0\0\0\0" /* a query with one question */
#define NAME "\3www\2s3\7example\3com\0"
#define OPT  "\0\0\x29\4\xd0\0\0\0\0"
#define TSIG "\1k\0\0\xfa\0\xff\0\0\0\0\0\1x"
#define RAW(bytes)                                                                                 \
    {                                                                                              \
        bytes, sizeof(bytes) - 1                                                                   \
    }

enum { A = 1, TXT = 16, OPT_TYPE = 41, CH = 3, CLASS_NONE = 254, CLASS_ANY = 255 };

struct raw {
    const char *bytes;
    size_t len;
};

static void flags_of_the_reply(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", A, .flags = DNS_RD), "NOERROR aa rd | " WWW " | |"},
        /* AA, TC, RA, Z, AD, CD and an rcode in a query mean nothing and come back clear */
        {ASK("www.s3.example.com", A, .flags = 0x06ff), "NOERROR aa | " WWW " | |"},
        {ASK("example.net", A, .flags = DNS_RD), "REFUSED rd | | |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void rfc8906_other_opcodes_get_a_bare_notimp(void **state)
{
    struct answer_test *t = *state;
    for (unsigned opcode = 1; opcode < 16; opcode++) {
        uint8_t garbage[40];
        memset(garbage, 0xff, sizeof garbage); /* decided before any section is read */
        dns_put16(garbage, 0x1234);
        dns_put16(garbage + 2, opcode << 11 | 0x07f0);
        assert_int_equal(answer_test_send(t, garbage, sizeof garbage), 12);
        uint8_t want[12] = {0x12, 0x34, (uint8_t)(0x80 | opcode << 3), 4};
        assert_memory_equal(t->reply, want, 12);
    }
}

static void silence(void **state)
{
    struct answer_test *t = *state;
    static const struct raw rows[] = {
        RAW(""), RAW("\x12\x34\0\0\0\1\0\0\0\0\0"),      /* 11 bytes */
        RAW("\x12\x34\x80\0\0\1\0\0\0\0\0\0\0\0\1\0\1"), /* QR */
        RAW("\x12\x34\xf8\0\0\0\0\0\0\0\0\0"),           /* QR with another opcode */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(answer_test_send(t, (const uint8_t *)rows[i].bytes, rows[i].len), 0);
    t->w.from.port = 19; /* chargen would answer our answer */
    assert_int_equal(answer_test_ask(t, &(struct dns_ask)ASK("www.s3.example.com", A)), 0);
    t->w.from.port = 40000;
    assert_int_equal(counter_get(&t->w.ctx->counts[COUNT_DROPPED]), COUNT(rows) + 1);
}

/* The question cannot be read: FORMERR without one. */
static void malformed_questions(void **state)
{
    static const struct raw rows[] = {
        RAW("\x12\x34\0\0\0\0\0\0\0\0\0\0"),                                 /* QDCOUNT 0 */
        RAW("\x12\x34\0\0\0\2\0\0\0\0\0\0" NAME "\0\1\0\1" NAME "\0\1\0\1"), /* RFC 9619 */
        RAW("\x12\x34\0\0\xff\xff\0\0\0\0\0\0" NAME "\0\1\0\1"),
        RAW(HEAD),                       /* no question at all */
        RAW(HEAD "\xc0\x0c\0\1\0\1"),    /* pointer to itself */
        RAW(HEAD "\3www\xc0\0\0\1\0\1"), /* pointer into the header */
        RAW(HEAD "\xc0\x12\0\1\0\1"
                 "\0"), /* pointer forward */
        RAW(HEAD "\x40"
                 "a\0\0\1\0\1"), /* label types that nobody defined */
        RAW(HEAD "\x80"
                 "a\0\0\1\0\1"),
        RAW(HEAD "\3ww"),        /* cut off: in a label, */
        RAW(HEAD "\3www"),       /* before the root, */
        RAW(HEAD NAME),          /* before the type, */
        RAW(HEAD NAME "\0"),     /* in the type, */
        RAW(HEAD NAME "\0\1\0"), /* in the class */
    };
    static const uint8_t want[12] = {0x12, 0x34, 0x80, 1};
    struct answer_test *t = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("row %zu\n", i);
        answer_test_send(t, (const uint8_t *)rows[i].bytes, rows[i].len);
        assert_int_equal(t->len, 12);
        assert_memory_equal(t->reply, want, 12);
    }
}

static size_t long_name(uint8_t *p, size_t len)
{
    size_t at = 0;
    while (at + 1 < len) {
        size_t label = len - at - 2 < 63 ? len - at - 2 : 63;
        p[at] = (uint8_t)label;
        memset(p + at + 1, 'x', label);
        at += 1 + label;
    }
    p[at++] = 0;
    return at;
}

static void name_of_255_bytes_is_a_name_and_256_is_not(void **state)
{
    struct answer_test *t = *state;
    uint8_t packet[12 + 256 + 4] = HEAD;
    for (size_t len = 254; len <= 256; len++) {
        size_t end = 12 + long_name(packet + 12, len);
        dns_put16(dns_put16(packet + end, A), 1);
        assert_int_equal(end, 12 + len);
        answer_test_send(t, packet, end + 4);
        assert_int_equal(dns_rcode(t->reply), len <= 255 ? 5 : 1);
        assert_int_equal(t->len, len <= 255 ? end + 4 : 12);
    }
}

/* The question is good, the rest is not: it is echoed, and an OPT answers one that was seen. */
static void malformed_records(void **state)
{
    static const struct {
        struct raw raw;
        const char *want;
    } rows[] = {
#define Q(an, ns, ar) "\x12\x34\0\0\0\1\0" an "\0" ns "\0" ar NAME "\0\1\0\1"
        {RAW(Q("\0", "\0", "\1")), "FORMERR | | |"}, /* counted, not there */
        {RAW(Q("\1", "\0", "\0") "\xc0\x0c\0\1\0\1\0\0\0\0\0\4\1\2\3"), "FORMERR | | |"},
        {RAW(Q("\1", "\0", "\0") OPT "\0\0"), "FORMERR | | | | 1232"}, /* OPT in answer */
        {RAW(Q("\0", "\1", "\0") OPT "\0\0"), "FORMERR | | | | 1232"}, /* OPT in authority */
        {RAW(Q("\0", "\0", "\2") OPT "\0\0" OPT "\0\0"), "FORMERR | | | | 1232"},
        {RAW(Q("\0", "\0", "\1") "\1a" OPT "\0\0"),
         "FORMERR | | | | 1232"}, /* owner not the root */
        /* the OPT of the reply is clean: no NSID, although one was asked for; DO neither */
        {RAW(Q("\0", "\0", "\1") OPT "\0\6\0\3\0\0\0\3"), "FORMERR | | | | 1232"},
        {RAW(Q("\0", "\0", "\1") "\0\0\x29\4\xd0\0\0\x80\0\0\1\0"), "FORMERR | | | | 1232"},
        {RAW(Q("\0", "\0", "\2") OPT "\0\4\0\3\0\0" OPT "\0\0"), "FORMERR | | | | 1232"},
        /* version 1 twice, or longer than the packet, is not even version 1 */
        {RAW(Q("\0", "\0", "\1") "\0\0\x29\4\xd0\0\1\0\0\0\1"), "FORMERR | | | | 1232"},
        /* RFC 8945 5.1: a TSIG that is not the last record of all */
        {RAW(Q("\1", "\0", "\0") TSIG), "FORMERR | | |"},
        {RAW(Q("\0", "\1", "\0") TSIG), "FORMERR | | |"},
        {RAW(Q("\0", "\0", "\2") TSIG TSIG), "FORMERR | | |"},
        {RAW(Q("\0", "\0", "\2") TSIG OPT "\0\0"), "FORMERR | | |"},
        {RAW(Q("\0", "\0", "\1") TSIG), "NOERROR aa | " WWW " | |"}, /* no keys here: read over */
        {RAW(Q("\0", "\0", "\1") OPT "\0\1"), "FORMERR | | | | 1232"},
        {RAW(Q("\0", "\0", "\1") OPT "\0\1\0"), "FORMERR | | | | 1232"},
        {RAW(Q("\0", "\0", "\1") OPT "\0\3\0\3\0"), "FORMERR | | | | 1232"},
        {RAW(Q("\0", "\0", "\1") OPT "\0\5\0\3\0\2x"), "FORMERR | | | | 1232"},
        {RAW(Q("\0", "\0", "\1") OPT), "FORMERR | | | | 1232"}, /* no RDLENGTH */
        /* sound records are read over; pointers in them are not followed */
        {RAW(Q("\1", "\1", "\1") "\xc0\x0c\0\1\0\1\0\0\0\0\0\4\1\2\3\4"
                                 "\xff\xff\0\2\0\1\0\0\0\0\0\0" OPT "\0\0"),
         "NOERROR aa | " WWW " | | | 1232"},
#undef Q
    };
    struct answer_test *t = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("row %zu\n", i);
        answer_test_send(t, (const uint8_t *)rows[i].raw.bytes, rows[i].raw.len);
        assert_int_equal(dns_get16(t->reply + 4), 1);
        answer_test_is(t, rows[i].want);
    }
}

static void bytes_behind_the_last_record_are_ignored_and_counted(void **state)
{
    static const struct raw rows[] = {
        RAW(HEAD NAME "\0\1\0\1"
                      "x"),
        RAW(HEAD NAME "\0\1\0\1" OPT "\0\0"), /* an OPT that no count speaks of is none */
    };
    struct answer_test *t = *state;
    uint64_t before = counter_get(&t->w.ctx->counts[COUNT_TRAILING]);
    for (size_t i = 0; i < COUNT(rows); i++) {
        answer_test_send(t, (const uint8_t *)rows[i].bytes, rows[i].len);
        answer_test_is(t, "NOERROR aa | " WWW " | |");
    }
    assert_int_equal(counter_get(&t->w.ctx->counts[COUNT_TRAILING]), before + COUNT(rows));
}

static void case_of_the_question_comes_back(void **state)
{
    struct answer_test *t = *state;
    static const struct dns_ask ask = ASK("wWw.S3.eXample.COM", A);
    uint8_t packet[DNS_QUERY_MAX];
    size_t len = dns_query(&ask, packet);
    answer_test_send(t, packet, len);
    assert_int_equal(dns_count(t->reply, 0), 1);
    assert_memory_equal(t->reply + 12, packet + 12, len - 12);
}

static void any_byte_may_stand_in_a_label(void **state)
{
    struct answer_test *t = *state;
    uint8_t packet[] = HEAD "\3\0\xff.\4wild\2s3\7example\3com\0\0\1\0\1";
    answer_test_send(t, packet, sizeof packet - 1);
    answer_test_is(t, "NOERROR aa | \\000\\255\\..wild.s3.example.com. 300 IN A 192.0.2.9 | |");
}

static void classes(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", A, .class = CLASS_ANY), "REFUSED | | |"},
        {ASK("www.s3.example.com", A, .class = CLASS_NONE), "REFUSED | | |"},
        {ASK("www.s3.example.com", A, .class = CH), "REFUSED | | |"},
        {ASK("HostName.Bind", TXT, .class = CH),
         "NOERROR aa | HostName.Bind. 0 CH TXT \"ns1.example.net\" | |"},
        {ASK("id.server", TXT, .class = CH),
         "NOERROR aa | id.server. 0 CH TXT \"ns1.example.net\" | |"},
        {ASK("id.server", A, .class = CH), "NOERROR aa | | |"},
        {ASK("other.bind", TXT, .class = CH), "REFUSED | | |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
    struct answer_test *t = *state;
    t->w.settings.identity = NULL;
    answer_test_ask(t, &(struct dns_ask)ASK("id.server", TXT, .class = CH));
    answer_test_is(t, "REFUSED | | |");
    answer_test_ask(t, &(struct dns_ask)ASK("version.bind", TXT, .class = CH));
    assert_int_equal(dns_count(t->reply, 0), 1);
    assert_non_null(memmem(t->reply, t->len, "dnsd ", 5));
    t->w.settings.identity = "ns1.example.net";
}

static void rfc6895_types_that_are_no_data(void **state)
{
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", 252), "NOTIMPL | | |"}, /* AXFR */
        {ASK("www.s3.example.com", 251), "NOTIMPL | | |"},
        {ASK("www.s3.example.com", 200, .payload = 512), "NOTIMPL | | | | 1232 ede=21"},
        {ASK("www.s3.example.com", OPT_TYPE, .payload = 512), "FORMERR | | | | 1232 ede=30"},
        {ASK("www.s3.example.com", 250), "FORMERR | | |"},
        {ASK("www.s3.example.com", 128), "FORMERR | | |"},
        {ASK("version.bind", OPT_TYPE, .class = CH), "FORMERR | | |"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

static void rfc6891_edns(void **state)
{
#define ANSWER "NOERROR aa | " WWW " | | | 1232"
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", A, .payload = 4096), ANSWER},
        {ASK("www.s3.example.com", A, .payload = 1), ANSWER},
        {ASK("www.s3.example.com", A, .payload = 512, .edns_flags = 0x8000), ANSWER " do"},
        {ASK("www.s3.example.com", A, .payload = 512, .edns_flags = 0x7fff), ANSWER},
        {ASK("www.s3.example.com", A, .payload = 512, .edns_version = 1), "BADVERS | | | | 1232"},
        /* version 1 decides before options of a form that version 0 cannot read */
        {ASK("www.s3.example.com", A, .payload = 512, .edns_version = 1, .options = "\0",
             .options_len = 1),
         "BADVERS | | | | 1232"},
        {ASK("www.s3.example.com", A, .payload = 512, .options = "\0\x64\0\1x\0\x8\0\0",
             .options_len = 9),
         ANSWER},
        {ASK("www.s3.example.com", A, .payload = 512, .options = "\0\3\0\0", .options_len = 4),
         ANSWER " nsid=ns1.example.net"},
        /* data in the request is ignored, a second one too (RFC 5001 2.1) */
        {ASK("www.s3.example.com", A, .payload = 512, .options = "\0\3\0\1x\0\3\0\0",
             .options_len = 9),
         ANSWER " nsid=ns1.example.net"},
    };
    answer_test_rows(*state, rows, COUNT(rows));
}

#define COOKIE_OPTION                                                                              \
    "\0\x0a\0\x8"                                                                                  \
    "01234567"

/* The cookie in the reply's OPT, which is the last record. */
static const uint8_t *cookie_of(const struct answer_test *t)
{
    const uint8_t *option = t->reply + t->len - 28;
    assert_memory_equal(option, "\0\x0a\0\x18", 4);
    return option + 4;
}

static void rfc7873_cookies(void **state)
{
#define WITH(bytes) .payload = 512, .options = (bytes), .options_len = sizeof(bytes) - 1
#define MALFORMED(bytes)                                                                           \
    {                                                                                              \
        ASK("www.s3.example.com", A, WITH(bytes)), "FORMERR | | | | 1232"                          \
    }
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", A, WITH(COOKIE_OPTION)), ANSWER " option=10"},
        {ASK("example.net", A, WITH(COOKIE_OPTION)), "REFUSED | | | | 1232 option=10 ede=20"},
        /* of two the first counts, whatever the second is */
        {ASK("www.s3.example.com", A, WITH(COOKIE_OPTION "\0\x0a\0\1x")), ANSWER " option=10"},
        {ASK("www.s3.example.com", A, WITH("\0\3\0\0" COOKIE_OPTION)),
         ANSWER " nsid=ns1.example.net option=10"},
        /* a server cookie of somebody else: answered all the same, with a good one */
        {ASK("www.s3.example.com", A,
             WITH("\0\x0a\0\x10"
                  "0123456789abcdef")),
         ANSWER " option=10"},
        MALFORMED("\0\x0a\0\0"),
        MALFORMED("\0\x0a\0\7"
                  "0123456"),
        MALFORMED("\0\x0a\0\x9"
                  "012345678"),
        MALFORMED("\0\x0a\0\xf"
                  "0123456789abcde"),
        MALFORMED("\0\x0a\0\x29"
                  "0123456789abcdef0123456789abcdef012345678"),
    };
#undef MALFORMED
#undef WITH
    answer_test_rows(*state, rows, COUNT(rows));
}

static void a_cookie_comes_back_good(void **state)
{
    struct answer_test *t = *state;
    counter *counts = t->w.ctx->counts;
    char option[28] = "\0\x0a\0\x18";
    struct dns_ask ask =
        ASK("www.s3.example.com", A, .payload = 512, .options = COOKIE_OPTION, .options_len = 12);
    t->wall_ms = 1795165923000;
    memset(counts, 0, sizeof t->w.ctx->counts);
    answer_test_ask(t, &ask);
    memcpy(option + 4, cookie_of(t), 24);
    ask.options = option;
    ask.options_len = sizeof option;
    answer_test_ask(t, &ask);
    assert_memory_equal(cookie_of(t), option + 4, 24);
    assert_int_equal(counter_get(&counts[COUNT_COOKIE_NEW]), 1);
    assert_int_equal(counter_get(&counts[COUNT_COOKIE_GOOD]), 1);
    t->wall_ms += 3601 * 1000;
    answer_test_ask(t, &ask);
    assert_memory_not_equal(cookie_of(t), option + 4, 24);
    assert_int_equal(counter_get(&counts[COUNT_COOKIE_BAD]), 1);
    t->wall_ms = 0;
}

static void rfc7873_5_4_a_query_for_a_cookie_alone(void **state)
{
    static const struct {
        struct raw raw;
        const char *want;
    } rows[] = {
#define EMPTY "\x12\x34\0\0\0\0\0\0\0\0\0\1"
        {RAW(EMPTY OPT "\0\x0c" COOKIE_OPTION), "NOERROR | | | | 1232 option=10"},
        {RAW(EMPTY OPT "\0\0"), "FORMERR | | | | 1232"},
        {RAW(EMPTY OPT "\0\5\0\x0a\0\1x"), "FORMERR | | | | 1232"},
        {RAW(EMPTY "\0\0\x29\4\xd0\0\1\0\0\0\0"), "BADVERS | | | | 1232"},
#undef EMPTY
    };
    struct answer_test *t = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        answer_test_send(t, (const uint8_t *)rows[i].raw.bytes, rows[i].raw.len);
        assert_int_equal(dns_get16(t->reply + 4), 0);
        answer_test_is(t, rows[i].want);
    }
}

static void without_secrets_there_are_no_cookies(void **state)
{
    struct answer_test *t = *state;
    t->w.settings.cookies.n = 0;
    answer_test_ask(t, &(struct dns_ask)ASK("www.s3.example.com", A, .payload = 512,
                                            .options = COOKIE_OPTION, .options_len = 12));
    answer_test_is(t, ANSWER);
    t->w.settings.cookies.n = 1;
}

static void rfc9660_zone_version(void **state)
{
#define ASKED(data)                                                                                \
    .payload = 512, .options = "\0\x13\0" data, .options_len = sizeof("\0\x13\0" data) - 1
#define SOA                                                                                        \
    "s3.example.com. 3600 IN SOA ns1.s3.example.com. hostmaster.example.com. 1 14400 3600 "        \
    "1209600 3600"
    static const struct answer_row rows[] = {
        {ASK("www.s3.example.com", A, ASKED("\0")), ANSWER " zone=3,0,1"},
        {ASK("no.www.s3.example.com", A, ASKED("\0")),
         "NXDOMAIN aa | | " SOA " | | 1232 zone=3,0,1"},
        {ASK("one.s3.example.com", A, ASKED("\0")),
         "NOERROR aa | one.s3.example.com. 5 IN A 10.0.0.1 | | | 1232 zone=3,0,1"},
        {ASK("maint.s3.example.com", A, ASKED("\0")),
         "SERVFAIL | | | | 1232 zone=3,0,1 ede=14:every node of the pool is in maintenance"},
        /* data in the query is ignored (3.2) */
        {ASK("www.s3.example.com", A, ASKED("\3\1\2\3")), ANSWER " zone=3,0,1"},
        /* a zone that is not ours has no version, and another class no zone */
        {ASK("example.net", A, ASKED("\0")), "REFUSED | | | | 1232 ede=20"},
        {ASK("id.server", TXT, .class = CH, ASKED("\0")),
         "NOERROR aa | id.server. 0 CH TXT \"ns1.example.net\" | | | 1232"},
    };
#undef SOA
#undef ASKED
    answer_test_rows(*state, rows, COUNT(rows));
    struct answer_test *t = *state;
    answer_test_ask(t, &(struct dns_ask)ASK("sub.s3.example.com", A, .payload = 512,
                                            .options = "\0\x13\0\0", .options_len = 4));
    assert_false(dns_flag(t->reply, DNS_AA)); /* a referral is from the zone above the cut */
    assert_memory_equal(t->reply + t->len - 10, "\0\x13\0\6\3\0\0\0\0\1", 10);
}

static void rcodes_are_counted(void **state)
{
    struct answer_test *t = *state;
    memset(t->w.ctx->counts, 0, sizeof t->w.ctx->counts);
    answer_test_ask(t, &(struct dns_ask)ASK("www.s3.example.com", A));
    answer_test_ask(t, &(struct dns_ask)ASK("no.www.s3.example.com", A));
    t->tcp = true;
    answer_test_ask(t, &(struct dns_ask)ASK("one.s3.example.com", A));
    answer_test_ask(t, &(struct dns_ask)ASK("example.net", A));
    t->tcp = false;
    static const uint64_t want[COUNT_ANSWERS] = {
        [COUNT_UDP] = 2,      [COUNT_TCP] = 2,     [COUNT_NOERROR] = 2,
        [COUNT_NXDOMAIN] = 1, [COUNT_REFUSED] = 1, [COUNT_POOL] = 1,
    };
    for (int i = 0; i < COUNT_ANSWERS; i++)
        assert_int_equal(counter_get(&t->w.ctx->counts[i]), want[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence),
        cmocka_unit_test(flags_of_the_reply),
        cmocka_unit_test(rfc8906_other_opcodes_get_a_bare_notimp),
        cmocka_unit_test(malformed_questions),
        cmocka_unit_test(name_of_255_bytes_is_a_name_and_256_is_not),
        cmocka_unit_test(malformed_records),
        cmocka_unit_test(bytes_behind_the_last_record_are_ignored_and_counted),
        cmocka_unit_test(case_of_the_question_comes_back),
        cmocka_unit_test(any_byte_may_stand_in_a_label),
        cmocka_unit_test(classes),
        cmocka_unit_test(rfc6895_types_that_are_no_data),
        cmocka_unit_test(rfc6891_edns),
        cmocka_unit_test(rfc7873_cookies),
        cmocka_unit_test(a_cookie_comes_back_good),
        cmocka_unit_test(rfc7873_5_4_a_query_for_a_cookie_alone),
        cmocka_unit_test(without_secrets_there_are_no_cookies),
        cmocka_unit_test(rfc9660_zone_version),
        cmocka_unit_test(rcodes_are_counted),
    };
    return cmocka_run_group_tests(tests, answer_test_setup, answer_test_teardown);
}
