/* Whole requests without a socket: who may do what, which object is meant, what is answered. */
#include "tests/unit/s3node/op/signed.h"

#define AS(who, verb, where, ...)                                                                  \
    {                                                                                              \
        .access = who, .method = verb, .path = where, __VA_ARGS__                                  \
    }

struct row {
    struct ask ask;
    int status;
    const char *code; /* S3 error code; "": none */
    const char *op;   /* NULL: no row of the table */
};

static void answers(struct fixture *f, const struct row *rows, size_t n)
{
    struct service *service = service_for(f->s);
    for (size_t i = 0; i < n; i++) {
        struct req r;
        print_message("row %zu: %s %s\n", i, rows[i].ask.method, rows[i].ask.path);
        run(service, f->arena, &rows[i].ask, &r);
        assert_string_equal(s3err_row(r.reply.error)->code, rows[i].code);
        assert_int_equal(r.reply.status, rows[i].status);
        if (rows[i].op)
            assert_string_equal(r.op->name, rows[i].op);
        else
            assert_null(r.op);
        req_fini(&r);
    }
    service_free(service);
}

static void who_may(void **state)
{
    static const struct row rows[] = {
        {AS("", "GET", "/"), 403, "AccessDenied", "ListBuckets"},
        {AS("", "GET", "/bucket/k"), 403, "AccessDenied", "GetObject"},
        {AS("nobody", "GET", "/"), 403, "InvalidAccessKeyId", "ListBuckets"},
        {AS("app", "GET", "/"), 200, "", "ListBuckets"},
        {AS("app", "PUT", "/bucket/k", .body = "x"), 200, "", "PutObject"},
        {AS("app", "PUT", "/mine-2"), 200, "", "CreateBucket"},
        {AS("app", "PUT", "/other"), 403, "AccessDenied", "CreateBucket"},
        {AS("app", "GET", "/other/k"), 403, "AccessDenied", "GetObject"},
        {AS("viewer", "GET", "/bucket/k"), 200, "", "GetObject"},
        {AS("viewer", "PUT", "/bucket/k", .body = "y"), 403, "AccessDenied", "PutObject"},
        {AS("viewer", "DELETE", "/bucket/k"), 403, "AccessDenied", "DeleteObject"},
        {AS("viewer", "DELETE", "/bucket"), 403, "AccessDenied", "DeleteBucket"},
        {AS(NULL, "PUT", "/other"), 200, "", "CreateBucket"},
    };
    answers(*state, rows, COUNT(rows));
}

static void what_is_meant(void **state)
{
    static const struct row rows[] = {
        {AS(NULL, "GET", "/bucket/none"), 404, "NoSuchKey", "GetObject"},
        {AS(NULL, "HEAD", "/bucket/none"), 404, "NoSuchKey", "HeadObject"},
        {AS(NULL, "GET", "/absent/none"), 404, "NoSuchBucket", "GetObject"},
        {AS(NULL, "PUT", "/absent/k", .body = ""), 404, "NoSuchBucket", "PutObject"},
        {AS(NULL, "HEAD", "/bucket/"), 200, "", "HeadBucket"},
        {AS(NULL, "PUT", "/Bad"), 400, "InvalidBucketName", "CreateBucket"},
        {AS(NULL, "PUT", "/bucket"), 409, "BucketAlreadyExists", "CreateBucket"},
        {AS(NULL, "PUT", "/bucket/k"), 411, "MissingContentLength", "PutObject"},
        {AS(NULL, "GET", "/%"), 400, "InvalidURI", NULL},
        {AS(NULL, "PUT", "/"), 405, "MethodNotAllowed", NULL},
        {AS(NULL, "GET", "/bucket", .query = "policy="), 501, "NotImplemented", NULL},
        {AS(NULL, "GET", "/bucket"), 501, "NotImplemented", "ListObjects"},
        {AS(NULL, "GET", "/bucket/k", .query = "versionId=1"), 501, "NotImplemented", "GetObject"},
        {AS(NULL, "GET", "/bucket/k", .query = "versionId=null"), 404, "NoSuchKey", "GetObject"},
        {AS(NULL, "GET", "/bucket", .query = "list-type=1"), 400, "InvalidArgument",
         "ListObjectsV2"},
        {AS(NULL, "GET", "/bucket", .query = "list-type=2&max-keys=x"), 400, "InvalidArgument",
         "ListObjectsV2"},
        {AS(NULL, "GET", "/bucket", .query = "encoding-type=x&list-type=2"), 400, "InvalidArgument",
         "ListObjectsV2"},
        {AS(NULL, "PUT", "/bucket/k", .query = "partNumber=0&uploadId=u", .body = ""), 400,
         "InvalidArgument", "UploadPart"},
        {AS(NULL, "PUT", "/bucket/k", .query = "partNumber=10001&uploadId=u", .body = ""), 400,
         "InvalidArgument", "UploadPart"},
        {AS(NULL, "PUT", "/bucket/k", .query = "partNumber=1&uploadId=u", .body = ""), 404,
         "NoSuchUpload", "UploadPart"},
        {AS(NULL, "POST", "/bucket", .query = "delete=", .body = "<x"), 400, "MalformedXML",
         "DeleteObjects"},
    };
    answers(*state, rows, COUNT(rows));
}

