/* Zones without a file: SOA, NS and glue out of the configuration. */
#include "dnsd/data/zone.h"
#include "dnsd/wire/cursor.h"
#include "dnsd/wire/name.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/zone_test.h"

static struct addr addr_of(const char *text)
{
    struct addr a;
    assert_true(addr_parse_ip(span_of(text), &a));
    return a;
}

static const struct rrset *find(const struct zones *z, const char *text, uint16_t type)
{
    struct name name;
    assert_true(name_from_text(span_of(text), &name));
    struct lookup l = zones_find(z, name.wire, name.len);
    return l.node ? node_rrset(l.node, type) : NULL;
}

static void soa_ns_and_glue(void **state)
{
    (void)state;
    struct addr v4 = addr_of("192.0.2.53"), both[] = {v4, addr_of("2001:db8::53")};
    struct zone_server servers[] = {
        {"ns1", &v4, 1}, {"ns2.s3.test.", both, 2}, {"ns.other.net.", NULL, 0}};
    struct zone_spec spec = {"s3.test", "hostmaster.example.com", 7, 300, servers, 3, NULL, NULL, 0,
                             0};
    struct zones *z = zones_new();
    struct errs errs = {0};
    assert_true(zones_add(z, &spec, &errs));
    zones_finish(z);

    static const uint8_t mname_rname[] = "\3ns1\2s3\4test\0\12hostmaster\7example\3com";
    static const uint32_t numbers[] = {7, 14400, 3600, 1209600, 300};
    const struct rrset *soa = find(z, "s3.test", TYPE_SOA);
    assert_int_equal(soa->ttl_s, 300);
    assert_memory_equal(soa->records + 12, mname_rname, sizeof mname_rname);
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_int_equal(get_u32(soa->records + soa->len - 20 + 4 * i), numbers[i]);
    assert_int_equal(find(z, "s3.test", TYPE_NS)->count, 3);
    assert_int_equal(find(z, "ns1.s3.test", TYPE_A)->ttl_s, 300);
    assert_null(find(z, "ns1.s3.test", TYPE_AAAA));
    assert_memory_equal(find(z, "ns2.s3.test", TYPE_AAAA)->records + 12, both[1].ip, 16);
    zones_release(z);
}

static void refused_specs(void **state)
{
    (void)state;
    struct addr v4 = addr_of("192.0.2.53");
    static const char *const contact = "hostmaster.example.com";
    const struct {
        const char *apex, *contact;
        struct zone_server server;
        size_t n_servers;
        const char *error;
    } rows[] = {
        {"s3..test", contact, {"ns1", &v4, 1}, 1, "\"s3..test\" is not a domain name"},
        {"there.test", contact, {"ns1", &v4, 1}, 1, "the zone there.test is there already"},
        {"s3.test",
         contact,
         {"ns1", NULL, 0},
         1,
         "the name server ns1 is inside the zone s3.test and needs an address"},
        {"s3.test",
         contact,
         {"ns.net.", &v4, 1},
         1,
         "the name server ns.net. is outside the zone s3.test: give it no address here"},
        {"s3.test", contact, {"", &v4, 1}, 1, "\"\" is not the name of a name server"},
        {"s3.test",
         contact,
         {0},
         0,
         "the zone s3.test has no SOA: give `ns:`, or a SOA record in its file"},
        {"s3.test",
         "a..b",
         {"ns1", &v4, 1},
         1,
         "\"a..b\" is no contact: write hostmaster.example.com for hostmaster@example.com"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zones *z = zones_new();
        struct errs errs = {0};
        zone_test_must_add(z, "there.test", NULL);
        struct zone_spec spec = {.apex = rows[i].apex,
                                 .contact = rows[i].contact,
                                 .servers = &rows[i].server,
                                 .n_servers = rows[i].n_servers};
        assert_false(zones_add(z, &spec, &errs));
        assert_int_equal(errs.n, 1);
        assert_string_equal(errs.items[0].text, rows[i].error);
        errs_fini(&errs);
        zones_release(z);
    }
}

static void addresses_of_the_file_win_over_glue(void **state)
{
    (void)state;
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test", "ns1 60 A 192.0.2.99\n");
    zones_finish(z);
    const struct rrset *a = find(z, "ns1.s3.test", TYPE_A);
    assert_int_equal(a->count, 1);
    assert_int_equal(a->records[a->len - 1], 99);
    zones_release(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soa_ns_and_glue),
        cmocka_unit_test(refused_specs),
        cmocka_unit_test(addresses_of_the_file_win_over_glue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
