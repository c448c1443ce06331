#include "s3node/serve/health.h"

#include <inttypes.h>

#include "base/json.h"

static const struct {
    const char *path;
    enum health_page page;
    bool minio, restricted, reports;
} pages[] = {
    {"/-/live", HEALTH_LIVE, false, false, false},
    {"/-/ready", HEALTH_READY, false, false, true},
    {"/-/load", HEALTH_LOAD, false, true, true},
    {"/-/metrics", HEALTH_METRICS, false, true, false},
    {"/minio/health/live", HEALTH_MINIO_LIVE, true, false, false},
    {"/minio/health/ready", HEALTH_MINIO_READY, true, false, false},
    {"/minio/health/cluster", HEALTH_MINIO_READY, true, false, false},
    {"/minio/health/cluster/read", HEALTH_MINIO_READY, true, false, false},
};

static const char *const words[] = {
    [NODE_STARTING] = "starting", [NODE_READY] = "ready", [NODE_FULL] = "full",
    [NODE_DRAIN] = "drain",       [NODE_MAINT] = "maint", [NODE_FAILED] = "failed",
};

const char *health_state_word(enum node_state state)
{
    return words[state];
}

/* In its Authorization header, or presigned (X-Amz-Signature=, Signature= before SigV4). */
static bool signed_somehow(const struct http1_head *head, struct span query)
{
    static const char param[] = "Signature=";
    return http1_find(head, "authorization", NULL).p ||
           (query.len > 0 && memmem(query.p, query.len, param, sizeof param - 1));
}

static bool reads(const struct http1_head *head)
{
    return span_is(head->method, "GET") || span_is(head->method, "HEAD");
}

enum health_page health_page(const struct http1_head *head)
{
    struct span query = head->target, path = query;
    span_split(&query, '?', &path);
    for (size_t i = 0; i < COUNT(pages); i++)
        if (span_is(path, pages[i].path) &&
            (!pages[i].minio || (reads(head) && !signed_somehow(head, query))))
            return pages[i].page;
    return span_starts(path, "/-/") ? HEALTH_UNKNOWN : HEALTH_NONE;
}

bool health_restricted(enum health_page page)
{
    for (size_t i = 0; i < COUNT(pages); i++)
        if (pages[i].page == page)
            return pages[i].restricted;
    return true;
}

bool health_reports(enum health_page page)
{
    for (size_t i = 0; i < COUNT(pages); i++)
        if (pages[i].page == page)
            return pages[i].reports;
    return false;
}

static int status_of(enum node_state state)
{
    return state == NODE_READY ? 200 : 503;
}

static void ready(const struct health_view *v, struct reply *out)
{
    const char *word = words[v->state];
    struct buf *body = reply_text(out, status_of(v->state), "text/plain");
    if (v->state != NODE_READY)
        reply_header(out, "X-Node-State", "%s", word);
    reply_header(out, "X-Node-Load",
                 "boot=%s;seq=%" PRIu64 ";state=%s;conns=%" PRIu32 ";limit=%" PRIu32, v->boot,
                 v->seq, word, v->conns, v->limit);
    buf_printf(body, "%s\n", word);
}

static void load(const struct health_view *v, struct reply *out)
{
    struct json *o = json_new_object();
    json_set_int(o, "v", 1);
    json_set_text(o, "boot", v->boot);
    json_set_int(o, "seq", (int64_t)v->seq);
    json_set_text(o, "store", v->store);
    json_set_text(o, "state", words[v->state]);
    json_set_int(o, "conns", v->conns);
    json_set_int(o, "inflight", v->inflight);
    json_set_int(o, "limit", v->limit);
    json_set_int(o, "resume", v->resume);
    json_set_int(o, "accepts", (int64_t)v->accepts);
    struct buf *body = reply_text(out, 200, "application/json");
    json_write(o, JSON_LINE, body);
    buf_text(body, "\n");
    json_free(o);
}

/* `mc ping` takes the header for an answer from a node that is offline. */
static void minio(const struct health_view *v, bool live, struct reply *out)
{
    int status = live ? 200 : status_of(v->state);
    reply_status(out, status);
    if (status != 200)
        reply_header(out, "x-minio-server-status", "offline");
}

void health_reply(enum health_page page, const struct health_view *view, struct reply *out)
{
    switch (page) {
    case HEALTH_READY:
        ready(view, out);
        break;
    case HEALTH_LOAD:
        load(view, out);
        break;
    case HEALTH_MINIO_LIVE:
    case HEALTH_MINIO_READY:
        minio(view, page == HEALTH_MINIO_LIVE, out);
        break;
    default:
        buf_text(reply_text(out, 200, "text/plain"), "live\n");
        break;
    }
    reply_header(out, "Cache-Control", "no-store");
}
