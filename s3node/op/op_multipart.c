#include "s3node/op/ops.h"
#include "s3node/store/upload.h"
#include "s3node/wire/xml.h"
#include "s3node/wire/xml_read.h"

enum { PAGE_MAX = 1000 };

static struct upload upload_of(const struct req *r)
{
    return (struct upload){
        .bucket = r->bucket, .key = r->key, .id = uri_param(&r->uri, "uploadId")};
}

/* CreateMultipartUpload */
enum s3err op_create_upload(struct req *r)
{
    struct store_meta meta;
    char id[UPLOAD_ID_TEXT];
    enum s3err e = op_meta(r, &meta);
    if (e == S3ERR_OK)
        e = upload_create(service_store(r->service), r->bucket, r->key, &meta, id);
    if (e != S3ERR_OK)
        return e;
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "InitiateMultipartUploadResult");
    xml_text(xml, "Bucket", r->bucket);
    xml_text(xml, "Key", r->key);
    xml_cstr(xml, "UploadId", id);
    xml_close(xml, "InitiateMultipartUploadResult");
    return S3ERR_OK;
}

/* UploadPart; its bytes go the way of PutObject's. */
enum s3err op_part_start(struct req *r)
{
    struct upload upload = upload_of(r);
    uint32_t number;
    if (!op_param_number(r, "partNumber", 0, UPLOAD_PART_MAX + 1, &number) || number < 1 ||
        number > UPLOAD_PART_MAX)
        return S3ERR_INVALID_PART_NUMBER;
    return upload_part_begin(service_store(r->service), &upload, number, &r->put);
}

/* CompleteMultipartUpload */
enum s3err op_complete_upload(struct req *r)
{
    struct xml_complete request;
    struct store_info info;
    struct upload upload = upload_of(r);
    enum s3err e = xml_read_complete(buf_span(&r->body.small), r->arena, &request);
    if (e != S3ERR_OK)
        return e;
    struct upload_choice *parts = ARENA_ARRAY(r->arena, struct upload_choice, request.n);
    for (size_t i = 0; i < request.n; i++)
        parts[i] = (struct upload_choice){request.parts[i].number, request.parts[i].etag};
    e = upload_complete(service_store(r->service), &upload, parts, request.n, &info);
    if (e != S3ERR_OK)
        return e;
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "CompleteMultipartUploadResult");
    xml_text(xml, "Location", r->uri.path);
    xml_text(xml, "Bucket", r->bucket);
    xml_text(xml, "Key", r->key);
    op_xml_etag(xml, info.etag);
    xml_close(xml, "CompleteMultipartUploadResult");
    return S3ERR_OK;
}

/* AbortMultipartUpload */
enum s3err op_abort_upload(struct req *r)
{
    struct upload upload = upload_of(r);
    enum s3err e = upload_abort(service_store(r->service), &upload);
    if (e == S3ERR_OK)
        reply_status(&r->reply, 204);
    return e;
}

static void write_part(struct buf *xml, const struct upload_part *part)
{
    xml_open(xml, "Part");
    xml_uint(xml, "PartNumber", part->number);
    op_xml_time(xml, "LastModified", part->mtime_ms);
    op_xml_etag(xml, part->etag);
    xml_uint(xml, "Size", part->size);
    xml_close(xml, "Part");
}

static void write_parts(struct req *r, const struct upload_page *page, uint32_t after, uint32_t max)
{
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "ListPartsResult");
    xml_text(xml, "Bucket", r->bucket);
    xml_text(xml, "Key", r->key);
    xml_text(xml, "UploadId", uri_param(&r->uri, "uploadId"));
    op_xml_owner(xml, "Initiator", r->who->access);
    op_xml_owner(xml, "Owner", r->who->access);
    xml_cstr(xml, "StorageClass", "STANDARD");
    xml_uint(xml, "PartNumberMarker", after);
    if (page->truncated && page->n > 0)
        xml_uint(xml, "NextPartNumberMarker", page->parts[page->n - 1].number);
    xml_uint(xml, "MaxParts", max);
    xml_bool(xml, "IsTruncated", page->truncated);
    for (size_t i = 0; i < page->n; i++)
        write_part(xml, &page->parts[i]);
    xml_close(xml, "ListPartsResult");
}

/* ListParts */
enum s3err op_list_parts(struct req *r)
{
    struct upload upload = upload_of(r);
    struct upload_page page;
    uint32_t after, max;
    if (!op_param_number(r, "part-number-marker", 0, UPLOAD_PART_MAX, &after) ||
        !op_param_number(r, "max-parts", PAGE_MAX, PAGE_MAX, &max))
        return S3ERR_INVALID_ARGUMENT;
    enum s3err e = upload_parts(service_store(r->service), &upload, after, max, r->arena, &page);
    if (e == S3ERR_OK)
        write_parts(r, &page, after, max);
    return e;
}
