/* What is allowed in a zone file and looks wrong: place and words of each finding. */
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/zone_test.h"

enum { MAX_FINDINGS = 3 };

struct finding {
    int line; /* 0: no place; -1 ends the list */
    const char *text;
};

struct row {
    const char *text;
    const char *pool; /* a name bound to a service, or NULL */
    size_t n_errors, n_warnings;
    struct finding errors[MAX_FINDINGS], warnings[MAX_FINDINGS];
};

static void expect_findings(const struct errs *got, const struct finding *want, size_t n)
{
    errs_print(got, stdout);
    assert_int_equal(got->n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(got->items[i].line, want[i].line);
        assert_int_equal(got->items[i].file[0] != '\0', want[i].line > 0);
        assert_string_equal(got->items[i].text, want[i].text);
    }
}

static void expect_row(const struct row *row)
{
    struct errs errors = {0}, warnings = {0};
    struct err err;
    struct zones *z = zones_new();
    print_message("%s", row->text);
    zone_test_must_add(z, "s3.test", row->text);
    zone_test_must_add(z, "other.test", NULL);
    assert_true(!row->pool || zones_bind(z, row->pool, 0, &err));
    zones_finish(z);
    assert_int_equal(zones_check(z, &errors, &warnings), row->n_errors == 0);
    expect_findings(&errors, row->errors, row->n_errors);
    expect_findings(&warnings, row->warnings, row->n_warnings);
    errs_fini(&errors);
    errs_fini(&warnings);
    zones_release(z);
}

static void expect_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        expect_row(&rows[i]);
}

static void rfc2181_5_2_differing_ttls(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a 60 A 192.0.2.1\na 60 A 192.0.2.2\na 5 TXT x\n", NULL, 0, 0, {{0}}, {{0}}},
        {"a 60 A 192.0.2.1\n\na 60 A 192.0.2.2\na 5 A 192.0.2.3\na 7 A 192.0.2.4\n",
         NULL,
         0,
         1,
         {{0}},
         {{4, "warning: a.s3.test.: the TTLs of the A records differ: all get the smallest, 5 s "
              "(RFC 2181 5.2)"}}},
    };
    expect_rows(rows, COUNT(rows));
}

static void rfc2181_10_3_targets(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a A 192.0.2.1\n@ MX 1 a\n@ MX 2 mail.example.\n@ MX 0 .\nb SRV 1 1 1 a\n",
         NULL,
         0,
         0,
         {{0}},
         {{0}}},
        {"@ MX 1 s3.test.\n", "s3.test", 0, 0, {{0}}, {{0}}}, /* the pool has addresses */
        {"@ MX 1 any.w\n*.w AAAA 2001:db8::1\n", NULL, 0, 0, {{0}}, {{0}}}, /* RFC 4592 */
        {"@ MX 1 nowhere.other.test.\n", NULL, 0, 0, {{0}}, {{0}}},
        {"a A 192.0.2.1\nb CNAME a\n@ MX 10 B\n",
         NULL,
         0,
         1,
         {{0}},
         {{3, "warning: s3.test.: MX leads to b.s3.test., which is a CNAME (RFC 2181 10.3)"}}},
        {"_s3._tcp SRV 0 0 9000 gone\n_s3._tcp SRV 0 0 9000 t\nt TXT x\n",
         NULL,
         0,
         2,
         {{0}},
         {{1, "warning: _s3._tcp.s3.test.: SRV leads to gone.s3.test., which does not exist"},
          {2, "warning: _s3._tcp.s3.test.: SRV leads to t.s3.test., which has no address"}}},
        {"sub NS ns\n",
         NULL,
         0,
         1,
         {{0}},
         {{1, "warning: sub.s3.test.: NS leads to ns.s3.test., which does not exist"}}},
        {"@ NS gone\n",
         NULL,
         0,
         1,
         {{0}},
         {{1, "warning: s3.test.: NS leads to gone.s3.test., which does not exist"}}},
    };
    expect_rows(rows, COUNT(rows));
}

static void rfc9471_missing_glue(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"sub NS ns.sub\nns.sub A 192.0.2.1\nb NS b\nb AAAA 2001:db8::1\n",
         NULL,
         0,
         0,
         {{0}},
         {{0}}},
        {"sub NS ns.other\nother NS ns.other\nns.other A 192.0.2.1\n", NULL, 0, 0, {{0}}, {{0}}},
        {"ok A 192.0.2.1\nsub NS ok\nsub NS ns.sub\nsub NS sub\n",
         NULL,
         2,
         0,
         {{3, "sub.s3.test.: the name server ns.sub.s3.test. lies below this delegation and needs "
              "an A or AAAA record here (RFC 9471)"},
          {4, "sub.s3.test.: the name server sub.s3.test. lies below this delegation and needs an "
              "A or AAAA record here (RFC 9471)"}},
         {{0}}},
    };
    expect_rows(rows, COUNT(rows));
}

