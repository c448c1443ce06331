#include "s3node/op/op.h"

#include "s3node/op/ops.h"

/* First match counts: rows with a header or subresource stand before the plain one. */
/* clang-format off */
static const struct op ops[] = {
    /* name, method, resource, subresource, header, permission, body, start, take, finish */
    {"ListBuckets",             "GET",    RESOURCE_SERVICE, NULL,         NULL,                PERM_ANY_KEY, BODY_NONE,   NULL,          NULL,        op_list_buckets,    false},

    {"GetBucketLocation",       "GET",    RESOURCE_BUCKET,  "location",   NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        op_get_location,    false},
    {"GetBucketVersioning",     "GET",    RESOURCE_BUCKET,  "versioning", NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        op_get_versioning,  false},
    {"ListMultipartUploads",    "GET",    RESOURCE_BUCKET,  "uploads",    NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        NULL,               false},
    {"ListObjectVersions",      "GET",    RESOURCE_BUCKET,  "versions",   NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        NULL,               false},
    {"ListObjectsV2",           "GET",    RESOURCE_BUCKET,  "list-type",  NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        op_list_objects_v2, false},
    {"ListObjects",             "GET",    RESOURCE_BUCKET,  NULL,         NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        NULL,               false},
    {"HeadBucket",              "HEAD",   RESOURCE_BUCKET,  NULL,         NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        op_head_bucket,     false},
    {"CreateBucket",            "PUT",    RESOURCE_BUCKET,  NULL,         NULL,                PERM_WRITE,   BODY_SMALL,  NULL,          NULL,        op_create_bucket,   false},
    {"DeleteBucket",            "DELETE", RESOURCE_BUCKET,  NULL,         NULL,                PERM_WRITE,   BODY_NONE,   NULL,          NULL,        op_delete_bucket,   false},
    {"DeleteObjects",           "POST",   RESOURCE_BUCKET,  "delete",     NULL,                PERM_WRITE,   BODY_SMALL,  NULL,          NULL,        op_delete_objects,  false},
    {"PostObject",              "POST",   RESOURCE_BUCKET,  NULL,         NULL,                PERM_WRITE,   BODY_NONE,   NULL,          NULL,        NULL,               false},

    {"CreateMultipartUpload",   "POST",   RESOURCE_OBJECT,  "uploads",    NULL,                PERM_WRITE,   BODY_NONE,   NULL,          NULL,        op_create_upload,   false},
    {"UploadPartCopy",          "PUT",    RESOURCE_OBJECT,  "partNumber", "x-amz-copy-source", PERM_WRITE,   BODY_NONE,   NULL,          NULL,        NULL,               false},
    {"UploadPart",              "PUT",    RESOURCE_OBJECT,  "partNumber", NULL,                PERM_WRITE,   BODY_STREAM, op_part_start, op_put_take, op_put_finish,      false},
    {"CompleteMultipartUpload", "POST",   RESOURCE_OBJECT,  "uploadId",   NULL,                PERM_WRITE,   BODY_SMALL,  NULL,          NULL,        op_complete_upload, true},
    {"AbortMultipartUpload",    "DELETE", RESOURCE_OBJECT,  "uploadId",   NULL,                PERM_WRITE,   BODY_NONE,   NULL,          NULL,        op_abort_upload,    false},
    {"ListParts",               "GET",    RESOURCE_OBJECT,  "uploadId",   NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        op_list_parts,      false},
    {"CopyObject",              "PUT",    RESOURCE_OBJECT,  NULL,         "x-amz-copy-source", PERM_WRITE,   BODY_NONE,   NULL,          NULL,        NULL,               false},
    {"PutObject",               "PUT",    RESOURCE_OBJECT,  NULL,         NULL,                PERM_WRITE,   BODY_STREAM, op_put_start,  op_put_take, op_put_finish,      false},
    {"GetObject",               "GET",    RESOURCE_OBJECT,  NULL,         NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        op_get_object,      false},
    {"HeadObject",              "HEAD",   RESOURCE_OBJECT,  NULL,         NULL,                PERM_READ,    BODY_NONE,   NULL,          NULL,        op_head_object,     false},
    {"DeleteObject",            "DELETE", RESOURCE_OBJECT,  NULL,         NULL,                PERM_WRITE,   BODY_NONE,   NULL,          NULL,        op_delete_object,   false},
};

/* Query parameters that make a request another one than its path says: a plain row never takes
 * them (S3 API Reference, the request syntax of each action). */
static const char *const subresources[] = {
    "accelerate", "acl",          "analytics",         "attributes",     "cors",
    "delete",     "encryption",   "intelligent-tiering", "inventory",    "legal-hold",
    "lifecycle",  "list-type",    "location",          "logging",        "metadataTable",
    "metrics",    "notification", "object-lock",       "ownershipControls", "partNumber",
    "policy",     "policyStatus", "publicAccessBlock", "renameObject",   "replication",
    "requestPayment", "restore",  "retention",         "select",         "session",
    "tagging",    "torrent",      "uploadId",          "uploads",        "versioning",
    "versions",   "website",
};
/* clang-format on */

static bool has_subresource(const struct uri *uri)
{
    for (size_t i = 0; i < COUNT(subresources); i++)
        if (uri_param(uri, subresources[i]).p)
            return true;
    return false;
}

static bool matches(const struct op *op, const struct uri *uri, const struct http1_head *head)
{
    if (op->header && !http1_find(head, op->header, NULL).p)
        return false;
    return op->sub ? uri_param(uri, op->sub).p != NULL : !has_subresource(uri);
}

enum s3err op_route(struct span method, enum resource resource, const struct uri *uri,
                    const struct http1_head *head, const struct op **op)
{
    enum s3err e = S3ERR_METHOD_NOT_ALLOWED;
    *op = NULL;
    for (size_t i = 0; i < COUNT(ops); i++) {
        if (ops[i].resource != resource || !span_is(method, ops[i].method))
            continue;
        e = S3ERR_NOT_IMPLEMENTED; /* the method is right; the subresource may be none of ours */
        if (!matches(&ops[i], uri, head))
            continue;
        *op = &ops[i];
        return ops[i].finish ? S3ERR_OK : S3ERR_NOT_IMPLEMENTED;
    }
    return e;
}

size_t op_count(void)
{
    return COUNT(ops);
}

const struct op *op_at(size_t i)
{
    return &ops[i];
}

size_t op_index(const struct op *op)
{
    return (size_t)(op - ops);
}
