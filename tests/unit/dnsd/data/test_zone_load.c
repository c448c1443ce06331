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
        {"www A 192.0.2.1\nwww A 192.0.2\n\n\n", 2,
         "A record: expected an IPv4 address such as 192.0.2.1, found `192.0.2`"},
        {"www A\n", 1, "A record without data: expected an IPv4 address such as 192.0.2.1"},
        {"www A 192.0.2.1 192.0.2.2\n", 1,
         "A record: expected an IPv4 address such as 192.0.2.1, found `192.0.2.1 192.0.2.2`"},
        {"@ MX ten mail\n", 1, "MX record: expected PREFERENCE NAME, found `ten mail`"},
        {"a SRV 1 2 x\n", 1, "SRV record: expected PRIORITY WEIGHT PORT NAME, found `1 2 x`"},
        {"a RP x\n", 1, "TYPE17 record: `x` cannot be read: Syntax error, value expected"},
        {"\n\nwww BOGUS x\n", 3, "\"BOGUS\" is not a record type"},
        {"www TYPE65536 \\# 0\n", 1, "\"TYPE65536\" is not a record type"},
        {"www 60 IN\n", 1, "the type of the record is missing"},
        {"www 1y A 192.0.2.1\n", 1, "\"1y\" is not a TTL: write 3600, 1h or 1h30m"},
        {"a..b A 192.0.2.1\n", 1, "\"a..b\" is not a domain name"},
        {"x A 192.0.2.1\nc.test.. A 192.0.2.1\n  TXT x\n", 2, "\"c.test..\" is not a domain name"},
        {"  A 192.0.2.1\n", 1, "the first record needs an owner name"},
        {"a A 192.0.2.1 )\n", 1, "\")\" without \"(\""},
        {"\na TXT ( \"x\"\n\n\n", 2, "\"(\" is never closed"},
        {"a TXT \"x\nb A 192.0.2.1\n", 1, "a quoted text must end on its line"},
        {"a TXT x\\", 1, "a backslash cannot stand at the end of a line"},
        {"a TXT x\\\nb A 192.0.2.1\n", 1, "a backslash cannot stand at the end of a line"},
        {"a TXT \"x", 1, "a quoted text is never closed"},
        {"a TXT \x01\n", 1, "a control character: this is no text"},
        {"$GENERATE 1-3 a A 192.0.2.1\n", 1, "$GENERATE is not supported: $ORIGIN and $TTL are"},
        {"$TTL\n", 1, "$TTL needs a value"},
        {"$TTL x\n", 1, "\"x\" is not a TTL: write 3600, 1h or 1h30m"},
        {"$TTL 60 70\n", 1, "$TTL takes one value: \"70\" is too much"},
        {"$ORIGIN a..b\n", 1, "\"a..b\" is not a domain name"},
        {"www.example. A 192.0.2.1\n", 1, "www.example. is outside the zone s3.test."},
        {"a 60 A 192.0.2.1\na CNAME www\n", 2,
         "a.s3.test. has a CNAME record and can have nothing else (RFC 1034 3.6.2)"},
        {"a CNAME www\na TXT x\n", 2,
         "a.s3.test. has a CNAME record and can have nothing else (RFC 1034 3.6.2)"},
        {"a CNAME www\na CNAME b\n", 2,
         "a.s3.test. has a CNAME record and can have only one (RFC 1034 3.6.2)"},
        {"@ CNAME www\n", 1, "s3.test.: the top of a zone cannot be a CNAME"},
        {"a SOA a. b. 1 2 3 4 5\n", 1, "a.s3.test.: SOA belongs at the top of the zone only"},
        {"@ SOA a. b. 1 2 3 4 5\n@ SOA a. c. 1 2 3 4 5\n", 2,
         "s3.test.: the zone already has a SOA record"},
        {"a DNAME b\n", 1, "a.s3.test.: DNAME is not supported: use CNAME records"},
        {"*.a NS b\n", 1, "*.a.s3.test.: a wildcard cannot be delegated (RFC 4592 4.2)"},
        {"a CH TXT x\n", 1, "only class IN can be served"},
        {"a 2147483648 A 192.0.2.1\n", 1, "the TTL is above 2147483647 (RFC 2181 8)"},
        {"a 99999999999w A 192.0.2.1\n", 1, "the TTL is above 2147483647 (RFC 2181 8)"},
        {"$INCLUDE other\n", 1,
         "$INCLUDE is not supported: put the records of other into this file"},
        {"a TYPE250 \\# 0\n", 1, "TSIG records cannot stand in a zone"},
        {"a TYPE2 \\# 3 036e73\n", 1, "these bytes are not data of type NS"},
        {"a A \\# 4 zzzzzzzz\n", 1,
         "\\# wants the number of bytes and as many pairs of hex digits (RFC 3597 5)"},
        {"a A \\# 3 c00002\n", 1, "these bytes are not data of type A"},
        {"a TYPE65280 \\# 3 abcd\n", 1,
         "\\# wants the number of bytes and as many pairs of hex digits (RFC 3597 5)"},
        {"a TYPE65280 \\# 65536 ab\n", 1,
         "\\# wants the number of bytes and as many pairs of hex digits (RFC 3597 5)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct errs errs = {0};
        struct zones *z = zones_new();
        print_message("%s", rows[i].text);
        assert_false(zone_test_add(z, "s3.test", rows[i].text, &errs));
        assert_int_equal(errs.n, 1);
        const struct err *err = &errs.items[0];
        print_message("  -> %d: %s\n", err->line, err->text);
        assert_int_equal(err->line, rows[i].line);
        assert_true(err->file[0]);
        assert_string_equal(err->text, rows[i].error);
        errs_fini(&errs);
        zones_release(z);
    }
}