/* S3 User Guide, "Virtual hosting of buckets"; the service's domain is s3.example.com. */
static void buckets_in_the_host(void **state)
{
    static const struct row rows[] = {
        {AS(NULL, "PUT", "/k/l", .host = "bucket.s3.example.com:9000", .body = "x"), 200, "",
         "PutObject"},
        {AS(NULL, "GET", "/bucket/k/l"), 200, "", "GetObject"},
        {AS(NULL, "GET", "/k/l", .host = "bucket.s3.example.com"), 200, "", "GetObject"},
        {AS(NULL, "GET", "/bucket/k/l", .host = "s3.example.com"), 200, "", "GetObject"},
        {AS(NULL, "HEAD", "/", .host = "bucket.s3.example.com"), 200, "", "HeadBucket"},
        {AS(NULL, "GET", "/", .host = "s3.example.com"), 200, "", "ListBuckets"},
        {AS(NULL, "PUT", "/", .host = "fresh.s3.example.com"), 200, "", "CreateBucket"},
        {AS(NULL, "GET", "/-/ready", .host = "bucket.s3.example.com"), 404, "NoSuchKey",
         "GetObject"},
        {AS("app", "GET", "/k", .host = "other.s3.example.com"), 403, "AccessDenied", "GetObject"},
    };
    answers(*state, rows, COUNT(rows));
}

/* What we cannot do is refused, never left out in silence. */
static void asked_too_much(void **state)
{
    static const struct row rows[] = {
        {AS(NULL, "PUT", "/bucket/k", .headers = {{"If-None-Match", "*"}}, .body = "x"), 501,
         "NotImplemented", "PutObject"},
        {AS(NULL, "PUT", "/bucket/k", .headers = {{"if-match", "\"x\""}}, .body = "x"), 501,
         "NotImplemented", "PutObject"},
        {AS(NULL, "PUT", "/bucket/k", .headers = {{"x-amz-server-side-encryption", "AES256"}},
            .body = "x"),
         501, "NotImplemented", "PutObject"},
        {AS(NULL, "PUT", "/bucket/k", .headers = {{"x-amz-object-lock-mode", "GOVERNANCE"}},
            .body = "x"),
         501, "NotImplemented", "PutObject"},
        {AS(NULL, "PUT", "/bucket/k", .headers = {{"x-amz-tagging", "a=b"}}, .body = "x"), 501,
         "NotImplemented", "PutObject"},
        {AS(NULL, "PUT", "/bucket/k", .headers = {{"x-amz-copy-source", "/a/b"}}), 501,
         "NotImplemented", "CopyObject"},
        {AS(NULL, "PUT", "/bucket/k", .headers = {{"x-amz-acl", "private"}}, .body = "x"), 200, "",
         "PutObject"},
        {AS(NULL, "GET", "/bucket/k", .headers = {{"If-None-Match", "\"x\""}}), 200, "",
         "GetObject"},
    };
    answers(*state, rows, COUNT(rows));
}

