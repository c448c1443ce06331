/* access.h - the access log: one JSON line per request on stderr. A thread of its own writes, so
 * that a reader of stderr that stops reading stops no loop; lines that it cannot take in time are
 * dropped and counted in the next one. */
#ifndef S3NODE_SERVE_ACCESS_H
#define S3NODE_SERVE_ACCESS_H

#include <stdint.h>

#include "base/net.h"
#include "base/span.h"

struct access_log;

struct access_entry {
    int64_t wall_ms; /* of the request's head */
    int64_t took_ms; /* from there to the end of the reply */
    const char *op;  /* NULL: none */
    struct span method, bucket, key;
    int status;
    const char *code;        /* S3 error code; "": none */
    uint64_t received, sent; /* bytes of the bodies */
    const struct addr *remote;
    const char *request_id;
};

struct access_log *access_new(void);

/** Writes what is queued and ends the thread. */
void access_free(struct access_log *log);

/** Queues a line; any thread, never blocks. */
void access_write(struct access_log *log, const struct access_entry *entry);

#endif
