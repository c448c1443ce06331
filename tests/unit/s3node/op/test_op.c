/* The operation table: which row a request is (S3 API Reference, "Request syntax" of each action),
 * and that every row is complete. */
#include <stdint.h>

#include "s3node/op/op.h"
#include "tests/unit/test.h"

struct expected {
    const char *method;
    enum resource resource;
    const char *query;
    const char *header; /* name of one header that is sent; NULL: none */
    enum s3err want;
    const char *name; /* NULL: no row */
};

static enum s3err route(const struct expected *c, struct arena *arena, const struct op **op)
{
    struct http1_head head = {.method = span_of(c->method)};
    struct uri uri;
    if (c->header)
        head.headers[head.n_headers++] = (struct http1_header){span_of(c->header), span_of("/a/b")};
    const char *target = arena_printf(arena, "/x%s%s", *c->query ? "?" : "", c->query);
    assert_int_equal(uri_parse(span_of(target), arena, &uri), S3ERR_OK);
    return op_route(head.method, c->resource, &uri, &head, op);
}

/* Short words for the table. */
#define SERVICE RESOURCE_SERVICE
#define BUCKET  RESOURCE_BUCKET
#define OBJECT  RESOURCE_OBJECT
#define OK      S3ERR_OK
#define NOT     S3ERR_NOT_IMPLEMENTED
#define METHOD  S3ERR_METHOD_NOT_ALLOWED

static void routes(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"GET", SERVICE, "", NULL, OK, "ListBuckets"},
        {"GET", SERVICE, "x-id=ListBuckets", NULL, OK, "ListBuckets"},
        {"PUT", SERVICE, "", NULL, METHOD, NULL},
        {"GET", BUCKET, "location", NULL, OK, "GetBucketLocation"},
        {"GET", BUCKET, "versioning=", NULL, OK, "GetBucketVersioning"},
        {"PUT", BUCKET, "versioning", NULL, NOT, NULL},
        {"GET", BUCKET, "list-type=2&prefix=a&delimiter=%2F", NULL, OK, "ListObjectsV2"},
        {"GET", BUCKET, "prefix=a", NULL, NOT, "ListObjects"},
        {"GET", BUCKET, "versions", NULL, NOT, "ListObjectVersions"},
        {"GET", BUCKET, "uploads", NULL, NOT, "ListMultipartUploads"},
        {"GET", BUCKET, "policy", NULL, NOT, NULL},
        {"GET", BUCKET, "object-lock", NULL, NOT, NULL},
        {"PUT", BUCKET, "acl", NULL, NOT, NULL},
        {"HEAD", BUCKET, "", NULL, OK, "HeadBucket"},
        {"PUT", BUCKET, "", NULL, OK, "CreateBucket"},
        {"DELETE", BUCKET, "", NULL, OK, "DeleteBucket"},
        {"POST", BUCKET, "delete", NULL, OK, "DeleteObjects"},
        {"POST", BUCKET, "", NULL, NOT, "PostObject"},
        {"PATCH", BUCKET, "", NULL, METHOD, NULL},
        {"PUT", OBJECT, "x-id=PutObject", NULL, OK, "PutObject"},
        {"PUT", OBJECT, "", "X-Amz-Copy-Source", NOT, "CopyObject"},
        {"PUT", OBJECT, "partNumber=1&uploadId=u", NULL, OK, "UploadPart"},
        {"PUT", OBJECT, "partNumber=1&uploadId=u", "x-amz-copy-source", NOT, "UploadPartCopy"},
        {"PUT", OBJECT, "tagging", NULL, NOT, NULL},
        {"POST", OBJECT, "uploads", NULL, OK, "CreateMultipartUpload"},
        {"POST", OBJECT, "uploadId=u", NULL, OK, "CompleteMultipartUpload"},
        {"DELETE", OBJECT, "uploadId=u", NULL, OK, "AbortMultipartUpload"},
        {"GET", OBJECT, "uploadId=u", NULL, OK, "ListParts"},
        {"GET", OBJECT, "", NULL, OK, "GetObject"},
        {"GET", OBJECT, "response-content-type=a&versionId=null", NULL, OK, "GetObject"},
        {"GET", OBJECT, "partNumber=1", NULL, NOT, NULL},
        {"GET", OBJECT, "acl", NULL, NOT, NULL},
        {"HEAD", OBJECT, "", NULL, OK, "HeadObject"},
        {"DELETE", OBJECT, "", NULL, OK, "DeleteObject"},
        {"get", OBJECT, "", NULL, METHOD, NULL},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct op *op = NULL;
        print_message("%s %s\n", cases[i].method, cases[i].query);
        assert_int_equal(route(&cases[i], arena, &op), cases[i].want);
        if (cases[i].name)
            assert_string_equal(op->name, cases[i].name);
        else
            assert_null(op);
    }
    arena_free(arena);
}

static void rows_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < op_count(); i++) {
        const struct op *op = op_at(i);
        print_message("%s\n", op->name);
        assert_int_equal(op_index(op), i);
        /* a streamed body needs somebody who takes it, from before it comes until it is complete */
        bool streams = op->body == BODY_STREAM;
        assert_int_equal(op->take != NULL, streams);
        assert_int_equal(op->start != NULL, streams);
        assert_true(!streams || op->finish);
        /* whoever changes something needs the right to */
        bool reads = strcmp(op->method, "GET") == 0 || strcmp(op->method, "HEAD") == 0;
        assert_int_equal(op->perm == PERM_WRITE, !reads);
        assert_int_equal(op->perm == PERM_ANY_KEY, op->resource == RESOURCE_SERVICE);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(op->name, op_at(j)->name);
    }
}

/* First match counts, so what follows a plain row of the same method and resource is never met. */
static void plain_rows_stand_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < op_count(); i++)
        for (size_t j = i + 1; j < op_count(); j++) {
            const struct op *a = op_at(i), *b = op_at(j);
            if (a->resource == b->resource && strcmp(a->method, b->method) == 0)
                assert_false(!a->sub && !a->header);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes),
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(plain_rows_stand_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
