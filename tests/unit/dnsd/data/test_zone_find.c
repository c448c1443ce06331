#include "dnsd/data/zone.h"
#include "dnsd/wire/name.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/zone_test.h"

/* RFC 4592 2.2.1: the example zone of wildcards, with what its text asks of it; then names of our
 * own: a deep delegation, a literal star, a zone inside a zone. */
static const char example[] = "*.example.           3600 TXT  \"this is a wildcard\"\n"
                              "*.example.           3600 MX   10 host1.example.\n"
                              "sub.*.example.       3600 TXT  \"this is not a wildcard\"\n"
                              "host1.example.       3600 A    192.0.2.1\n"
                              "_ssh._tcp.host1.example. 3600 SRV 0 0 22 host1.example.\n"
                              "_ssh._tcp.host2.example. 3600 SRV 0 0 22 host2.example.\n"
                              "subdel.example.      3600 NS   ns.example.com.\n"
                              "subdel.example.      3600 NS   ns.example.net.\n"
                              "deep.a.b.example.    3600 NS   ns.deep.a.b.example.\n"
                              "ns.deep.a.b.example. 3600 A    192.0.2.9\n"
                              "x.deep.a.b.example.  3600 NS   elsewhere.test.\n";

static struct lookup find(const struct zones *z, const char *text)
{
    struct name name;
    assert_true(name_from_text(span_of(text), &name));
    return zones_find(z, name.wire, name.len);
}

static int zones_setup(void **state)
{
    struct zones *z = zones_new();
    zone_test_must_add(z, "example", example);
    zone_test_must_add(z, "inner.example", "www 60 A 192.0.2.2\n");
    zones_finish(z);
    *state = z;
    return 0;
}

static int zones_teardown(void **state)
{
    zones_release(*state);
    return 0;
}

static void rfc4592_examples(void **state)
{
    static const struct {
        const char *name;
        enum lookup_kind kind;
        const char *node; /* text of the node found */
        bool wildcard;
    } cases[] = {
        {"host3.example", LOOKUP_NODE, "*.example.", true},
        {"foo.bar.example", LOOKUP_NODE, "*.example.", true},
        {"host1.example", LOOKUP_NODE, "host1.example.", false},
        {"sub.*.example", LOOKUP_NODE, "sub.*.example.", false},
        {"*.example", LOOKUP_NODE, "*.example.", false},
        {"_telnet._tcp.host1.example", LOOKUP_NXDOMAIN, NULL, false},
        {"_tcp.host1.example", LOOKUP_NODE, "_tcp.host1.example.", false}, /* empty non-terminal */
        {"host2.example", LOOKUP_NODE, "host2.example.", false},           /* empty non-terminal */
        {"host.subdel.example", LOOKUP_DELEGATION, "subdel.example.", false},
        {"subdel.example", LOOKUP_DELEGATION, "subdel.example.", false},
        {"ghost.*.example", LOOKUP_NXDOMAIN, NULL, false},
        {"example", LOOKUP_NODE, "example.", false},
        {"ns.deep.a.b.example", LOOKUP_DELEGATION, "deep.a.b.example.", false},
        {"y.x.deep.a.b.example", LOOKUP_DELEGATION, "deep.a.b.example.", false},
        {"a.b.example", LOOKUP_NODE, "a.b.example.", false},
        {"z.b.example", LOOKUP_NXDOMAIN, NULL, false},
        {"www.inner.example", LOOKUP_NODE, "www.inner.example.", false},
        {"none.inner.example", LOOKUP_NXDOMAIN, NULL, false},
        {"example.com", LOOKUP_REFUSED, NULL, false},
        {"xample", LOOKUP_REFUSED, NULL, false},
        {".", LOOKUP_REFUSED, NULL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct lookup l = find(*state, cases[i].name);
        char text[NAME_TEXT];
        print_message("%s\n", cases[i].name);
        assert_int_equal(l.kind, cases[i].kind);
        assert_int_equal(l.wildcard, cases[i].wildcard);
        if (cases[i].node)
            assert_string_equal(name_to_text(l.node->name, text), cases[i].node);
        else
            assert_null(l.node);
        assert_int_equal(l.apex == NULL, l.kind == LOOKUP_REFUSED);
    }
}

static void longest_apex_holds_a_name(void **state)
{
    char text[NAME_TEXT];
    struct lookup l = find(*state, "none.inner.example");
    assert_string_equal(name_to_text(l.apex->name, text), "inner.example.");
    l = find(*state, "host1.example");
    assert_string_equal(name_to_text(l.apex->name, text), "example.");
}

static void referral_glue_comes_required_first(void **state)
{
    struct lookup l = find(*state, "deep.a.b.example");
    assert_true(l.node->delegation);
    assert_non_null(l.node->glue);
    assert_true(l.node->glue->required);
    assert_non_null(node_rrset(l.node->glue->node, TYPE_A));
    assert_null(l.node->glue->next);
    assert_null(find(*state, "subdel.example").node->glue);
}

static void longest_names_are_found(void **state)
{
    struct name name = {.len = 0};
    for (int i = 0; i < 123; i++) { /* 123 labels of one byte, then example.: 255 bytes */
        name.wire[name.len++] = 1;
        name.wire[name.len++] = 'x';
    }
    memcpy(name.wire + name.len, "\7example", 9);
    name.len += 9;
    assert_int_equal(name.len, NAME_WIRE);
    assert_int_equal(zones_find(*state, name.wire, name.len).kind, LOOKUP_NODE);
}

static void bound_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t service;
        const char *error; /* NULL: it is bound */
    } cases[] = {
        {"s3.test", 0, NULL},
        {"*.s3.test", 0, NULL},
        {"S3.Test.", 0, NULL},
        {"s3.test", 1, "s3.test already belongs to another service"},
        {"new.s3.test", 1, NULL},
        {"txt.s3.test", 1, NULL},
        {"a.s3.test", 1,
         "a.s3.test has A records of its own: remove them, or the name of the pool"},
        {"c.s3.test", 1,
         "c.s3.test has CNAME records of its own: remove them, or the name of the pool"},
        {"www.sub.s3.test", 1, "www.sub.s3.test is delegated to other name servers by NS records"},
        {"s3.example", 1, "no zone holds s3.example: add its zone, or correct the name"},
        {"a..b", 1, "\"a..b\" is not a domain name"},
    };
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test",
                       "a 60 A 192.0.2.1\nc 60 CNAME a\nsub 60 NS ns.test.\ntxt 60 TXT x\n");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        print_message("%s\n", cases[i].name);
        assert_int_equal(zones_bind(z, cases[i].name, cases[i].service, &err), !cases[i].error);
        assert_string_equal(err.text, cases[i].error ? cases[i].error : "");
    }
    zones_finish(z);
    assert_int_equal(find(z, "s3.test").node->service, 0);
    assert_int_equal(find(z, "bucket.s3.test").node->service, 0);
    assert_int_equal(find(z, "new.s3.test").node->service, 1);
    assert_int_equal(find(z, "a.s3.test").node->service, NO_SERVICE);
    zones_release(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc4592_examples),
        cmocka_unit_test(longest_apex_holds_a_name),
        cmocka_unit_test(referral_glue_comes_required_first),
        cmocka_unit_test(longest_names_are_found),
        cmocka_unit_test(bound_names),
    };
    return cmocka_run_group_tests(tests, zones_setup, zones_teardown);
}
