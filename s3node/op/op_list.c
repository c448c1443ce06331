#include "s3node/op/ops.h"
#include "s3node/wire/s3name.h"
#include "s3node/wire/xml.h"

enum { PAGE_MAX = 1000 };

struct listing {
    struct store_list query;
    struct store_page page;
    struct span token, start_after;
    bool has_token, url, owners;
};

/* A span over a copy in the arena: the tokens of a request are decoded into a scratch buffer. */
static enum s3err decode_token(struct req *r, struct span token, struct span *after)
{
    struct buf text = {0};
    enum s3err e = s3name_untoken(token, &text);
    if (e == S3ERR_OK)
        *after = span_bytes(arena_copy(r->arena, text.p, text.len), text.len);
    buf_fini(&text);
    return e;
}

static enum s3err read_encoding(struct req *r, struct listing *l)
{
    struct span encoding = uri_param(&r->uri, "encoding-type");
    l->url = span_is(encoding, "url");
    return l->url || encoding.len == 0 ? S3ERR_OK : S3ERR_INVALID_ARGUMENT;
}

static enum s3err read_query(struct req *r, struct listing *l)
{
    uint32_t max;
    if (!span_is(uri_param(&r->uri, "list-type"), "2") ||
        !op_param_number(r, "max-keys", PAGE_MAX, PAGE_MAX, &max))
        return S3ERR_INVALID_ARGUMENT;
    l->query.max = max;
    l->query.prefix = uri_param(&r->uri, "prefix");
    l->query.delimiter = uri_param(&r->uri, "delimiter");
    l->start_after = uri_param(&r->uri, "start-after");
    l->token = uri_param(&r->uri, "continuation-token");
    l->has_token = l->token.p != NULL;
    l->query.after = l->start_after;
    l->owners = span_is(uri_param(&r->uri, "fetch-owner"), "true");
    enum s3err e = l->has_token ? decode_token(r, l->token, &l->query.after) : S3ERR_OK;
    return e == S3ERR_OK ? read_encoding(r, l) : e;
}

/* Text that encoding-type=url applies to. */
static void name_element(struct buf *xml, const char *tag, struct span name, bool url)
{
    struct buf encoded = {0};
    if (url)
        uri_encode(name, "/", &encoded);
    xml_text(xml, tag, url ? buf_span(&encoded) : name);
    buf_fini(&encoded);
}

static void write_query(struct buf *xml, const struct req *r, const struct listing *l)
{
    xml_text(xml, "Name", r->bucket);
    name_element(xml, "Prefix", l->query.prefix, l->url);
    if (l->start_after.len > 0)
        name_element(xml, "StartAfter", l->start_after, l->url);
    if (l->has_token)
        xml_text(xml, "ContinuationToken", l->token);
    xml_uint(xml, "KeyCount", l->page.n);
    xml_uint(xml, "MaxKeys", l->query.max);
    if (l->query.delimiter.len > 0)
        name_element(xml, "Delimiter", l->query.delimiter, l->url);
    if (l->url)
        xml_cstr(xml, "EncodingType", "url");
    xml_bool(xml, "IsTruncated", l->page.truncated);
}

/* Clients take a NextContinuationToken without IsTruncated, or the reverse, for an error. */
static void write_token(struct buf *xml, const struct listing *l)
{
    struct buf token = {0};
    if (!l->page.truncated)
        return;
    s3name_token(l->page.next, &token);
    xml_text(xml, "NextContinuationToken", buf_span(&token));
    buf_fini(&token);
}

static void write_entry(struct buf *xml, const struct req *r, const struct listing *l,
                        const struct store_entry *entry)
{
    if (entry->is_prefix) {
        xml_open(xml, "CommonPrefixes");
        name_element(xml, "Prefix", entry->key, l->url);
        xml_close(xml, "CommonPrefixes");
        return;
    }
    xml_open(xml, "Contents");
    name_element(xml, "Key", entry->key, l->url);
    op_xml_time(xml, "LastModified", entry->mtime_ms);
    op_xml_etag(xml, entry->etag);
    xml_uint(xml, "Size", entry->size);
    if (l->owners)
        op_xml_owner(xml, "Owner", r->who->access);
    xml_cstr(xml, "StorageClass", "STANDARD");
    xml_close(xml, "Contents");
}

/* ListObjectsV2 */
enum s3err op_list_objects_v2(struct req *r)
{
    struct listing l = {0};
    enum s3err e = read_query(r, &l);
    if (e == S3ERR_OK)
        e = store_list(service_store(r->service), r->bucket, &l.query, r->arena, &l.page);
    if (e != S3ERR_OK)
        return e;
    struct buf *xml = reply_xml(&r->reply);
    xml_open_root(xml, "ListBucketResult");
    write_query(xml, r, &l);
    write_token(xml, &l);
    for (size_t i = 0; i < l.page.n; i++)
        write_entry(xml, r, &l, &l.page.entries[i]);
    xml_close(xml, "ListBucketResult");
    return S3ERR_OK;
}