static void every_error_in_the_order_of_the_file(void **state)
{
    (void)state;
    static const int lines[] = {1, 3, 5, 9};
    struct errs errs = {0};
    struct zones *z = zones_new();
    assert_false(zone_test_add(z, "s3.test",
                               "a A x\na A 192.0.2.1\nb BOGUS\n\nc TXT (\n\"x ; y\n\n\n"
                               "www.example. A 192.0.2.1\nc A 192.0.2.2 ; good\n",
                               &errs));
    errs_print(&errs, stdout);
    assert_int_equal(errs.n, COUNT(lines));
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_int_equal(errs.items[i].line, lines[i]);
    errs_fini(&errs);
    zones_release(z);
}

static void an_end_to_the_errors(void **state)
{
    (void)state;
    enum { LINES = 3 * ZONE_MAX_ERRORS };
    char text[LINES * 6 + 1] = "", *p = text;
    for (int i = 0; i < LINES; i++)
        p += sprintf(p, "a A x\n");
    struct errs errs = {0};
    struct zones *z = zones_new();
    assert_false(zone_test_add(z, "s3.test", text, &errs));
    assert_int_equal(errs.n, ZONE_MAX_ERRORS + 1);
    assert_int_equal(errs.items[ZONE_MAX_ERRORS - 1].line, ZONE_MAX_ERRORS);
    assert_string_equal(errs.items[ZONE_MAX_ERRORS].text,
                        "too many errors: the rest of the file was not read");
    errs_fini(&errs);
    zones_release(z);
}

static void what_master_files_write_in_several_ways(void **state)
{
    (void)state;
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test",
                       "a IN 60 A 192.0.2.1\n"
                       "b 1h30m IN A 192.0.2.1\n"
                       "c\tCLASS1\t2W\ta\t192.0.2.1\r\n"
                       "d.s3.test. A (192.0.2.1)\n"
                       "$ORIGIN deep ; relative to the one before\n"
                       "@ 5 TXT a\\;b \"(;)\" \\\"\n"
                       "\\101 5 TXT x\n"
                       "  TYPE1 \\# 4 C0 0002 01\n");
    zones_finish(z);
    expect(z, "a.s3.test", TYPE_A, 60, 1);
    expect(z, "b.s3.test", TYPE_A, 5400, 1);
    expect(z, "c.s3.test", TYPE_A, 1209600, 1);
    expect(z, "d.s3.test", TYPE_A, 3600, 1);
    static const uint8_t texts[] = "\3a;b\3(;)\1\"";
    const struct rrset *txt = node_rrset(find(z, "deep.s3.test"), TYPE_TXT);
    assert_int_equal(txt->len, 12 + sizeof texts - 1);
    assert_memory_equal(txt->records + 12, texts, sizeof texts - 1);
    expect(z, "e.deep.s3.test", TYPE_TXT, 5, 1);
    expect(z, "e.deep.s3.test", TYPE_A, 3600, 1);
    zones_release(z);
}

