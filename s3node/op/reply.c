#include "s3node/op/reply.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/clock.h"
#include "s3node/wire/xml.h"

enum { RETRY_AFTER_S = 1, RETRY_AFTER_MS = 1000 };

/* RFC 9110 15: the phrases of what we send. */
static const struct {
    int status;
    const char *phrase;
} phrases[] = {
    {200, "OK"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {416, "Range Not Satisfiable"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {507, "Insufficient Storage"},
};

static const char *phrase(int status)
{
    for (size_t i = 0; i < COUNT(phrases); i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "";
}

void reply_init(struct reply *r)
{
    *r = (struct reply){.fd = -1};
}

static void drop_file(struct reply *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
    r->offset = r->len = 0;
}

void reply_fini(struct reply *r)
{
    drop_file(r);
    buf_fini(&r->headers);
    buf_fini(&r->body);
}

void reply_status(struct reply *r, int status)
{
    r->status = status;
}

void reply_header_span(struct reply *r, struct span name, struct span value)
{
    buf_add(&r->headers, name.p, name.len);
    buf_add(&r->headers, ": ", 2);
    size_t at = r->headers.len;
    buf_add(&r->headers, value.p, value.len);
    for (; at < r->headers.len; at++) {
        unsigned char c = (unsigned char)r->headers.p[at];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            r->headers.p[at] = '?';
    }
    buf_add(&r->headers, "\r\n", 2);
}

void reply_header(struct reply *r, const char *name, const char *fmt, ...)
{
    struct buf value = {0};
    va_list args;
    va_start(args, fmt);
    buf_vprintf(&value, fmt, args);
    va_end(args);
    reply_header_span(r, span_of(name), buf_span(&value));
    buf_fini(&value);
}

struct buf *reply_text(struct reply *r, int status, const char *type)
{
    r->status = status;
    buf_clear(&r->body);
    reply_header(r, "Content-Type", "%s", type);
    return &r->body;
}

struct buf *reply_xml(struct reply *r)
{
    struct buf *body = reply_text(r, 200, "application/xml");
    xml_begin(body);
    return body;
}

void reply_file(struct reply *r, int fd, uint64_t offset, uint64_t len)
{
    drop_file(r);
    r->fd = fd;
    r->offset = offset;
    r->len = len;
}

static void error_document(struct buf *out, const struct s3err_row *row, struct span resource,
                           const struct reply_ids *ids)
{
    xml_begin(out);
    xml_open(out, "Error");
    xml_cstr(out, "Code", row->code);
    xml_cstr(out, "Message", row->message);
    xml_text(out, "Resource", resource);
    xml_cstr(out, "RequestId", ids->request_id);
    xml_cstr(out, "HostId", ids->host_id);
    xml_close(out, "Error");
}

void reply_error(struct reply *r, enum s3err e, struct span resource, const struct reply_ids *ids)
{
    const struct s3err_row *row = s3err_row(e);
    drop_file(r);
    buf_clear(&r->body);
    r->error = e;
    r->status = row->status;
    if (e == S3ERR_NOT_MODIFIED) /* RFC 9110 15.4.5: no body, and the headers of the object stay */
        return;
    buf_clear(&r->headers);
    if (row->status == 503) {
        reply_header(r, "Retry-After", "%d", RETRY_AFTER_S);
        reply_header(r, "x-amz-retry-after", "%d", RETRY_AFTER_MS);
    }
    if (r->head_only)
        return;
    error_document(reply_text(r, row->status, "application/xml"), row, resource, ids);
}

uint64_t reply_body_len(const struct reply *r)
{
    if (r->head_only || r->status == 204 || r->status == 304)
        return 0;
    return r->fd >= 0 ? r->len : r->body.len;
}

void reply_write_head(const struct reply *r, const struct reply_ids *ids, int64_t now_wall_ms,
                      bool close, struct buf *out)
{
    char date[CLOCK_TEXT];
    buf_printf(out,
               "HTTP/1.1 %d %s\r\nDate: %s\r\nServer: s3node\r\n"
               "x-amz-request-id: %s\r\nx-amz-id-2: %s\r\n",
               r->status, phrase(r->status), clock_http_date(now_wall_ms, date), ids->request_id,
               ids->host_id);
    buf_add(out, r->headers.p, r->headers.len);
    if (r->status != 204 && r->status != 304)
        buf_printf(out, "Content-Length: %" PRIu64 "\r\n", r->len ? r->len : r->body.len);
    buf_text(out, close ? "Connection: close\r\n\r\n" : "\r\n");
}

size_t reply_read(const struct reply *r, uint64_t at, char *out, size_t size)
{
    uint64_t left = r->len - at;
    if (size > left)
        size = (size_t)left;
    ssize_t n;
    do
        n = pread(r->fd, out, size, (off_t)(r->offset + at));
    while (n < 0 && errno == EINTR);
    return n > 0 ? (size_t)n : 0;
}
