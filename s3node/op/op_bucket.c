#include "s3node/op/ops.h"
#include "s3node/wire/xml.h"
#include "s3node/wire/xml_read.h"

/* A directory that no key created belongs to every key that may use it. */
static bool shows(const struct key *who, const struct store_bucket *bucket)
{
    if (who->mode == KEY_ADMIN)
        return true;
    if (bucket->owner.len == 0)
        return key_covers(who, bucket->name);
    return span_equal(bucket->owner, who->access);
}

/* ListBuckets */
enum s3err op_list_buckets(struct req *r)
{
    struct store_bucket *buckets;
    size_t n;
    enum s3err e = store_bucket_list(service_store(r->service), r->arena, &buckets, &n);
    if (e != S3ERR_OK)
        return e;
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "ListAllMyBucketsResult");
    op_xml_owner(xml, "Owner", r->who->access);
    xml_open(xml, "Buckets");
    for (size_t i = 0; i < n; i++) {
        if (!shows(r->who, &buckets[i]))
            continue;
        xml_open(xml, "Bucket");
        xml_text(xml, "Name", buckets[i].name);
        op_xml_time(xml, "CreationDate", buckets[i].created_ms);
        xml_close(xml, "Bucket");
    }
    xml_close(xml, "Buckets");
    xml_close(xml, "ListAllMyBucketsResult");
    return S3ERR_OK;
}

/* CreateBucket: a LocationConstraint must name our region. */
enum s3err op_create_bucket(struct req *r)
{
    struct span location = {0};
    enum s3err e = xml_read_create_bucket(buf_span(&r->body.small), r->arena, &location);
    if (e == S3ERR_OK && location.p && !span_is(location, service_region(r->service)))
        e = S3ERR_INVALID_LOCATION;
    if (e == S3ERR_OK)
        e = store_bucket_create(service_store(r->service), r->bucket, r->who->access);
    if (e != S3ERR_OK)
        return e;
    reply_status(&r->reply, 200);
    reply_header(&r->reply, "Location", "/%.*s", (int)r->bucket.len, r->bucket.p);
    return S3ERR_OK;
}

static enum s3err check_bucket(struct req *r)
{
    struct store_bucket bucket;
    return store_bucket_head(service_store(r->service), r->bucket, r->arena, &bucket);
}

/* HeadBucket */
enum s3err op_head_bucket(struct req *r)
{
    enum s3err e = check_bucket(r);
    if (e != S3ERR_OK)
        return e;
    reply_status(&r->reply, 200);
    reply_header(&r->reply, "x-amz-bucket-region", "%s", service_region(r->service));
    return S3ERR_OK;
}

/* DeleteBucket */
enum s3err op_delete_bucket(struct req *r)
{
    enum s3err e = store_bucket_delete(service_store(r->service), r->bucket);
    if (e == S3ERR_OK)
        reply_status(&r->reply, 204);
    return e;
}

/* GetBucketLocation: us-east-1 is told by an empty element. */
enum s3err op_get_location(struct req *r)
{
    enum s3err e = check_bucket(r);
    if (e != S3ERR_OK)
        return e;
    const char *region = service_region(r->service);
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "LocationConstraint");
    xml_escape(xml, span_of(strcmp(region, "us-east-1") == 0 ? "" : region));
    xml_close(xml, "LocationConstraint");
    return S3ERR_OK;
}

/* GetBucketVersioning: never switched on, told by the absence of Status. */
enum s3err op_get_versioning(struct req *r)
{
    enum s3err e = check_bucket(r);
    if (e != S3ERR_OK)
        return e;
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "VersioningConfiguration");
    xml_close(xml, "VersioningConfiguration");
    return S3ERR_OK;
}
