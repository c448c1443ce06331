/* reply.h - the answer to one request: status, headers, and either bytes in memory or a range of a
 * file. The only writer of a status line or an error document.
 *
 * One owner at a time (the pool thread that runs the operation, then the loop that sends). Owns its
 * buffers and the descriptor. */
#ifndef S3NODE_OP_REPLY_H
#define S3NODE_OP_REPLY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "s3node/wire/s3err.h"

struct reply {
    int status;         /* 0 until something was set */
    enum s3err error;   /* S3ERR_OK unless reply_error was called */
    struct buf headers; /* `Name: value\r\n` lines */
    struct buf body;
    int fd; /* >= 0: the body is `len` bytes of it from `offset` */
    uint64_t offset, len;
    bool head_only; /* answer to HEAD: the length is told, the body is not sent */
};

/* What every reply of a node carries. */
struct reply_ids {
    const char *request_id; /* x-amz-request-id, RequestId */
    const char *host_id;    /* x-amz-id-2, HostId */
};

void reply_init(struct reply *r);
void reply_fini(struct reply *r);

/** An answer without a body so far. */
void reply_status(struct reply *r, int status);

/** Adds a header; control characters in the value become `?`, so no value can end its line. */
void reply_header(struct reply *r, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);
void reply_header_span(struct reply *r, struct span name, struct span value);

/** Starts a 200 with an XML document in `r->body`. @return the buffer to write it to */
struct buf *reply_xml(struct reply *r);

/** Starts an answer with text of that content type. @return the buffer to write it to */
struct buf *reply_text(struct reply *r, int status, const char *type);

/** The body is `len` bytes of `fd` from `offset`; takes the descriptor over. */
void reply_file(struct reply *r, int fd, uint64_t offset, uint64_t len);

/** Replaces whatever was there by the error `e`: its status and its document (S3 API Reference,
 *  "REST error responses"). `resource` is the path asked for. SlowDown carries the two headers that
 *  clients read to wait. */
void reply_error(struct reply *r, enum s3err e, struct span resource, const struct reply_ids *ids);

/** Bytes of body that will be sent. */
uint64_t reply_body_len(const struct reply *r);

/** Appends status line and headers, ready to send.
 *  @param close  the connection ends after this reply */
void reply_write_head(const struct reply *r, const struct reply_ids *ids, int64_t now_wall_ms,
                      bool close, struct buf *out);

/** Reads the next bytes of a file body; blocks (pool threads only).
 *  @param at  bytes of the body already read
 *  @return bytes read, at least 1; 0 if the file ended early or could not be read */
size_t reply_read(const struct reply *r, uint64_t at, char *out, size_t size);

#endif
