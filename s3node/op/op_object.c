#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "s3node/op/cond.h"
#include "s3node/op/ops.h"
#include "s3node/wire/range.h"
#include "s3node/wire/s3name.h"
#include "s3node/wire/xml.h"
#include "s3node/wire/xml_read.h"

/* Query parameters of a signed GET that replace a header of the reply. */
static const struct {
    const char *param, *header;
} overrides[] = {
    {"response-cache-control", "cache-control"},
    {"response-content-disposition", "content-disposition"},
    {"response-content-encoding", "content-encoding"},
    {"response-content-language", "content-language"},
    {"response-content-type", "content-type"},
    {"response-expires", "expires"},
};

static bool overridden(const struct req *r, struct span name)
{
    for (size_t i = 0; i < COUNT(overrides); i++)
        if (span_is(name, overrides[i].header))
            return uri_param(&r->uri, overrides[i].param).p != NULL;
    return false;
}

static void object_headers(struct req *r, const struct store_info *info)
{
    char date[CLOCK_TEXT];
    struct reply *reply = &r->reply;
    reply_header(reply, "ETag", "\"%s\"", info->etag);
    reply_header(reply, "Last-Modified", "%s", clock_http_date(info->mtime_ms, date));
    reply_header(reply, "Accept-Ranges", "bytes");
    for (size_t i = 0; i < info->meta.n; i++) {
        const struct store_header *h = &info->meta.headers[i];
        if (!overridden(r, h->name))
            reply_header_span(reply, h->name, h->value);
    }
    for (size_t i = 0; i < COUNT(overrides); i++) {
        struct span value = uri_param(&r->uri, overrides[i].param);
        if (value.p)
            reply_header_span(reply, span_of(overrides[i].header), value);
    }
}

/* Conditions, then the range; `*part` is what to send. */
static enum s3err describe(struct req *r, const struct store_info *info, struct range *part)
{
    enum s3err e = cond_check(r->head, info->etag, info->mtime_ms);
    if (e == S3ERR_PRECONDITION_FAILED)
        return e;
    object_headers(r, info);
    if (e != S3ERR_OK)
        return e;
    switch (range_resolve(http1_find(r->head, "range", NULL), info->size, part)) {
    case RANGE_UNSATISFIABLE:
        return S3ERR_INVALID_RANGE;
    case RANGE_PART:
        reply_status(&r->reply, 206);
        reply_header(&r->reply, "Content-Range", "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64,
                     part->first, part->first + part->len - 1, info->size);
        break;
    case RANGE_WHOLE:
        reply_status(&r->reply, 200);
        break;
    }
    return S3ERR_OK;
}

/* GetObject */
enum s3err op_get_object(struct req *r)
{
    struct store_object object;
    struct range part;
    enum s3err e = store_get(service_store(r->service), r->bucket, r->key, r->arena, &object);
    if (e != S3ERR_OK)
        return e;
    e = describe(r, &object.info, &part);
    if (e == S3ERR_OK)
        reply_file(&r->reply, object.fd, part.first, part.len);
    else
        close(object.fd);
    return e;
}

/* HeadObject: the same answer, its body told and not sent. */
enum s3err op_head_object(struct req *r)
{
    struct store_info info;
    struct range part;
    enum s3err e = store_head(service_store(r->service), r->bucket, r->key, r->arena, &info);
    if (e == S3ERR_OK)
        e = describe(r, &info, &part);
    if (e == S3ERR_OK)
        reply_file(&r->reply, -1, part.first, part.len);
    return e;
}

/* DeleteObject: also 204 when there was none. */
enum s3err op_delete_object(struct req *r)
{
    enum s3err e = store_delete(service_store(r->service), r->bucket, r->key);
    if (e == S3ERR_OK)
        reply_status(&r->reply, 204);
    return e;
}

static enum s3err delete_one(struct req *r, const struct xml_delete_item *item)
{
    if (item->version_id.len > 0 && !span_is(item->version_id, "null"))
        return S3ERR_NOT_IMPLEMENTED;
    enum s3err e = s3name_check_key(item->key);
    return e == S3ERR_OK ? store_delete(service_store(r->service), r->bucket, item->key) : e;
}

static void write_deleted(struct buf *xml, const struct xml_delete_item *item, enum s3err e)
{
    const struct s3err_row *row = s3err_row(e);
    const char *tag = e == S3ERR_OK ? "Deleted" : "Error";
    xml_open(xml, tag);
    xml_text(xml, "Key", item->key);
    if (item->version_id.len > 0)
        xml_text(xml, "VersionId", item->version_id);
    if (e != S3ERR_OK) {
        xml_cstr(xml, "Code", row->code);
        xml_cstr(xml, "Message", row->message);
    }
    xml_close(xml, tag);
}

/* DeleteObjects: each key has an outcome of its own; the request as a whole succeeds. */
enum s3err op_delete_objects(struct req *r)
{
    struct xml_delete request;
    struct store_bucket bucket;
    enum s3err e = xml_read_delete(buf_span(&r->body.small), r->arena, &request);
    if (e == S3ERR_OK)
        e = store_bucket_head(service_store(r->service), r->bucket, r->arena, &bucket);
    if (e != S3ERR_OK)
        return e;
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "DeleteResult");
    for (size_t i = 0; i < request.n; i++) {
        e = delete_one(r, &request.items[i]);
        if (e != S3ERR_OK || !request.quiet)
            write_deleted(xml, &request.items[i], e);
    }
    xml_close(xml, "DeleteResult");
    return S3ERR_OK;
}
