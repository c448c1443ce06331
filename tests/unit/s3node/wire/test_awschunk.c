/* aws-chunked bodies with unsigned chunks: what clients send, cut at every byte, and what is wrong.
 */
#include "base/buf.h"
#include "s3node/wire/awschunk.h"
#include "tests/unit/test.h"

static const char crc32_header[] = "x-amz-checksum-crc32";

/* Decodes `body` in pieces of `step` bytes. @return awschunk_end() */
static enum s3err decode(const char *body, const char *trailer, uint64_t decoded_len, size_t step,
                         struct buf *out)
{
    struct awschunk c;
    enum s3err e = awschunk_init(&c, decoded_len, span_of(trailer));
    struct span rest = span_of(body);
    while (e == S3ERR_OK && rest.len > 0) {
        size_t used;
        struct span data;
        enum awschunk_event event = awschunk_feed(&c, span_first(rest, step), &used, &data);
        rest = span_skip(rest, used);
        if (event == AWSCHUNK_DATA)
            buf_add(out, data.p, data.len);
        if (event == AWSCHUNK_ERROR)
            break;
    }
    if (e == S3ERR_OK)
        e = awschunk_end(&c);
    awschunk_fini(&c);
    return e;
}

static void bodies_of_clients_decode_however_they_are_cut(void **state)
{
    (void)state;
    static const struct {
        const char *body, *trailer;
    } cases[] = {
        {"b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n", crc32_header},
        {"5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32: DUoRhQ==\r\n\r\n", crc32_header},
        {"0000B\r\nhello world\r\n0\r\nX-Amz-Checksum-Crc32:DUoRhQ==\r\n\r\n",
         "X-Amz-Checksum-Crc32"},
        /* trailer lines that end with LF alone, and one more empty line */
        {"b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\n\r\n\r\n", crc32_header},
        {"b\r\nhello world\r\n0\r\n"
         "x-amz-checksum-sha256:uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=\r\n\r\n",
         "x-amz-checksum-sha256"},
        /* not announced */
        {"b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n", NULL},
        {"b\r\nhello world\r\n0\r\n\r\n", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t step = 1; step < 100; step++) {
            struct buf out = {0};
            assert_int_equal(decode(cases[i].body, cases[i].trailer, 11, step, &out), S3ERR_OK);
            assert_string_equal(buf_cstr(&out), "hello world");
            buf_fini(&out);
        }
    }
}

static void an_empty_body_is_only_a_trailer(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_int_equal(decode("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", crc32_header, 0, 9, &out),
                     S3ERR_OK);
    assert_int_equal(out.len, 0);
}

static void what_is_wrong_has_a_name(void **state)
{
    (void)state;
    static const struct {
        const char *body, *trailer;
        uint64_t decoded_len;
        enum s3err error;
    } cases[] = {
        {"b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhA==\r\n\r\n", crc32_header, 11,
         S3ERR_BAD_DIGEST},
        {"b\r\nhello world\r\n0\r\n\r\n", crc32_header, 11, S3ERR_TRAILER_MALFORMED},
        {"b\r\nhello world\r\n0\r\nnonsense\r\n\r\n", NULL, 11, S3ERR_TRAILER_MALFORMED},
        {"b\r\nhello world\r\n0\r\nx-amz-checksum-sha256:AA==\r\n\r\n", crc32_header, 11,
         S3ERR_TRAILER_MALFORMED},
        {"b\r\nhello world\r\n0\r\nx-amz-checksum-crc64nvme:AA==\r\n\r\n", NULL, 11,
         S3ERR_CHECKSUM_NOT_IMPLEMENTED},
        {"0\r\n\r\n", "x-amz-checksum-crc32c", 0, S3ERR_CHECKSUM_NOT_IMPLEMENTED},
        {"b\r\nhello world\r\n0\r\n\r\n", NULL, 12, S3ERR_INCOMPLETE_BODY},
        {"b\r\nhello world\r\n0\r\n\r\n", NULL, 10, S3ERR_INCOMPLETE_BODY},
        {"b\r\nhello world\r\n0\r\n", NULL, 11, S3ERR_INCOMPLETE_BODY},
        {"b\r\nhello", NULL, 11, S3ERR_INCOMPLETE_BODY},
        {"", NULL, 0, S3ERR_INCOMPLETE_BODY},
        {"5\r\nhello world\r\n0\r\n\r\n", NULL, 11, S3ERR_CHUNK_MALFORMED},
        {"b\nhello world\r\n0\r\n\r\n", NULL, 11, S3ERR_CHUNK_MALFORMED},
        {"-b\r\nhello world\r\n0\r\n\r\n", NULL, 11, S3ERR_CHUNK_MALFORMED},
        {"\r\n\r\n", NULL, 11, S3ERR_CHUNK_MALFORMED},
        {"g\r\n", NULL, 11, S3ERR_CHUNK_MALFORMED},
        {"b;chunk-signature=00\r\nhello world\r\n0\r\n\r\n", NULL, 11, S3ERR_CHUNK_MALFORMED},
        {"1000000000000000b\r\nhello world", NULL, 11, S3ERR_CHUNK_MALFORMED},
        {"0\r\n\r\nmore\r\n", NULL, 0, S3ERR_CHUNK_MALFORMED},
        {"0\r\na:1\r\na:1\r\na:1\r\na:1\r\na:1\r\na:1\r\na:1\r\na:1\r\na:1\r\n\r\n", NULL, 0,
         S3ERR_TRAILER_MALFORMED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out = {0};
        assert_int_equal(decode(cases[i].body, cases[i].trailer, cases[i].decoded_len, 1000, &out),
                         cases[i].error);
        buf_fini(&out);
    }
}

static void a_line_without_end_is_bounded(void **state)
{
    (void)state;
    char digits[2 * AWSCHUNK_LINE + 1];
    struct buf out = {0};
    memset(digits, '0', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    assert_int_equal(decode(digits, NULL, 5, 7, &out), S3ERR_CHUNK_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_of_clients_decode_however_they_are_cut),
        cmocka_unit_test(an_empty_body_is_only_a_trailer),
        cmocka_unit_test(what_is_wrong_has_a_name),
        cmocka_unit_test(a_line_without_end_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
