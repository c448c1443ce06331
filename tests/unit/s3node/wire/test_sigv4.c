/* SigV4 in the Authorization header: the four examples that AWS publishes ("Authenticating
 * Requests: Using the Authorization Header"), and every way in which they must stop to verify. */
#include <stdio.h>

#include "s3node/wire/sigv4.h"
#include "tests/unit/test.h"

#define SCOPE "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define HOST  "Host: examplebucket.s3.amazonaws.com\r\n"
#define DATE  "x-amz-date: 20130524T000000Z\r\n"

#define LIST_SIGNATURE "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
#define AUTH(scope, headers, signature)                                                            \
    "Authorization: AWS4-HMAC-SHA256 Credential=" scope ",SignedHeaders=" headers                  \
    ",Signature=" signature "\r\n"
#define LIST_AUTH AUTH(SCOPE, "host;x-amz-content-sha256;x-amz-date", LIST_SIGNATURE)
#define LIST_LINE "GET /?max-keys=2&prefix=J HTTP/1.1\r\n"
#define SHA_EMPTY "x-amz-content-sha256: " EMPTY "\r\n"

static const int64_t on_20130524_ms = 1369353600000;

static bool secret_of(const void *ctx, struct span access_key, struct span *secret)
{
    (void)ctx;
    *secret = span_of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    return span_is(access_key, "AKIAIOSFODNN7EXAMPLE");
}

static enum s3err verify_at(const char *text, int64_t now_wall_ms, struct sigv4 *out)
{
    struct http1 *http = http1_new(HTTP1_REQUEST);
    struct arena *arena = arena_new();
    struct uri uri;
    struct span body;
    size_t used;
    assert_int_equal(http1_feed(http, span_of(text), &used, &body), HTTP1_HEAD);
    const struct http1_head *head = http1_head(http);
    assert_int_equal(uri_parse(head->target, arena, &uri), S3ERR_OK);
    struct sigv4_check check = {head, &uri, "us-east-1", now_wall_ms, secret_of, NULL};
    enum s3err e = sigv4_verify(&check, out);
    if (e == S3ERR_OK && out->access_key.p)
        assert_true(span_is(out->access_key, "AKIAIOSFODNN7EXAMPLE"));
    bool anonymous = !out->access_key.p;
    arena_free(arena);
    http1_free(http);
    out->access_key = anonymous ? (struct span){0} : span_of("AKIAIOSFODNN7EXAMPLE");
    return e;
}

static enum s3err verify(const char *text)
{
    struct sigv4 out;
    return verify_at(text, on_20130524_ms, &out);
}

