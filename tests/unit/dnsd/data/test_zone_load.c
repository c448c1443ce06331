/* Master files: what is read, and the place and words of what is refused. */
#include "dnsd/data/zone.h"
#include "dnsd/wire/name.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/zone_test.h"

static const struct zone_node *find(const struct zones *z, const char *text)
{
    struct name name;
    assert_true(name_from_text(span_of(text), &name));
    struct lookup l = zones_find(z, name.wire, name.len);
    assert_int_equal(l.kind, LOOKUP_NODE);
    return l.node;
}

static void expect(const struct zones *z, const char *name, uint16_t type, uint32_t ttl_s,
                   unsigned count)
{
    print_message("%s %u\n", name, type);
    const struct rrset *set = node_rrset(find(z, name), type);
    assert_non_null(set);
    assert_int_equal(set->ttl_s, ttl_s);
    assert_int_equal(set->count, count);
}

static void rfc1035_master_file(void **state)
{
    (void)state;
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test",
                       "; comments and empty lines\n\n"
                       "www A 192.0.2.1 ; the default TTL of the zone\n"
                       "    60 TXT ( \"a\"\n   \"b\" ) ; the owner before, over two lines\n"
                       "$TTL 1h\n"
                       "WWW AAAA 2001:db8::1\n"
                       "$ORIGIN deep.s3.test.\n"
                       "@ MX 10 mail\n"
                       "mail 5 IN A 192.0.2.2\n"
                       "mail 9 IN A 192.0.2.3\n"
                       "mail 9 IN A 192.0.2.3\n"
                       "s3.test. TYPE65280 \\# 2 abcd\n"
                       "last TXT no-newline-at-the-end");
    zones_finish(z);
    expect(z, "www.s3.test", TYPE_A, 3600, 1);
    expect(z, "www.s3.test", TYPE_TXT, 60, 1);
    expect(z, "www.s3.test", TYPE_AAAA, 3600, 1);
    expect(z, "deep.s3.test", 15, 3600, 1);
    expect(z, "mail.deep.s3.test", TYPE_A, 5, 2); /* RFC 2181 5.2, and no record twice */
    expect(z, "s3.test", 65280, 3600, 1);
    expect(z, "last.deep.s3.test", TYPE_TXT, 3600, 1);
    zones_release(z);
}

static void records_are_ready_to_copy(void **state)
{
    (void)state;
    static const uint8_t want[] = "\xc0\x0c\0\2\0\1\0\0\0\x3c\0\x0c\2Ns\2s3\4test"
                                  "\0";
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test", "x.y 60 TXT x\n@ 60 NS Ns\nns A 192.0.2.1\n");
    zones_finish(z);
    const struct rrset *ns = node_rrset(find(z, "s3.test"), TYPE_NS);
    assert_int_equal(ns->len, 24);
    assert_memory_equal(ns->records, want, 24);
    zones_release(z);
}

static void soa_and_ns_of_the_file_win(void **state)
{
    (void)state;
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test",
                       "@ 600 SOA a.example. b.example. 77 1 2 3 30\n@ 600 NS a.example.\n");
    zones_finish(z);
    expect(z, "s3.test", TYPE_SOA, 600, 1);
    expect(z, "s3.test", TYPE_NS, 600, 1);
    const struct zone_node *apex = find(z, "s3.test");
    assert_int_equal(apex->negative->ttl_s, 30); /* RFC 2308 5: the smaller one */
    assert_int_equal(apex->negative->records[9], 30);
    assert_int_equal(apex->negative->len, node_rrset(apex, TYPE_SOA)->len);
    zones_release(z);
}

static void refused_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
        const char *error; /* how it begins */
    } rows[] = {
        {"www A 192.0.2.1\nwww A 192.0.2\n", 2, "Syntax error, could not parse the RR's rdata"},
        {"www A\n", 1, ""},
        {"www A 192.0.2.1 192.0.2.2\n", 1, ""},
        {"\n\nwww BOGUS x\n", 3, ""},
        {"www.example. A 192.0.2.1\n", 1, "www.example. is outside the zone s3.test."},
        {"a 60 A 192.0.2.1\na CNAME www\n", 2,
         "a.s3.test. has a CNAME record and can have nothing else"},
        {"a CNAME www\na TXT x\n", 2, "a.s3.test. has a CNAME record and can have nothing else"},
        {"a CNAME www\na CNAME b\n", 2, "a.s3.test. has a CNAME record and can have nothing else"},
        {"@ CNAME www\n", 1, "s3.test.: the top of a zone cannot be a CNAME"},
        {"a SOA a. b. 1 2 3 4 5\n", 1, "a.s3.test.: SOA belongs at the top of the zone only"},
        {"@ SOA a. b. 1 2 3 4 5\n@ SOA a. c. 1 2 3 4 5\n", 2,
         "s3.test.: the zone already has a SOA record"},
        {"a DNAME b\n", 1, "a.s3.test.: DNAME is not supported: use CNAME records"},
        {"*.a NS b\n", 1, "*.a.s3.test.: a wildcard cannot be delegated (RFC 4592 4.2)"},
        {"a CH TXT x\n", 1, "only class IN can be served"},
        {"a 2147483648 A 192.0.2.1\n", 1, "the TTL is above 2147483647 (RFC 2181 8)"},
        {"$INCLUDE other\n", 1, "$INCLUDE is not supported: use one file"},
        {"a TYPE250 \\# 0\n", 1, ""},
        {"a TYPE2 \\# 3 036e73\n", 1, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = {0};
        struct zones *z = zones_new();
        print_message("%s", rows[i].text);
        assert_false(zone_test_add(z, "s3.test", rows[i].text, &err));
        print_message("  -> %d: %s\n", err.line, err.text);
        assert_int_equal(err.line, rows[i].line);
        assert_true(err.file[0] && err.text[0]);
        assert_true(span_starts(span_of(err.text), rows[i].error));
        zones_release(z);
    }
}

static void rrset_must_fit_one_message(void **state)
{
    (void)state;
    enum { LINES = 4000 };
    char *text = malloc(LINES * 40), *p = text;
    for (int i = 0; i < LINES; i++)
        p += sprintf(p, "a A 10.0.%d.%d\n", i / 256, i % 256);
    struct err err;
    struct zones *z = zones_new();
    assert_false(zone_test_add(z, "s3.test", text, &err));
    assert_string_equal(err.text, "a.s3.test.: the A records do not fit one DNS message");
    assert_int_equal(err.line, 60000 / 16 + 1);
    zones_release(z);
    free(text);
}

static void missing_file(void **state)
{
    (void)state;
    struct err err;
    char line[700];
    struct zones *z = zones_new();
    struct zone_spec spec = {.apex = "s3.test", .file = "/nonexistent/s3.test.zone"};
    assert_false(zones_add(z, &spec, &err));
    assert_string_equal(err_format(&err, line, sizeof line),
                        "/nonexistent/s3.test.zone: cannot open the zone file: "
                        "No such file or directory");
    zones_release(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc1035_master_file),        cmocka_unit_test(records_are_ready_to_copy),
        cmocka_unit_test(soa_and_ns_of_the_file_win), cmocka_unit_test(refused_files),
        cmocka_unit_test(rrset_must_fit_one_message), cmocka_unit_test(missing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
