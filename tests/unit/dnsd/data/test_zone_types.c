/* Record types beyond the common ones: from master file text to the bytes of an answer. */
#include "dnsd/data/zone_rdata.h"
#include "dnsd/wire/name.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/zone_test.h"

#define BYTES(text) (text), sizeof(text) - 1

#define HASH "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef"
#define HEX  "0123456789abcdef0123456789abcdef"

static const struct {
    const char *rfc, *type, *text;
    const char *rdata;
    size_t len;
} good[] = {
    {"RFC 2782", "SRV", "1 2 9000 node", BYTES("\0\1\0\2\x23\x28\4node\2s3\4test")},
    {"RFC 1035 3.3.9", "MX", "10 Mail.s3.test.", BYTES("\0\12\4Mail\2s3\4test")},
    {"RFC 1035 3.3.14", "TXT", "\"a b\" c \"\"", BYTES("\3a b\1c\0")},
    {"RFC 3403 4", "NAPTR", "1 2 \"s\" \"S3+D2T\" \"\" _s3._tcp",
     BYTES("\0\1\0\2\1s\6S3+D2T\0\3_s3\4_tcp\2s3\4test")},
    {"RFC 4034 5", "DS", "258 13 2 " HEX HEX, BYTES("\1\2\15\2" HASH HASH)},
    {"RFC 4255", "SSHFP", "4 2 " HEX HEX, BYTES("\4\2" HASH HASH)},
    {"RFC 6698", "TLSA", "3 1 1 " HEX HEX, BYTES("\3\1\1" HASH HASH)},
    {"RFC 7553", "URI", "10 1 \"https://x/\"", BYTES("\0\12\0\1https://x/")},
    {"RFC 8659", "CAA", "0 issue \"ca.example\"", BYTES("\0\5issueca.example")},
    {"RFC 8659", "CAA", "128 iodef \"\"", BYTES("\x80\5iodef")},
    {"RFC 3597 5", "TYPE65280", "\\# 3 ab (\ncd 01 )", BYTES("\xab\xcd\1")},
    {"RFC 3597 5", "TYPE65280", "\\# 0", BYTES("")},
    {"RFC 3597 5", "SRV", "\\# 8 00010002 2328 0161", NULL, 0},
    {"RFC 3597 5", "SRV", "\\# 9 00010002 2328 0161 00", BYTES("\0\1\0\2\x23\x28\1a\0")},
    {"RFC 4025", "IPSECKEY", "\\# 4 0a000261", BYTES("\12\0\2a")},
    {"RFC 9460 2.4.2", "HTTPS", "0 Node", BYTES("\0\0\4Node\2s3\4test")},
    {"RFC 9460 2.4.3", "HTTPS", "1 .", BYTES("\0\1\0")},
    {"RFC 9460 7.1.1", "HTTPS", "1 . alpn=\"h2,h3\" no-default-alpn",
     BYTES("\0\1\0\0\1\0\6\2h2\2h3\0\2\0\0")},
    {"RFC 9460 7", "SVCB", "2 . ipv6hint=2001:db8::1 port=9000 ipv4hint=192.0.2.1,192.0.2.2",
     BYTES("\0\2\0\0\3\0\2\x23\x28\0\4\0\10\xc0\0\2\1\xc0\0\2\2"
           "\0\6\0\20\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1")},
    {"RFC 9460 8", "HTTPS", "1 . mandatory=alpn,port port=443 alpn=h2",
     BYTES("\0\1\0\0\0\0\4\0\1\0\3\0\1\0\3\2h2\0\3\0\2\1\xbb")},
    {"RFC 9460 2.1", "SVCB", "1 . key667=hello", BYTES("\0\1\0\2\x9b\0\5hello")},
};

static void types_are_served_byte_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        char text[600];
        uint16_t type;
        struct errs errs = {0};
        struct name name;
        struct zones *z = zones_new();
        snprintf(text, sizeof text, "x %s %s\n", good[i].type, good[i].text);
        print_message("%s: %s", good[i].rfc, text);
        bool added = zone_test_add(z, "s3.test", text, &errs);
        errs_print(&errs, stdout);
        errs_fini(&errs);
        assert_int_equal(added, good[i].rdata != NULL);
        if (added) {
            zones_finish(z);
            assert_true(name_from_text(span_of("x.s3.test"), &name));
            assert_true(zone_rdata_type(span_of(good[i].type), &type));
            const struct rrset *set = node_rrset(zones_find(z, name.wire, name.len).node, type);
            /* the text of C ends with a NUL: the root label of a name at the end */
            size_t len = set->len - 12;
            assert_true(len == good[i].len || len == good[i].len + 1);
            assert_memory_equal(set->records + 12, good[i].rdata, len);
        }
        zones_release(z);
    }
}