/* Fails to add `text` under these limits; the only error is at `line`. */
static void refused_by_limit(const char *text, uint64_t max_bytes, size_t max_items, int line,
                             const char *says)
{
    char path[] = "/tmp/zone_limit.XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    struct errs errs = {0};
    struct zones *z = zones_new();
    struct zone_spec spec = {
        .apex = "s3.test", .file = path, .max_bytes = max_bytes, .max_items = max_items};
    assert_false(zones_add(z, &spec, &errs));
    errs_print(&errs, stdout);
    assert_int_equal(errs.n, 1);
    assert_int_equal(errs.items[0].line, line);
    assert_string_equal(errs.items[0].text, says);
    errs_fini(&errs);
    zones_release(z);
    unlink(path);
}

static void limits_of_a_zone(void **state)
{
    (void)state;
    static const char text[] = "@ SOA a. b. 1 2 3 4 5\n@ NS a.\na A 192.0.2.1\nb.c.d A 192.0.2.1\n";
    static const char many[] =
        "the zone has more than 4 names and records, the most that it may have";
    refused_by_limit(text, 50, 0, 4,
                     "the file is larger than 50 bytes, the most that a zone may have");
    refused_by_limit(text, 0, 4, 4, many);
    char *open = malloc(200001);
    memset(open, 'x', 200000);
    memcpy(open, "a TXT ( ", 8);
    open[200000] = '\0';
    refused_by_limit(open, 0, 0, 1,
                     "the entry is too long for a record: a parenthesis may be open");
    free(open);
}

static void rrset_must_fit_one_message(void **state)
{
    (void)state;
    enum { LINES = 4000 };
    char *text = malloc(LINES * 40), *p = text;
    for (int i = 0; i < LINES; i++)
        p += sprintf(p, "a A 10.0.%d.%d\n", i / 256, i % 256);
    struct errs errs = {0};
    struct zones *z = zones_new();
    assert_false(zone_test_add(z, "s3.test", text, &errs));
    assert_string_equal(errs.items[0].text, "a.s3.test.: the A records do not fit one DNS message");
    assert_int_equal(errs.items[0].line, 60000 / 16 + 1);
    assert_int_equal(errs.n, ZONE_MAX_ERRORS + 1); /* and the rest is not read */
    errs_fini(&errs);
    zones_release(z);
    free(text);
}

static void a_name_has_so_many_types(void **state)
{
    (void)state;
    char text[(ZONE_MAX_TYPES + 1) * 24] = "", *p = text;
    for (int i = 0; i <= ZONE_MAX_TYPES; i++)
        p += sprintf(p, "a TYPE%d \\# 1 00\n", 60000 + i);
    struct errs errs = {0};
    struct zones *z = zones_new();
    assert_false(zone_test_add(z, "s3.test", text, &errs));
    assert_int_equal(errs.n, 1);
    assert_int_equal(errs.items[0].line, ZONE_MAX_TYPES + 1);
    assert_string_equal(errs.items[0].text, "a.s3.test. has records of more than 256 types");
    errs_fini(&errs);
    zones_release(z);
}

static void missing_file(void **state)
{
    (void)state;
    struct errs errs = {0};
    char line[700];
    struct zones *z = zones_new();
    struct zone_spec spec = {.apex = "s3.test", .file = "/nonexistent/s3.test.zone"};
    assert_false(zones_add(z, &spec, &errs));
    assert_string_equal(err_format(&errs.items[0], line, sizeof line),
                        "/nonexistent/s3.test.zone: cannot open the zone file: "
                        "No such file or directory");
    errs_fini(&errs);
    zones_release(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc1035_master_file),
        cmocka_unit_test(records_are_ready_to_copy),
        cmocka_unit_test(soa_and_ns_of_the_file_win),
        cmocka_unit_test(refused_files),
        cmocka_unit_test(rrset_must_fit_one_message),
        cmocka_unit_test(missing_file),
        cmocka_unit_test(a_name_has_so_many_types),
        cmocka_unit_test(every_error_in_the_order_of_the_file),
        cmocka_unit_test(an_end_to_the_errors),
        cmocka_unit_test(what_master_files_write_in_several_ways),
        cmocka_unit_test(limits_of_a_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
