#include <errno.h>
#include <sys/socket.h>

#include "s3node/serve/conn.h"

/* True if nothing of this message is still to come; what was received of it is thrown away. */
static bool body_is_over(struct conn *c)
{
    if (!c->body_done && c->broken == S3ERR_OK && !http1_head(c->kit->http)->expect_continue) {
        conn_gather(c);
        c->decoded = 0;
    }
    return c->body_done;
}

static bool must_close(struct conn *c)
{
    const struct http1_head *head = http1_head(c->kit->http);
    return c->guest || !head->keep_alive || head->minor == 0 || !body_is_over(c) ||
           atomic_load(&c->loop->node->phase) != PHASE_SERVING;
}

void conn_reply(struct conn *c)
{
    struct reply_ids ids = {c->req ? c->req->id : c->page_id, service_boot(c->loop->node->service)};
    c->state = CONN_SEND;
    if (c->head.len > 0)
        return; /* more of a file; the head is out */
    c->close = c->close || must_close(c);
    reply_write_head(c->reply, &ids, c->began_wall_ms, c->close, &c->head);
}

void conn_continue(struct conn *c)
{
    c->state = CONN_SEND;
    buf_text(&c->head, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* What of the body is at hand. */
static struct span body_at_hand(const struct conn *c)
{
    if (c->reply->fd >= 0)
        return piece_span(&c->file);
    return span_skip(span_first(buf_span(&c->reply->body), reply_body_len(c->reply)), c->sent);
}

static void advance(struct conn *c, size_t n)
{
    size_t of_head = c->head.len - c->head_at;
    if (of_head > n)
        of_head = n;
    c->head_at += of_head;
    c->sent += n - of_head;
    c->file.at += c->reply->fd >= 0 ? n - of_head : 0;
}

/* A slow client holds no memory when it is scarce: the file is read again when it takes more. */
static void spare_memory(struct conn *c)
{
    piece_tally *held = &c->loop->node->held;
    if (!piece_scarce(held))
        return;
    if (piece_empty(&c->in))
        piece_drop(&c->in, held);
    if (c->head_at == c->head.len)
        piece_drop(&c->file, held);
}

/* One send(2) of head and body together. @return false when the kernel takes no more for now */
static bool send_some(struct conn *c, struct span head, struct span body)
{
    struct iovec parts[] = {{(void *)(uintptr_t)head.p, head.len},
                            {(void *)(uintptr_t)body.p, body.len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = COUNT(parts)};
    bool last = c->sent + body.len == reply_body_len(c->reply);
    ssize_t n;
    do
        n = sendmsg(c->fd, &message, MSG_NOSIGNAL | (last ? 0 : MSG_MORE));
    while (n < 0 && errno == EINTR);
    if (n >= 0) {
        advance(c, (size_t)n);
        conn_patience(c, CONN_STALL_MS);
        return true;
    }
    c->writable = false;
    if (errno == EAGAIN)
        spare_memory(c);
    else
        c->state = CONN_CLOSED; /* the client is gone */
    return false;
}

/* All at hand was sent: what comes next? */
static void go_on(struct conn *c)
{
    if (c->reply->status == 0) {
        buf_clear(&c->head);
        c->head_at = 0;
        c->state = CONN_BODY;
    } else if (c->sent == reply_body_len(c->reply)) {
        conn_request_ended(c);
    } else if (c->cut) {
        c->state = CONN_CLOSED;
    } else {
        conn_work(c);
    }
}

bool conn_step_send(struct conn *c)
{
    struct span head = span_skip(buf_span(&c->head), c->head_at), body = body_at_hand(c);
    if (!c->writable)
        return false;
    if (head.len == 0 && body.len == 0)
        go_on(c);
    else if (!send_some(c, head, body))
        return c->state != CONN_SEND;
    return true;
}