static void published_examples_verify(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "GET /test.txt HTTP/1.1\r\n" HOST "Range: bytes=0-9\r\n" SHA_EMPTY DATE AUTH(
            SCOPE, "host;range;x-amz-content-sha256;x-amz-date",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41") "\r\n",
        "PUT /test%24file.text HTTP/1.1\r\n" HOST "Date: Fri, 24 May 2013 00:00:00 GMT\r\n" DATE
        "x-amz-storage-class: REDUCED_REDUNDANCY\r\n"
        "x-amz-content-sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\r\n"
        "Content-Length: 21\r\n" AUTH(
            SCOPE, "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd") "\r\n",
        "GET /?lifecycle HTTP/1.1\r\n" HOST DATE SHA_EMPTY AUTH(
            SCOPE, "host;x-amz-content-sha256;x-amz-date",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543") "\r\n",
        LIST_LINE HOST DATE SHA_EMPTY LIST_AUTH "\r\n",
        /* the same list, its parameters in the other order, header names in capitals, more blanks
         */
        "GET /?prefix=J&max-keys=2 HTTP/1.1\r\nHOST:   examplebucket.s3.amazonaws.com  \r\n" DATE
            SHA_EMPTY LIST_AUTH "\r\n",
        /* and with blanks between the fields, as many clients write it */
        LIST_LINE HOST DATE SHA_EMPTY
        "Authorization: AWS4-HMAC-SHA256 Credential=" SCOPE
        ", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" LIST_SIGNATURE
        "\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT(requests); i++)
        assert_int_equal(verify(requests[i]), S3ERR_OK);
}

static void each_failure_has_the_answer_of_s3(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        enum s3err error;
    } cases[] = {
        {"GET /?max-keys=3&prefix=J HTTP/1.1\r\n" HOST DATE SHA_EMPTY LIST_AUTH "\r\n",
         S3ERR_SIGNATURE_DOES_NOT_MATCH},
        {"HEAD /?max-keys=2&prefix=J HTTP/1.1\r\n" HOST DATE SHA_EMPTY LIST_AUTH "\r\n",
         S3ERR_SIGNATURE_DOES_NOT_MATCH},
        {LIST_LINE "Host: other.s3.amazonaws.com\r\n" DATE SHA_EMPTY LIST_AUTH "\r\n",
         S3ERR_SIGNATURE_DOES_NOT_MATCH},
        {LIST_LINE HOST DATE "x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n" LIST_AUTH "\r\n",
         S3ERR_SIGNATURE_DOES_NOT_MATCH},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH(SCOPE, "host;x-amz-content-sha256;x-amz-date",
                                            "34b4") "\r\n",
         S3ERR_SIGNATURE_DOES_NOT_MATCH},
        {LIST_LINE HOST DATE SHA_EMPTY "x-amz-acl: public-read\r\n" LIST_AUTH "\r\n",
         S3ERR_ACCESS_DENIED_UNSIGNED_HEADER},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH(SCOPE, "x-amz-content-sha256;x-amz-date",
                                            LIST_SIGNATURE) "\r\n",
         S3ERR_ACCESS_DENIED_UNSIGNED_HEADER},
        {LIST_LINE HOST DATE LIST_AUTH "\r\n", S3ERR_MISSING_CONTENT_SHA256},
        {LIST_LINE HOST DATE "x-amz-content-sha256: e3b0\r\n" LIST_AUTH "\r\n",
         S3ERR_INVALID_CONTENT_SHA256},
        {LIST_LINE HOST SHA_EMPTY LIST_AUTH "\r\n", S3ERR_ACCESS_DENIED_DATE},
        {LIST_LINE HOST "x-amz-date: 2013-05-24\r\n" SHA_EMPTY LIST_AUTH "\r\n",
         S3ERR_ACCESS_DENIED_DATE},
        {LIST_LINE HOST "x-amz-date: 20131324T000000Z\r\n" SHA_EMPTY LIST_AUTH "\r\n",
         S3ERR_ACCESS_DENIED_DATE},
        {LIST_LINE HOST "x-amz-date: 20130525T000000Z\r\n" SHA_EMPTY LIST_AUTH "\r\n",
         S3ERR_AUTH_MALFORMED_DATE},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH(
             "AKIAIOSFODNN7EXAMPLE/20130524/eu-west-1/s3/aws4_request", "host", "00") "\r\n",
         S3ERR_AUTH_MALFORMED_REGION},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH(
             "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/sts/aws4_request", "host", "00") "\r\n",
         S3ERR_AUTH_MALFORMED_SERVICE},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH("NOBODY/20130524/us-east-1/s3/aws4_request", "host",
                                            "00") "\r\n",
         S3ERR_INVALID_ACCESS_KEY_ID},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH("KEY/20130524/us-east-1/s3/aws5_request", "host",
                                            "00") "\r\n",
         S3ERR_AUTH_MALFORMED},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH("/20130524/us-east-1/s3/aws4_request", "host",
                                            "00") "\r\n",
         S3ERR_AUTH_MALFORMED},
        {LIST_LINE HOST DATE SHA_EMPTY "Authorization: AWS4-HMAC-SHA256 Credential=" SCOPE
                                       ",SignedHeaders=host\r\n\r\n",
         S3ERR_AUTH_MALFORMED},
        {LIST_LINE HOST DATE SHA_EMPTY LIST_AUTH LIST_AUTH "\r\n", S3ERR_AUTH_MALFORMED},
        {LIST_LINE HOST DATE SHA_EMPTY AUTH(SCOPE, "host", "00,Signature=00") "\r\n",
         S3ERR_AUTH_MALFORMED},
        {LIST_LINE HOST DATE SHA_EMPTY "Authorization: AWS4-HMAC-SHA256\r\n\r\n",
         S3ERR_AUTH_UNSUPPORTED},
        {LIST_LINE HOST DATE "Authorization: AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl\r\n\r\n",
         S3ERR_AUTH_UNSUPPORTED},
        {"GET /a?X-Amz-Algorithm=AWS4-HMAC-SHA256 HTTP/1.1\r\n" HOST "\r\n",
         S3ERR_PRESIGNED_NOT_IMPLEMENTED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum s3err e = verify(cases[i].request);
        if (e != cases[i].error)
            print_message("case %zu: %s\n", i, s3err_row(e)->message);
        assert_int_equal(e, cases[i].error);
    }
}