static struct req *ask_for(struct fixture *f, struct service *service, struct ask ask)
{
    struct req *r = ARENA_NEW(f->arena, struct req);
    run(service, f->arena, &ask, r);
    return r;
}

static void assert_header(const struct req *r, const char *line)
{
    print_message("%s\n", line);
    assert_non_null(strstr(buf_cstr(&r->reply.headers), line));
}

static void an_object_keeps_its_headers(void **state)
{
    struct fixture *f = *state;
    struct service *service = service_for(f->s);
    struct ask ask = AS(NULL, "PUT", "/bucket/a/b%20c",
                        .headers = {{"Content-Type", "text/x"},
                                    {"x-amz-meta-colour", "red"},
                                    {"Content-Language", "en"},
                                    {"content-language", "de"},
                                    {"Content-Encoding", "aws-chunked, gzip"}},
                        .body = "hello");
    struct req *put = ask_for(f, service, ask);
    assert_int_equal(put->reply.status, 200);
    assert_header(put, "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\n");
    struct req *get = ask_for(f, service, (struct ask)AS(NULL, "GET", "/bucket/a/b%20c"));
    char body[8] = {0};
    assert_int_equal(get->reply.status, 200);
    assert_int_equal(reply_read(&get->reply, 0, body, sizeof body), 5);
    assert_string_equal(body, "hello");
    assert_header(get, "content-type: text/x\r\n");
    assert_header(get, "x-amz-meta-colour: red\r\n");
    assert_header(get, "content-language: en,de\r\n");
    assert_header(get, "content-encoding: gzip\r\n");
    assert_header(get, "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\n");
    req_fini(put);
    req_fini(get);
    service_free(service);
}

static void head_tells_the_length_and_sends_nothing(void **state)
{
    struct fixture *f = *state;
    struct service *service = service_for(f->s);
    struct buf head = {0};
    put_text(f, "k", "hello");
    struct req *r = ask_for(f, service, (struct ask)AS(NULL, "HEAD", "/bucket/k"));
    struct reply_ids ids = req_ids(r);
    reply_write_head(&r->reply, &ids, now_ms, false, &head);
    assert_non_null(strstr(head.p, "\r\nContent-Length: 5\r\n"));
    assert_int_equal(reply_body_len(&r->reply), 0);
    buf_fini(&head);
    req_fini(r);
    service_free(service);
}

static void a_range_is_a_part_of_the_file(void **state)
{
    struct fixture *f = *state;
    struct service *service = service_for(f->s);
    put_text(f, "k", "0123456789");
    struct ask ask = AS(NULL, "GET", "/bucket/k", .headers = {{"Range", "bytes=2-4"}});
    struct req *r = ask_for(f, service, ask);
    assert_int_equal(r->reply.status, 206);
    assert_header(r, "Content-Range: bytes 2-4/10\r\n");
    assert_int_equal(r->reply.offset, 2);
    assert_int_equal(r->reply.len, 3);
    req_fini(r);
    ask.headers[0][1] = "bytes=10-";
    r = ask_for(f, service, ask);
    assert_int_equal(r->reply.status, 416);
    req_fini(r);
    service_free(service);
}

/* Nothing becomes visible before every digest was right. */
static void a_wrong_digest_publishes_nothing(void **state)
{
    static const char *const wrong[][2] = {
        {"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="},
        {"x-amz-checksum-crc32", "AAAAAA=="},
    };
    struct fixture *f = *state;
    struct service *service = service_for(f->s);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct req *r =
            ask_for(f, service,
                    (struct ask)AS(NULL, "PUT", "/bucket/k",
                                   .headers = {{wrong[i][0], wrong[i][1]}}, .body = "hello"));
        assert_string_equal(s3err_row(r->reply.error)->code, "BadDigest");
        assert_null(r->put);
        req_fini(r);
        assert_no_object(f, "k");
    }
    service_free(service);
}

