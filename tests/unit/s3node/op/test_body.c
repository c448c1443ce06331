/* Request bodies, checked on their way (S3 API Reference PutObject: Content-MD5, x-amz-checksum-*,
 * x-amz-content-sha256; S3 User Guide, "Checking object integrity"). */
#include "s3node/op/body.h"
#include "s3node/wire/xml_read.h"
#include "tests/unit/test.h"

enum { HEADERS = 3 };

struct row {
    enum body_kind kind;
    enum sigv4_payload payload;
    const char *headers[HEADERS][2];
    const char *wire; /* what comes off the connection */
    enum s3err opened, fed, ended;
    const char *got; /* what was handed on, when all went well */
};

static const char hello_sha256[] =
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

static struct http1_head head_of(const struct row *row)
{
    struct http1_head head = {.has_length = true, .length = strlen(row->wire)};
    for (size_t i = 0; i < HEADERS && row->headers[i][0]; i++)
        head.headers[head.n_headers++] =
            (struct http1_header){span_of(row->headers[i][0]), span_of(row->headers[i][1])};
    return head;
}

static struct sigv4 signature_of(const struct row *row)
{
    struct sigv4 signature = {.payload = row->payload};
    assert_true(hex_decode(span_of(hello_sha256), signature.payload_sha256, SHA256_LEN));
    return signature;
}

static enum s3err collect(void *ctx, struct span bytes)
{
    buf_add(ctx, bytes.p, bytes.len);
    return S3ERR_OK;
}

/* Feeds the row in pieces of `step` bytes. */
static void run(const struct row *row, size_t step)
{
    struct http1_head head = head_of(row);
    struct sigv4 signature = signature_of(row);
    struct buf got = {0};
    struct body b;
    assert_int_equal(body_open(&b, row->kind, &head, &signature, true), row->opened);
    enum s3err e = row->opened;
    struct span rest = span_of(row->wire);
    for (; e == S3ERR_OK && rest.len > 0; rest = span_skip(rest, step))
        e = body_feed(&b, span_first(rest, step), collect, &got);
    if (row->opened == S3ERR_OK)
        assert_int_equal(e, row->fed);
    if (e == S3ERR_OK)
        assert_int_equal(body_end(&b), row->ended);
    if (row->got)
        assert_string_equal(buf_cstr(row->kind == BODY_SMALL ? &b.small : &got), row->got);
    body_fini(&b);
    buf_fini(&got);
}

#define FRAMED SIGV4_PAYLOAD_CHUNKS_TRAILER
#define PLAIN  SIGV4_PAYLOAD_UNSIGNED
#define HASHED SIGV4_PAYLOAD_SHA256

/* clang-format off */
static const struct row rows[] = {
    {BODY_STREAM, PLAIN, {{0}}, "hello", 0, 0, 0, "hello"},
    {BODY_STREAM, PLAIN, {{0}}, "", 0, 0, 0, ""},
    {BODY_STREAM, HASHED, {{0}}, "hello", 0, 0, 0, "hello"},
    {BODY_STREAM, HASHED, {{0}}, "hellO", 0, 0, S3ERR_SHA256_MISMATCH, NULL},
    {BODY_NONE, HASHED, {{0}}, "hellO", 0, 0, S3ERR_SHA256_MISMATCH, NULL},
    {BODY_SMALL, HASHED, {{0}}, "hello", 0, 0, 0, "hello"},
    /* Content-MD5 of a document; of an object it is compared with the ETag */
    {BODY_SMALL, PLAIN, {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}}, "hello", 0, 0, 0, "hello"},
    {BODY_SMALL, PLAIN, {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}}, "hellO", 0, 0, S3ERR_BAD_DIGEST, NULL},
    {BODY_STREAM, PLAIN, {{"Content-MD5", "short"}}, "x", S3ERR_INVALID_DIGEST, 0, 0, NULL},
    {BODY_STREAM, PLAIN, {{"Content-MD5", ""}}, "x", S3ERR_INVALID_DIGEST, 0, 0, NULL},
    /* checksums in headers */
    {BODY_STREAM, PLAIN, {{"x-amz-checksum-crc32", "NhCmhg=="}}, "hello", 0, 0, 0, "hello"},
    {BODY_STREAM, PLAIN, {{"x-amz-checksum-crc32", "AAAAAA=="}}, "hello", 0, 0, S3ERR_BAD_DIGEST, NULL},
    {BODY_STREAM, PLAIN, {{"x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="}}, "hello", 0, 0, 0, "hello"},
    {BODY_STREAM, PLAIN, {{"x-amz-checksum-blake3", "AAAA"}}, "hello", S3ERR_CHECKSUM_NOT_IMPLEMENTED, 0, 0, NULL},
    {BODY_STREAM, PLAIN, {{"x-amz-checksum-crc32", "NhCmhg=="}, {"x-amz-checksum-sha256", "x"}}, "hello", S3ERR_INVALID_REQUEST, 0, 0, NULL},
    {BODY_STREAM, PLAIN, {{"x-amz-checksum-mode", "ENABLED"}}, "hello", 0, 0, 0, "hello"},
    /* aws-chunked */
    {BODY_STREAM, FRAMED, {{"x-amz-decoded-content-length", "5"}, {"x-amz-trailer", "x-amz-checksum-crc32"}}, "3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", 0, 0, 0, "hello"},
    {BODY_STREAM, FRAMED, {{"x-amz-decoded-content-length", "5"}}, "5\r\nhello\r\n0\r\n\r\n", 0, 0, 0, "hello"},
    {BODY_STREAM, FRAMED, {{"x-amz-decoded-content-length", "5"}}, "5\r\nhello\r\n", 0, 0, S3ERR_INCOMPLETE_BODY, NULL},
    {BODY_STREAM, FRAMED, {{0}}, "0\r\n\r\n", S3ERR_MISSING_CONTENT_LENGTH, 0, 0, NULL},
    {BODY_STREAM, FRAMED, {{"x-amz-decoded-content-length", "5368709121"}}, "", S3ERR_ENTITY_TOO_LARGE, 0, 0, NULL},
    {BODY_STREAM, SIGV4_PAYLOAD_SIGNED_CHUNKS, {{0}}, "", S3ERR_SIGNED_CHUNKS_NOT_IMPLEMENTED, 0, 0, NULL},
};
/* clang-format on */

