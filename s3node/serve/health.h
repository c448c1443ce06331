/* health.h - the pages under /-/ and MinIO's health paths: which request is for them, and what they
 * say. Pure: numbers come in, a reply goes out; answered on the loop, never behind the pool. */
#ifndef S3NODE_SERVE_HEALTH_H
#define S3NODE_SERVE_HEALTH_H

#include "base/http1.h"
#include "s3node/op/reply.h"
#include "s3node/serve/node.h"

enum health_page {
    HEALTH_NONE, /* not ours: an S3 request */
    HEALTH_UNKNOWN,
    HEALTH_LIVE,
    HEALTH_READY,
    HEALTH_LOAD,
    HEALTH_METRICS,
    HEALTH_MINIO_LIVE,
    HEALTH_MINIO_READY,
};

struct health_view {
    const char *boot, *store;
    uint64_t seq, accepts;
    enum node_state state;
    uint32_t conns, inflight, limit, resume;
};

/** Which page a request asks for. Paths under /-/ are always ours; MinIO's only for GET and HEAD
 *  without a signature, as they are also keys of a bucket `minio`. */
enum health_page health_page(const struct http1_head *head);

/** True if only clients within `inspect` may read it. */
bool health_restricted(enum health_page page);

/** True if the page tells numbers, which take a new `seq`. */
bool health_reports(enum health_page page);

/** Writes the page. HEALTH_METRICS is not among them (stats_write); HEALTH_UNKNOWN neither. */
void health_reply(enum health_page page, const struct health_view *view, struct reply *out);

/** "ready", "full", ... */
const char *health_state_word(enum node_state state);

#endif
