/* The only writer of statuses and error documents (S3 API Reference, "REST error responses"). */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "s3node/op/reply.h"
#include "tests/unit/test.h"

static const struct reply_ids ids = {.request_id = "REQ", .host_id = "HOST"};

static void an_error_is_a_status_and_a_document(void **state)
{
    (void)state;
    struct reply r;
    reply_init(&r);
    reply_header(&r, "ETag", "gone");
    reply_error(&r, S3ERR_NO_SUCH_KEY, span_of("/b/<k>"), &ids);
    assert_int_equal(r.status, 404);
    assert_string_equal(buf_cstr(&r.headers), "Content-Type: application/xml\r\n");
    assert_string_equal(buf_cstr(&r.body),
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<Error><Code>NoSuchKey</Code><Message>The specified key does not "
                        "exist.</Message><Resource>/b/&lt;k&gt;</Resource><RequestId>REQ"
                        "</RequestId><HostId>HOST</HostId></Error>");
    reply_fini(&r);
}

static void an_error_to_head_has_no_body(void **state)
{
    (void)state;
    struct reply r;
    struct buf head = {0};
    reply_init(&r);
    r.head_only = true;
    reply_error(&r, S3ERR_NO_SUCH_KEY, span_of("/"), &ids);
    reply_write_head(&r, &ids, 0, false, &head);
    assert_non_null(strstr(head.p, "HTTP/1.1 404 Not Found\r\n"));
    assert_non_null(strstr(head.p, "Content-Length: 0\r\n"));
    assert_int_equal(reply_body_len(&r), 0);
    buf_fini(&head);
    reply_fini(&r);
}

static void not_modified_keeps_the_headers_of_the_object(void **state)
{
    (void)state;
    struct reply r;
    struct buf head = {0};
    reply_init(&r);
    reply_header(&r, "ETag", "\"x\"");
    reply_error(&r, S3ERR_NOT_MODIFIED, span_of("/"), &ids);
    reply_write_head(&r, &ids, 0, false, &head);
    assert_non_null(strstr(head.p, "HTTP/1.1 304 Not Modified\r\n"));
    assert_non_null(strstr(head.p, "ETag: \"x\"\r\n"));
    assert_null(strstr(head.p, "Content-Length"));
    assert_int_equal(reply_body_len(&r), 0);
    buf_fini(&head);
    reply_fini(&r);
}

static void slow_down_says_when_to_come_back(void **state)
{
    (void)state;
    struct reply r;
    reply_init(&r);
    reply_error(&r, S3ERR_SLOW_DOWN, span_of("/"), &ids);
    assert_int_equal(r.status, 503);
    assert_non_null(strstr(r.headers.p, "Retry-After: 1\r\n"));
    assert_non_null(strstr(r.headers.p, "x-amz-retry-after: 1000\r\n"));
    reply_fini(&r);
}

static void every_head_has_what_clients_need(void **state)
{
    (void)state;
    struct reply r;
    struct buf head = {0};
    reply_init(&r);
    reply_status(&r, 200);
    reply_write_head(&r, &ids, 784111777000, true, &head);
    assert_string_equal(head.p, "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                "Server: s3node\r\nx-amz-request-id: REQ\r\nx-amz-id-2: HOST\r\n"
                                "Content-Length: 0\r\nConnection: close\r\n\r\n");
    buf_fini(&head);
    reply_fini(&r);
}

static void no_value_ends_its_line(void **state)
{
    (void)state;
    struct reply r;
    reply_init(&r);
    reply_header_span(&r, span_of("x"), span_of("a\r\nSet-Cookie: b\x7f"));
    assert_string_equal(buf_cstr(&r.headers), "x: a??Set-Cookie: b?\r\n");
    reply_fini(&r);
}

static void a_range_of_a_file(void **state)
{
    (void)state;
    char bytes[8];
    int fd = memfd_create("object", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "0123456789", 10), 10);
    struct reply r;
    reply_init(&r);
    reply_status(&r, 206);
    reply_file(&r, fd, 2, 5);
    assert_int_equal(reply_body_len(&r), 5);
    assert_int_equal(reply_read(&r, 0, bytes, 3), 3);
    assert_memory_equal(bytes, "234", 3);
    assert_int_equal(reply_read(&r, 3, bytes, sizeof bytes), 2);
    assert_memory_equal(bytes, "56", 2);
    reply_file(&r, dup(fd), 8, 5); /* shorter than it said */
    assert_int_equal(reply_read(&r, 0, bytes, sizeof bytes), 2);
    assert_int_equal(reply_read(&r, 2, bytes, sizeof bytes), 0);
    reply_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_a_status_and_a_document),
        cmocka_unit_test(an_error_to_head_has_no_body),
        cmocka_unit_test(not_modified_keeps_the_headers_of_the_object),
        cmocka_unit_test(slow_down_says_when_to_come_back),
        cmocka_unit_test(every_head_has_what_clients_need),
        cmocka_unit_test(no_value_ends_its_line),
        cmocka_unit_test(a_range_of_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
