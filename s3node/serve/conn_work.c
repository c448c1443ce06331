#include "s3node/serve/conn.h"

/* Reads more of the file that the request is answered with. */
static void next_piece_of_file(struct conn *c)
{
    struct reply *reply = &c->req->reply;
    piece_tally *held = &c->loop->node->held;
    uint64_t left = reply_body_len(reply) - c->sent;
    if (reply->fd < 0 || left == 0)
        return;
    if (!c->file.p) {
        size_t size = piece_size(held);
        piece_grow(&c->file, size < left ? size : (size_t)left, held);
    }
    c->file.at = 0;
    c->file.len = reply_read(reply, c->sent, c->file.p, c->file.cap);
    if (c->file.len > 0)
        return;
    c->cut = c->head.len > 0; /* too late for another status */
    if (!c->cut)
        req_fail(c->req, S3ERR_INTERNAL);
}

static void advance(struct conn *c)
{
    struct req *r = c->req;
    if (c->broken != S3ERR_OK) {
        req_fail(r, c->broken);
        return;
    }
    if (!c->begun) {
        c->begun = true;
        if (req_begin(r) == REQ_REPLY)
            return;
    }
    if (c->decoded > 0 && req_body(r, span_bytes(c->in.p, c->decoded)) == REQ_REPLY)
        return;
    if (c->body_done)
        req_finish(r);
}

/* On a pool thread: one step of the request, or the next piece of the file it answers with. */
static void work_run(struct job *job)
{
    struct conn *c = (struct conn *)job; /* `job` is its first member */
    if (c->req->reply.status == 0)
        advance(c);
    if (c->req->reply.status != 0)
        next_piece_of_file(c);
}

/* The decoded bytes are used up; what follows them moves to the front. */
static void drop_decoded(struct conn *c)
{
    c->decoded = 0;
    if (c->in.at > 0)
        memmove(c->in.p, c->in.p + c->in.at, c->in.len - c->in.at);
    c->in.len -= c->in.at;
    c->in.at = 0;
}

/* Home again, on the loop's thread. */
static void work_done(struct job *job)
{
    struct conn *c = (struct conn *)job;
    drop_decoded(c);
    conn_patience(c, CONN_STALL_MS);
    if (c->req->reply.status != 0)
        conn_reply(c);
    else if (c->req->head->expect_continue && c->received == 0)
        conn_continue(c);
    else
        c->state = CONN_BODY;
    conn_step(c);
}

void conn_work(struct conn *c)
{
    c->state = CONN_WORK;
    c->deadline_ms = INT64_MAX;
    c->job.home = c->loop->mail;
    c->job.run = work_run;
    c->job.done = work_done;
    iopool_post(c->loop->node->pool, &c->job);
}
