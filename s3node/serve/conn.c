#include "s3node/serve/conn.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "s3node/serve/access.h"

enum {
    GUEST_MS = 200,
    LAST_CALL_MS = 1000,
    LINGER_MS = 2000,
    STALL_MS = 60000,
};

void conn_patience(struct conn *c, int64_t ms)
{
    int64_t now = clock_ms();
    c->deadline_ms = now + ms;
    if (c->timer_ms > now && c->timer_ms <= c->deadline_ms)
        return; /* it will look early, see that there is time, and be set again */
    c->timer_ms = c->deadline_ms;
    struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    evtimer_add(c->timer, &wait);
}

/* ---- the life of a request ---- */

void conn_rest(struct conn *c)
{
    http1_free(c->http);
    arena_free(c->arena);
    c->http = NULL;
    c->arena = NULL;
    free(c->in.p);
    c->in = (struct piece){0};
    buf_fini(&c->head);
}

/* Forgets the request; bytes of the next one stay. */
static void clear_request(struct conn *c)
{
    if (c->req) {
        req_fini(c->req);
        atomic_fetch_sub(&c->loop->node->inflight, 1);
    }
    reply_fini(&c->page);
    reply_init(&c->page);
    c->req = NULL;
    c->reply = NULL;
    free(c->file.p);
    c->file = (struct piece){0};
    c->decoded = 0;
    c->received = c->sent = c->file_read = 0;
    c->begun = c->body_done = false;
    c->broken = S3ERR_OK;
    buf_clear(&c->head);
    c->head_at = 0;
    if (c->arena)
        arena_reset(c->arena);
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

static void linger(struct conn *c)
{
    shutdown(c->fd, SHUT_WR);
    c->state = CONN_LINGER;
    conn_patience(c, c->guest ? GUEST_MS : LINGER_MS);
}

static void await_request(struct conn *c)
{
    int64_t idle_ms = policy_pin(c->loop)->idle_ms;
    policy_unpin(c->loop);
    c->state = CONN_HEAD;
    c->in_head = false;
    conn_patience(c, c->guest ? GUEST_MS : idle_ms);
    if (atomic_load(&c->loop->node->phase) == PHASE_CLOSING)
        conn_last_call(c);
}

void conn_request_ended(struct conn *c)
{
    account(c);
    bool close = c->close;
    clear_request(c);
    if (close) {
        linger(c);
        return;
    }
    if (c->in.at == c->in.len)
        conn_rest(c);
    await_request(c);
}

/* ---- work in the pool ---- */

static void next_piece_of_file(struct conn *c)
{
    struct reply *reply = &c->req->reply;
    uint64_t left = reply_body_len(reply) - c->file_read;
    if (reply->fd < 0 || left == 0)
        return;
    if (!c->file.p) {
        c->file.cap = conn_piece_size(c);
        if (c->file.cap > left)
            c->file.cap = (size_t)left;
        c->file.p = mem_resize(NULL, c->file.cap);
    }
    c->file.at = 0;
    c->file.len = reply_read(reply, c->file_read, c->file.p, c->file.cap);
    c->file_read += c->file.len;
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

static void step(struct conn *c);

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
    conn_patience(c, STALL_MS);
    if (c->req->reply.status != 0)
        conn_reply(c);
    else if (c->req->head->expect_continue && c->received == 0)
        conn_continue(c);
    else
        c->state = CONN_BODY;
    step(c);
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

size_t conn_piece_size(const struct conn *c)
{
    /* At most 16 MiB for up to 256 requests, 24 MiB for 1536. */
    static const struct {
        uint32_t inflight;
        size_t size;
    } sizes[] = {{64, 256 * 1024}, {256, 64 * 1024}, {UINT32_MAX, 16 * 1024}};
    uint32_t inflight = atomic_load(&c->loop->node->inflight);
    size_t i = 0;
    while (inflight > sizes[i].inflight)
        i++;
    return sizes[i].size;
}

/* ---- the life of a connection ---- */

static void conn_free(struct conn *c)
{
    clear_request(c);
    conn_rest(c);
    event_free(c->event);
    event_free(c->timer);
    close(c->fd);
    count_move(&c->loop->node->count, &c->tally, TALLY_OUT);
    loop_remove(c->loop, c);
    free(c);
}

/* Goes as far as possible without waiting. */
static void step(struct conn *c)
{
    static bool (*const steps[])(struct conn *) = {
        [CONN_HEAD] = conn_step_head, [CONN_BODY] = conn_step_body,
        [CONN_SEND] = conn_step_send, [CONN_LINGER] = conn_step_linger,
        [CONN_CLOSED] = NULL,
    };
    while (steps[c->state] && steps[c->state](c))
        ;
    if (c->state == CONN_CLOSED)
        conn_free(c);
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
    struct conn *c = arg;
    (void)fd;
    c->readable = c->readable || what & EV_READ;
    c->writable = c->writable || what & EV_WRITE;
    step(c);
}

/* The state's patience has ended. */
static void expire(struct conn *c)
{
    switch (c->state) {
    case CONN_HEAD:
        if (c->in_head) /* a head that does not come to its end */
            conn_refuse(c, S3ERR_REQUEST_TIMEOUT, span_of("/"));
        else
            linger(c);
        break;
    case CONN_BODY:
        c->broken = S3ERR_REQUEST_TIMEOUT;
        conn_work(c);
        break;
    case CONN_WORK:
        return;
    default: /* it does not take what we send */
        c->state = CONN_CLOSED;
        break;
    }
    step(c);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct conn *c = arg;
    (void)fd, (void)what;
    c->timer_ms = 0;
    if (c->tally == TALLY_NEW)
        count_move(&c->loop->node->count, &c->tally, TALLY_SETTLED);
    int64_t left = c->deadline_ms - clock_ms();
    if (c->deadline_ms == INT64_MAX)
        return;
    if (left > 0)
        conn_patience(c, left);
    else
        expire(c);
}

void conn_new(struct loop *l, int fd, const struct addr *peer)
{
    struct conn *c = NEW(struct conn);
    c->loop = l;
    c->fd = fd;
    c->peer = *peer;
    c->guest = atomic_load(&l->node->open) >= l->node->open_max;
    reply_init(&c->page);
    c->event = event_new(l->base, fd, EV_READ | EV_WRITE | EV_ET | EV_PERSIST, on_socket, c);
    c->timer = evtimer_new(l->base, on_timer, c);
    loop_add(l, c);
    atomic_fetch_add(&l->node->accepts, 1);
    count_move(&l->node->count, &c->tally, TALLY_NEW);
    conn_patience(c, COUNT_SETTLE_MS);
    await_request(c);
    event_add(c->event, NULL);
}

void conn_last_call(struct conn *c)
{
    if (c->state == CONN_HEAD && !c->in_head)
        conn_patience(c, LAST_CALL_MS);
}