static void clocks_may_differ_by_15_minutes(void **state)
{
    (void)state;
    static const char request[] = LIST_LINE HOST DATE SHA_EMPTY LIST_AUTH "\r\n";
    struct sigv4 out;
    assert_int_equal(verify_at(request, on_20130524_ms + SIGV4_SKEW_MS, &out), S3ERR_OK);
    assert_int_equal(verify_at(request, on_20130524_ms - SIGV4_SKEW_MS, &out), S3ERR_OK);
    assert_int_equal(verify_at(request, on_20130524_ms + SIGV4_SKEW_MS + 1, &out),
                     S3ERR_REQUEST_TIME_TOO_SKEWED);
    assert_int_equal(verify_at(request, on_20130524_ms - SIGV4_SKEW_MS - 1, &out),
                     S3ERR_REQUEST_TIME_TOO_SKEWED);
}

static void date_header_stands_in_for_x_amz_date(void **state)
{
    (void)state;
    /* Not the published signature: what is tested is that the time is understood. */
    static const char request[] =
        LIST_LINE HOST "Date: Fri, 24 May 2013 00:00:00 GMT\r\n" SHA_EMPTY AUTH(
            SCOPE, "date;host;x-amz-content-sha256",
            "0000000000000000000000000000000000000000000000000000000000000000") "\r\n";
    struct sigv4 out;
    assert_int_equal(verify_at(request, on_20130524_ms, &out), S3ERR_SIGNATURE_DOES_NOT_MATCH);
    assert_int_equal(verify_at(request, on_20130524_ms + 2 * SIGV4_SKEW_MS, &out),
                     S3ERR_REQUEST_TIME_TOO_SKEWED);
}

static void payload_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum sigv4_payload payload;
    } cases[] = {
        {"", SIGV4_PAYLOAD_UNSIGNED},
        {"x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n", SIGV4_PAYLOAD_UNSIGNED},
        {SHA_EMPTY, SIGV4_PAYLOAD_SHA256},
        {"x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n",
         SIGV4_PAYLOAD_CHUNKS_TRAILER},
        {"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\n",
         SIGV4_PAYLOAD_SIGNED_CHUNKS},
        {"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER\r\n",
         SIGV4_PAYLOAD_SIGNED_CHUNKS_TRAILER},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char request[400];
        struct sigv4 out;
        snprintf(request, sizeof request, "PUT /a HTTP/1.1\r\n" HOST "%s\r\n", cases[i].header);
        assert_int_equal(verify_at(request, 0, &out), S3ERR_OK);
        assert_null(out.access_key.p); /* nobody signed */
        assert_int_equal(out.payload, cases[i].payload);
        if (out.payload == SIGV4_PAYLOAD_SHA256)
            assert_int_equal(out.payload_sha256[0], 0xe3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_verify),
        cmocka_unit_test(each_failure_has_the_answer_of_s3),
        cmocka_unit_test(clocks_may_differ_by_15_minutes),
        cmocka_unit_test(date_header_stands_in_for_x_amz_date),
        cmocka_unit_test(payload_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
