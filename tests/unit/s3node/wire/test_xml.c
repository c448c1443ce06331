/* XML out: nothing that a key or a message holds may break a document. XML in: the three documents,
 * as clients write them, and the attacks. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "s3node/wire/s3err.h"
#include "s3node/wire/xml.h"
#include "s3node/wire/xml_read.h"
#include "tests/unit/test.h"

static void text_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text, *escaped;
    } cases[] = {
        {"plain/key \xc3\xa9\t\n", "plain/key \xc3\xa9\t\n"},
        {"<a&b>\"c'", "&lt;a&amp;b&gt;&quot;c'"},
        {"a\rb", "a&#13;b"},
        {"a\x01"
         "b\x7f",
         "a\xef\xbf\xbd"
         "b\x7f"},
        {"\xff\xc3<", "\xef\xbf\xbd\xef\xbf\xbd&lt;"},
        {"\xef\xbf\xbf", "\xef\xbf\xbd"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out = {0};
        xml_escape(&out, span_of(cases[i].text));
        assert_string_equal(buf_cstr(&out), cases[i].escaped);
        buf_fini(&out);
    }
}

static void a_document(void **state)
{
    (void)state;
    struct buf out = {0};
    xml_begin(&out);
    xml_open_root(&out, "R");
    xml_open(&out, "A");
    xml_text(&out, "K", span_of("<"));
    xml_uint(&out, "N", UINT64_MAX);
    xml_bool(&out, "T", true);
    xml_close(&out, "A");
    xml_close(&out, "R");
    assert_string_equal(buf_cstr(&out),
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<R xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><A><K>&lt;</K>"
                        "<N>18446744073709551615</N><T>true</T></A></R>");
    buf_fini(&out);
}

static void error_rows_are_complete_and_fit_into_xml(void **state)
{
    (void)state;
    assert_int_equal(s3err_row(S3ERR_OK)->status, 200);
    for (int e = 1; e < S3ERR_COUNT; e++) {
        const struct s3err_row *row = s3err_row((enum s3err)e);
        struct buf out = {0};
        assert_true(row->status == 304 || (row->status >= 400 && row->status < 600));
        assert_true(strlen(row->code) > 0 && strlen(row->message) > 0);
        xml_escape(&out, span_of(row->message));
        assert_string_equal(buf_cstr(&out), row->message);
        buf_fini(&out);
    }
}

static void complete_multipart_upload(void **state)
{
    (void)state;
    static const char body[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n"
        "  <Part><ETag>&quot;aa&quot;</ETag><PartNumber>1</PartNumber></Part>\n"
        "  <Part><PartNumber> 2 "
        "</PartNumber><ETag>\"b\"</ETag><ChecksumCRC32>x</ChecksumCRC32></Part>\n"
        "  <Part><PartNumber>10000</PartNumber><ETag>cc</ETag></Part>\n"
        "</CompleteMultipartUpload>";
    struct arena *arena = arena_new();
    struct xml_complete out;
    assert_int_equal(xml_read_complete(span_of(body), arena, &out), S3ERR_OK);
    assert_int_equal(out.n, 3);
    assert_int_equal(out.parts[0].number, 1);
    assert_true(span_is(out.parts[0].etag, "aa"));
    assert_int_equal(out.parts[1].number, 2);
    assert_true(span_is(out.parts[1].etag, "b"));
    assert_int_equal(out.parts[2].number, 10000);
    assert_true(span_is(out.parts[2].etag, "cc"));
    arena_free(arena);
}

static void delete_objects(void **state)
{
    (void)state;
    static const char body[] =
        "<Delete><Object><Key>a&amp;b/&lt;&#233;</Key></Object><Quiet>true</Quiet>"
        "<Object><Key> </Key><VersionId>null</VersionId></Object>"
        "<Object><Key><![CDATA[<x>]]></Key></Object></Delete>";
    struct arena *arena = arena_new();
    struct xml_delete out;
    assert_int_equal(xml_read_delete(span_of(body), arena, &out), S3ERR_OK);
    assert_int_equal(out.n, 3);
    assert_true(out.quiet);
    assert_true(span_is(out.items[0].key, "a&b/<\xc3\xa9"));
    assert_null(out.items[0].version_id.p);
    assert_true(span_is(out.items[1].key, " "));
    assert_true(span_is(out.items[1].version_id, "null"));
    assert_true(span_is(out.items[2].key, "<x>"));
    arena_free(arena);
}

static void create_bucket_configuration(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct span location;
    assert_int_equal(xml_read_create_bucket(span_of(""), arena, &location), S3ERR_OK);
    assert_null(location.p);
    assert_int_equal(
        xml_read_create_bucket(span_of("<CreateBucketConfiguration/>"), arena, &location),
        S3ERR_OK);
    assert_null(location.p);
    assert_int_equal(
        xml_read_create_bucket(span_of("<CreateBucketConfiguration><LocationConstraint>eu-west-1"
                                       "</LocationConstraint></CreateBucketConfiguration>"),
                               arena, &location),
        S3ERR_OK);
    assert_true(span_is(location, "eu-west-1"));
    assert_int_equal(xml_read_create_bucket(span_of("<Other/>"), arena, &location),
                     S3ERR_MALFORMED_XML);
    arena_free(arena);
}

static void attacks_and_nonsense_are_malformed(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "text",
        "<Delete>",
        "<Delete></Delete>",
        "<Delete><Object></Object></Delete>",
        "<Delete><Object><Key></Key></Object></Delete>",
        "<Delete><Object><Key>&#1;</Key></Object></Delete>",
        "<Delete><Object><Key>\xff</Key></Object></Delete>",
        "<Delete><Object><Key>&x;</Key></Object></Delete>",
        "<Other><Object><Key>a</Key></Object></Other>",
        "<Delete><Object><Key>a</Key></Object></Delete><Delete/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
        "<Delete><Object><Key>&x;</Key></Object></Delete>",
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>"
        "<Delete><Object><Key>&b;</Key></Object></Delete>",
        "<a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a>",
    };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct arena *arena = arena_new();
        struct xml_delete out;
        assert_int_equal(xml_read_delete(span_of(bodies[i]), arena, &out), S3ERR_MALFORMED_XML);
        arena_free(arena);
    }
}

static void a_part_number_is_a_number(void **state)
{
    (void)state;
    static const char *const numbers[] = {"-1", "x", "1.5", "99999999999999"};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct arena *arena = arena_new();
        struct buf body = {0};
        struct xml_complete out;
        buf_printf(&body,
                   "<CompleteMultipartUpload><Part><PartNumber>%s</PartNumber></Part>"
                   "</CompleteMultipartUpload>",
                   numbers[i]);
        assert_int_equal(xml_read_complete(buf_span(&body), arena, &out), S3ERR_MALFORMED_XML);
        buf_fini(&body);
        arena_free(arena);
    }
}

static void bounds(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        enum s3err error;
    } cases[] = {{XML_READ_MAX_DELETES, S3ERR_OK}, {XML_READ_MAX_DELETES + 1, S3ERR_MALFORMED_XML}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        struct buf body = {0};
        struct xml_delete out;
        buf_text(&body, "<Delete>");
        for (size_t k = 0; k < cases[i].n; k++)
            buf_printf(&body, "<Object><Key>key %zu</Key></Object>", k);
        buf_text(&body, "</Delete>");
        assert_int_equal(xml_read_delete(buf_span(&body), arena, &out), cases[i].error);
        if (cases[i].error == S3ERR_OK)
            for (size_t k = 0; k < out.n; k++)
                assert_true(span_starts(out.items[k].key, "key "));
        buf_fini(&body);
        arena_free(arena);
    }
    struct arena *arena = arena_new();
    struct xml_delete out;
    char *big = arena_alloc(arena, XML_READ_MAX + 1);
    assert_int_equal(xml_read_delete(span_bytes(big, XML_READ_MAX + 1), arena, &out),
                     S3ERR_MESSAGE_TOO_LONG);
    arena_free(arena);
}

/* Hostile documents are answered, not printed: a client must not fill the log. */
static void nothing_is_printed(void **state)
{
    (void)state;
    static const struct span bodies[] = {
        {"<\0\0\0\0\0\0\0\0\0\0\0", 12},  /* UCS-4, by its looks */
        {"\xfe\xff\x00<\x00\x61\xff", 7}, /* the mark of UTF-16 */
        {"\xff\xfe<\x00\x00\x00", 6},
        {"<?xml version=\"1.0\" encoding=\"UTF-16\"?><Delete>", 46},
        {"<a xmlns:b=\":://%%\"><b:a></b>", 29},
        {"<Delete>&#0;&amp", 16},
    };
    struct stat st;
    FILE *printed = tmpfile();
    int before = dup(STDERR_FILENO);
    assert_true(printed && before >= 0 && dup2(fileno(printed), STDERR_FILENO) >= 0);
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct arena *arena = arena_new();
        struct xml_delete out;
        (void)!xml_read_delete(bodies[i], arena, &out);
        arena_free(arena);
    }
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    assert_int_equal(fstat(fileno(printed), &st), 0);
    assert_int_equal(st.st_size, 0);
    close(before);
    fclose(printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(a_document),
        cmocka_unit_test(error_rows_are_complete_and_fit_into_xml),
        cmocka_unit_test(complete_multipart_upload),
        cmocka_unit_test(delete_objects),
        cmocka_unit_test(create_bucket_configuration),
        cmocka_unit_test(attacks_and_nonsense_are_malformed),
        cmocka_unit_test(a_part_number_is_a_number),
        cmocka_unit_test(bounds),
        cmocka_unit_test(nothing_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