static void long_texts_are_whole(void **state)
{
    (void)state;
    enum { STRINGS = 200, LINE = 258 };
    char *text = calloc(1, (STRINGS + 1) * LINE), *p = text;
    p += sprintf(p, "x TXT (");
    for (int i = 0; i < STRINGS; i++)
        p += sprintf(p, "\n\"%0255d\"", i);
    strcpy(p, ")\n");
    struct name name;
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test", text);
    zones_finish(z);
    assert_true(name_from_text(span_of("x.s3.test"), &name));
    const struct rrset *set = node_rrset(zones_find(z, name.wire, name.len).node, TYPE_TXT);
    assert_int_equal(set->len, 12 + STRINGS * 256);
    for (int i = 0; i < STRINGS; i++) {
        char want[257];
        snprintf(want, sizeof want, "\xff%0255d", i);
        assert_memory_equal(set->records + 12 + 256 * i, want, 256);
    }
    zones_release(z);
    free(text);
}

static void refused_data(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error; /* how it ends */
    } rows[] = {
        {"HTTPS 1 . port=1 port=2", "a key stands twice, or keys do not rise (RFC 9460 2.2)"},
        {"HTTPS \\# 15 0001 00 0003 0002 0050 0001 0002 0161",
         "a key stands twice, or keys do not rise (RFC 9460 2.2)"},
        {"HTTPS \\# 9 0001 00 0000 0002 0001",
         "mandatory lists a key that the record does not have (RFC 9460 8)"},
        {"HTTPS 1 . mandatory=port alpn=h2",
         "mandatory lists a key that the record does not have (RFC 9460 8)"},
        {"SVCB \\# 15 0001 00 0000 0002 0000 0003 0002 0050",
         "mandatory lists keys in rising order, each once, and not itself (RFC 9460 8)"},
        {"SVCB \\# 17 0001 00 0000 0004 0003 0003 0003 0002 0050",
         "mandatory lists keys in rising order, each once, and not itself (RFC 9460 8)"},
        {"SVCB \\# 7 0001 00 0000 0000", "mandatory lists no key (RFC 9460 8)"},
        {"SVCB \\# 7 0001 00 0001 0000", "alpn lists names of 1 to 255 bytes (RFC 9460 7.1.1)"},
        {"SVCB \\# 9 0001 00 0001 0002 0268",
         "alpn lists names of 1 to 255 bytes (RFC 9460 7.1.1)"},
        {"HTTPS 1 . no-default-alpn", "no-default-alpn needs alpn (RFC 9460 7.1.1)"},
        {"SVCB \\# 14 0001 00 0001 0002 0161 0002 0001 00",
         "no-default-alpn has no value (RFC 9460 7.1.1)"},
        {"SVCB \\# 8 0001 00 0003 0001 50", "port is one number of 16 bits (RFC 9460 7.2)"},
        {"SVCB \\# 10 0001 00 0004 0003 c00002", "ipv4hint lists IPv4 addresses (RFC 9460 7.3)"},
        {"SVCB \\# 7 0001 00 0006 0000", "ipv6hint lists IPv6 addresses (RFC 9460 7.3)"},
        {"SVCB \\# 7 0001 00 ffff 0000", "key65535 is reserved (RFC 9460 14.3.2)"},
        {"SVCB \\# 8 0001 00 0005 0002 00", "a value is cut off"},
        {"SVCB \\# 3 0001 01", "these bytes are not data of type SVCB"},
        {"MX 10 \\# 4 zzzzzzzz", "\\# can only be the first word of the data (RFC 3597 5)"},
        {"TXT \"a\"\\# 4 zz", "\\# can only be the first word of the data (RFC 3597 5)"},
        {"CERT 0", "write the data of CERT as \\# length hex (RFC 3597 5)"},
        {"IPSECKEY 10 1 2 192.0.2.38 AQNR",
         "write the data of IPSECKEY as \\# length hex (RFC 3597 5)"},
        {"TXT \\# 2 0261", "these bytes are not data of type TXT"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[300];
        struct errs errs = {0};
        struct zones *z = zones_new();
        snprintf(text, sizeof text, "\nx %s\n\n", rows[i].text);
        print_message("%s", text);
        assert_false(zone_test_add(z, "s3.test", text, &errs));
        errs_print(&errs, stdout);
        assert_int_equal(errs.n, 1);
        assert_int_equal(errs.items[0].line, 2);
        const char *end = strstr(errs.items[0].text, rows[i].error);
        assert_non_null(end);
        assert_string_equal(end, rows[i].error);
        errs_fini(&errs);
        zones_release(z);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_served_byte_exact),
        cmocka_unit_test(long_texts_are_whole),
        cmocka_unit_test(refused_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