static void rfc1034_4_2_1_names_below_a_cut(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"sub NS ns.sub\nns.sub A 192.0.2.1\nns.sub TXT x\nwww.sub A 192.0.2.1\nsub TXT x\n"
         "sub DS 1 13 2 "
         "0000000000000000000000000000000000000000000000000000000000000000\n",
         NULL,
         0,
         3,
         {{0}},
         {{3, "warning: ns.sub.s3.test.: TXT is never answered: sub.s3.test. is delegated by its "
              "NS records"},
          {4, "warning: www.sub.s3.test.: A is never answered: sub.s3.test. is delegated by its NS "
              "records"},
          {5, "warning: sub.s3.test.: TXT is never answered: sub.s3.test. is delegated by its NS "
              "records"}}},
        {"sub NS ns.sub\nns.sub A 192.0.2.1\na.sub NS ns.sub\n",
         NULL,
         0,
         1,
         {{0}},
         {{3, "warning: a.sub.s3.test.: NS is never answered: sub.s3.test. is delegated by its NS "
              "records"}}},
    };
    expect_rows(rows, COUNT(rows));
}

static void rfc4592_names_that_a_pool_does_not_get(void **state)
{
    (void)state;
    static const char text[] = "host A 192.0.2.1\n_acme-challenge TXT x\nalias CNAME host\n"
                               "x.bucket TXT x\nnote TXT x\n";
    static const struct row rows[] = {
        {text, NULL, 0, 0, {{0}}, {{0}}},
        {text, "s3.test", 0, 0, {{0}}, {{0}}},
        {text,
         "*.s3.test",
         0,
         2,
         {{0}},
         {{4, "warning: bucket.s3.test.: it exists because of names below it, so the wildcard of a "
              "pool beside it does not answer for it"},
          {5, "warning: note.s3.test.: it has records, but no address, so the wildcard of a pool "
              "beside it does not answer for it"}}},
    };
    expect_rows(rows, COUNT(rows));
}

static void rfc9460_7_3_hints_at_a_pool(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"@ HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1\n", NULL, 0, 0, {{0}}, {{0}}},
        {"@ HTTPS 1 . alpn=h2\n", "s3.test", 0, 0, {{0}}, {{0}}},
        {"@ HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1\nx SVCB 1 s3.test. ipv6hint=::1\n",
         "s3.test",
         0,
         2,
         {{0}},
         {{1, "warning: s3.test.: HTTPS hints at addresses of a pool and knows nothing of its "
              "changes: remove ipv4hint and ipv6hint"},
          {2, "warning: x.s3.test.: SVCB hints at addresses of a pool and knows nothing of its "
              "changes: remove ipv4hint and ipv6hint"}}},
    };
    expect_rows(rows, COUNT(rows));
}

static void a_pool_name_that_is_static_too(void **state)
{
    (void)state;
    static const char *const texts[] = {"\nw AAAA 2001:db8::1\n", "\nw CNAME x\n",
                                        "\nw A 192.0.2.1\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct err err;
        struct zones *z = zones_new();
        zone_test_must_add(z, "s3.test", texts[i]);
        assert_false(zones_bind(z, "w.s3.test", 0, &err));
        assert_int_equal(err.line, 2);
        assert_true(err.file[0]);
        assert_non_null(strstr(err.text, "records of its own: remove them"));
        zones_release(z);
    }
}

static void an_end_to_the_warnings(void **state)
{
    (void)state;
    char text[4 * ZONE_MAX_ERRORS * 16] = "", *p = text;
    for (int i = 0; i < 2 * ZONE_MAX_ERRORS; i++)
        p += sprintf(p, "@ MX 1 gone%d\n", i);
    struct errs errors = {0}, warnings = {0};
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.test", text);
    zones_finish(z);
    assert_true(zones_check(z, &errors, &warnings));
    assert_int_equal(warnings.n, ZONE_MAX_ERRORS);
    for (int i = 0; i < ZONE_MAX_ERRORS; i++)
        assert_int_equal(warnings.items[i].line, i + 1);
    assert_non_null(strstr(warnings.items[ZONE_MAX_ERRORS - 1].text, "(more are not shown)"));
    errs_fini(&warnings);
    zones_release(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc2181_5_2_differing_ttls),
        cmocka_unit_test(rfc2181_10_3_targets),
        cmocka_unit_test(rfc9471_missing_glue),
        cmocka_unit_test(rfc1034_4_2_1_names_below_a_cut),
        cmocka_unit_test(rfc4592_names_that_a_pool_does_not_get),
        cmocka_unit_test(rfc9460_7_3_hints_at_a_pool),
        cmocka_unit_test(a_pool_name_that_is_static_too),
        cmocka_unit_test(an_end_to_the_warnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
