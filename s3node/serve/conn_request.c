#include "base/clock.h"
#include "s3node/serve/access.h"
#include "s3node/serve/conn.h"

void conn_rest(struct conn *c)
{
    kit_give(&c->loop->kits, c->kit);
    c->kit = NULL;
    piece_drop(&c->in, &c->loop->node->held);
    buf_fini(&c->head);
}

void conn_clear_request(struct conn *c)
{
    if (c->req) {
        req_fini(c->req);
        atomic_fetch_sub(&c->loop->node->inflight, 1);
    }
    reply_fini(&c->page);
    reply_init(&c->page);
    c->req = NULL;
    c->reply = NULL;
    piece_drop(&c->file, &c->loop->node->held);
    c->decoded = 0;
    c->received = c->sent = 0;
    c->begun = c->body_done = false;
    c->broken = S3ERR_OK;
    buf_clear(&c->head);
    c->head_at = 0;
    if (c->kit)
        arena_reset(c->kit->arena);
}

static void log_request(struct conn *c, enum access_level level)
{
    const struct req *r = c->req;
    int status = r->reply.status;
    if (level == ACCESS_OFF || (level == ACCESS_ERRORS && status < 400))
        return;
    struct access_entry entry = {
        .wall_ms = c->began_wall_ms,
        .took_ms = clock_ms() - c->began_ms,
        .op = r->op ? r->op->name : NULL,
        .method = r->head->method,
        .bucket = r->bucket,
        .key = r->key,
        .status = status,
        .code = s3err_row(r->reply.error)->code,
        .received = c->received,
        .sent = c->sent,
        .remote = &c->peer,
        .request_id = r->id,
    };
    access_write(c->loop->node->access, &entry);
}

/* What the node keeps of a request: counters and a line of the log. */
static void account(struct conn *c)
{
    if (!c->req)
        return;
    stats_request(c->loop->stats, c->req->op, c->reply->status, c->received, c->sent);
    log_request(c, policy_pin(c->loop)->access);
    policy_unpin(c->loop);
}

void conn_request_ended(struct conn *c)
{
    account(c);
    bool close = c->close;
    conn_clear_request(c);
    if (close) {
        conn_linger(c);
        return;
    }
    if (piece_empty(&c->in))
        conn_rest(c);
    conn_await_request(c);
}