static void every_row_in_one_piece_and_byte_by_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("row %zu\n", i);
        run(&rows[i], SIZE_MAX);
        run(&rows[i], 1);
    }
}

static void sizes(void **state)
{
    (void)state;
    static const struct {
        enum body_kind kind;
        bool has_length, chunked;
        uint64_t length;
        enum s3err want;
    } cases[] = {
        {BODY_STREAM, false, false, 0, S3ERR_MISSING_CONTENT_LENGTH},
        {BODY_STREAM, false, true, 0, S3ERR_OK},
        {BODY_STREAM, true, false, BODY_OBJECT_MAX, S3ERR_OK},
        {BODY_STREAM, true, false, BODY_OBJECT_MAX + 1, S3ERR_ENTITY_TOO_LARGE},
        {BODY_SMALL, false, false, 0, S3ERR_OK},
        {BODY_SMALL, true, false, XML_READ_MAX, S3ERR_OK},
        {BODY_SMALL, true, false, XML_READ_MAX + 1, S3ERR_MESSAGE_TOO_LONG},
        {BODY_NONE, false, false, 0, S3ERR_OK},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http1_head head = {.has_length = cases[i].has_length,
                                  .chunked = cases[i].chunked,
                                  .length = cases[i].length};
        struct sigv4 signature = {.payload = SIGV4_PAYLOAD_UNSIGNED};
        struct body b;
        print_message("case %zu\n", i);
        assert_int_equal(body_open(&b, cases[i].kind, &head, &signature, true), cases[i].want);
        body_fini(&b);
    }
}

/* Of a body in HTTP chunks nobody knows the size beforehand. */
static void a_document_that_grows_too_long(void **state)
{
    (void)state;
    static char block[64 * 1024];
    struct http1_head head = {.chunked = true};
    struct sigv4 signature = {.payload = SIGV4_PAYLOAD_UNSIGNED};
    struct body b;
    assert_int_equal(body_open(&b, BODY_SMALL, &head, &signature, true), S3ERR_OK);
    for (size_t n = 0; n < XML_READ_MAX; n += sizeof block)
        assert_int_equal(body_feed(&b, span_bytes(block, sizeof block), NULL, NULL), S3ERR_OK);
    assert_int_equal(body_feed(&b, span_bytes(block, 1), NULL, NULL), S3ERR_MESSAGE_TOO_LONG);
    body_fini(&b);
}

static enum s3err refuse(void *ctx, struct span bytes)
{
    (void)ctx, (void)bytes;
    return S3ERR_INSUFFICIENT_STORAGE;
}

static void what_the_sink_says_ends_the_body(void **state)
{
    (void)state;
    struct http1_head head = {.has_length = true, .length = 5};
    struct sigv4 signature = {.payload = SIGV4_PAYLOAD_UNSIGNED};
    struct body b;
    assert_int_equal(body_open(&b, BODY_STREAM, &head, &signature, true), S3ERR_OK);
    assert_int_equal(body_feed(&b, span_of("hello"), refuse, NULL), S3ERR_INSUFFICIENT_STORAGE);
    body_fini(&b);
}

/* x-amz-checksum-* of CompleteMultipartUpload is the object's. */
static void checksums_of_something_else_are_left_alone(void **state)
{
    (void)state;
    const struct row row = {
        BODY_SMALL, PLAIN, {{"x-amz-checksum-crc32", "AAAAAA=="}}, "hello", 0, 0, 0, NULL};
    struct http1_head head = head_of(&row);
    struct sigv4 signature = signature_of(&row);
    struct body b;
    assert_int_equal(body_open(&b, BODY_SMALL, &head, &signature, false), S3ERR_OK);
    assert_int_equal(body_feed(&b, span_of("hello"), NULL, NULL), S3ERR_OK);
    assert_int_equal(body_end(&b), S3ERR_OK);
    body_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_in_one_piece_and_byte_by_byte),
        cmocka_unit_test(sizes),
        cmocka_unit_test(a_document_that_grows_too_long),
        cmocka_unit_test(what_the_sink_says_ends_the_body),
        cmocka_unit_test(checksums_of_something_else_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