/* The client is gone in the middle of its body. */
static void an_unfinished_put_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct service *service = service_for(f->s);
    struct ask ask = AS(NULL, "PUT", "/bucket/k", .body = "hello");
    struct req r;
    req_init(&r, service, f->arena, head_of(&ask, f->arena), now_ms);
    assert_int_equal(req_begin(&r), REQ_BODY);
    assert_int_equal(req_body(&r, span_of("hell")), REQ_BODY);
    assert_non_null(r.put);
    req_fini(&r);
    assert_no_object(f, "k");
    service_free(service);
}

static void keys_are_replaced_while_a_request_runs(void **state)
{
    struct fixture *f = *state;
    struct service *service = service_for(f->s);
    struct ask ask = AS("app", "PUT", "/bucket/k", .body = "hello");
    struct req r;
    req_init(&r, service, f->arena, head_of(&ask, f->arena), now_ms);
    assert_int_equal(req_begin(&r), REQ_BODY);
    service_set_keys(service, keyring_new(NULL, 0));
    assert_int_equal(req_body(&r, span_of("hello")), REQ_BODY);
    req_finish(&r);
    assert_int_equal(r.reply.status, 200);
    assert_true(span_is(r.who->access, "app"));
    req_fini(&r);
    struct req *after = ask_for(f, service, ask);
    assert_int_equal(after->reply.status, 403);
    req_fini(after);
    service_free(service);
}

static void a_listing_shows_what_the_key_owns(void **state)
{
    struct fixture *f = *state;
    struct service *service = service_for(f->s);
    req_fini(ask_for(f, service, (struct ask)AS("app", "PUT", "/mine-1")));
    req_fini(ask_for(f, service, (struct ask)AS("admin", "PUT", "/theirs")));
    static const struct {
        const char *access;
        bool mine, theirs, fixtures;
    } cases[] = {{"app", true, false, false}, {"admin", true, true, true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct req *r = ask_for(f, service, (struct ask)AS(cases[i].access, "GET", "/"));
        const char *xml = buf_cstr(&r->reply.body);
        assert_int_equal(strstr(xml, "<Name>mine-1</Name>") != NULL, cases[i].mine);
        assert_int_equal(strstr(xml, "<Name>theirs</Name>") != NULL, cases[i].theirs);
        assert_int_equal(strstr(xml, "<Name>bucket</Name>") != NULL, cases[i].fixtures);
        req_fini(r);
    }
    service_free(service);
}

static void one_root_has_one_generated_pair(void **state)
{
    struct fixture *f = *state;
    struct buf first = {0}, second = {0};
    struct span access[2], secret[2];
    struct err err = {0};
    bool created;
    assert_true(service_generated_key(f->s, &first, &access[0], &secret[0], &created, &err));
    assert_true(created);
    assert_int_equal(access[0].len, 20);
    assert_int_equal(secret[0].len, 40);
    assert_true(service_generated_key(f->s, &second, &access[1], &secret[1], &created, &err));
    assert_false(created);
    assert_true(span_equal(access[0], access[1]));
    assert_true(span_equal(secret[0], secret[1]));
    buf_fini(&first);
    buf_fini(&second);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(who_may),
        TEST(what_is_meant),
        TEST(buckets_in_the_host),
        TEST(asked_too_much),
        TEST(an_object_keeps_its_headers),
        TEST(head_tells_the_length_and_sends_nothing),
        TEST(a_range_is_a_part_of_the_file),
        TEST(a_wrong_digest_publishes_nothing),
        TEST(an_unfinished_put_leaves_nothing),
        TEST(keys_are_replaced_while_a_request_runs),
        TEST(a_listing_shows_what_the_key_owns),
        TEST(one_root_has_one_generated_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
