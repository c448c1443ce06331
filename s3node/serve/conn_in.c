#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "s3node/serve/conn.h"

enum {
    HEAD_MS = 10000,              /* from the first byte of a head to its last */
    LINGER_MAX = 4 * 1024 * 1024, /* bytes thrown away before the connection is cut */
};

/* One read(2) into `p`. @return bytes, 0 when there is nothing (more) for now */
static size_t receive(struct conn *c, char *p, size_t size)
{
    ssize_t n;
    if (!c->readable || c->ended || size == 0)
        return 0;
    do
        n = read(c->fd, p, size);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        return (size_t)n;
    c->readable = false;
    c->ended = n == 0 || errno != EAGAIN;
    return 0;
}

/* Reads the socket until it is empty or the buffer full. @return false if nothing came */
static bool fill(struct conn *c)
{
    size_t before = c->in.len;
    for (size_t n; (n = receive(c, c->in.p + c->in.len, c->in.cap - c->in.len)) > 0;)
        c->in.len += n;
    return c->in.len > before;
}

void conn_gather(struct conn *c)
{
    struct span bytes;
    size_t used;
    enum http1_event event;
    do {
        event = http1_feed(c->kit->http, piece_span(&c->in), &used, &bytes);
        c->in.at += used;
        if (event == HTTP1_BODY) { /* decoded bytes never overtake what is still to be parsed */
            memmove(c->in.p + c->decoded, bytes.p, bytes.len);
            c->decoded += bytes.len;
            c->received += bytes.len;
        }
    } while (event == HTTP1_BODY);
    c->body_done = event == HTTP1_DONE;
    if (event == HTTP1_ERROR)
        c->broken = S3ERR_INVALID_REQUEST;
}

/* ---- a head ---- */

static void begin_s3(struct conn *c, const struct http1_head *head)
{
    struct node *node = c->loop->node;
    count_move(&node->count, &c->tally, TALLY_SETTLED);
    if (!c->asked_s3 && (c->guest || count_over(&node->count))) {
        conn_refuse(c, S3ERR_SLOW_DOWN, head->target);
        return;
    }
    c->asked_s3 = true;
    atomic_fetch_add(&node->inflight, 1);
    c->req = ARENA_NEW(c->kit->arena, struct req);
    req_init(c->req, node->service, c->kit->arena, head, c->began_wall_ms);
    c->reply = &c->req->reply;
    conn_gather(c);
    conn_work(c);
}

static void begin(struct conn *c)
{
    const struct http1_head *head = http1_head(c->kit->http);
    /* With a bucket in Host there are no reserved paths: they are keys like any other. */
    bool in_bucket = service_host_bucket(c->loop->node->service, head).p != NULL;
    enum health_page page = in_bucket ? HEALTH_NONE : health_page(head);
    c->began_ms = clock_ms();
    c->began_wall_ms = clock_wall_ms();
    if (page == HEALTH_NONE) {
        begin_s3(c, head);
    } else {
        if (!c->asked)
            count_move(&c->loop->node->count, &c->tally, TALLY_OUT);
        conn_page(c, head, page);
    }
    c->asked = true;
}

/* Feeds the parser. @return false if more bytes are needed */
static bool parse_head(struct conn *c)
{
    size_t used;
    struct span body;
    enum http1_event event = http1_feed(c->kit->http, piece_span(&c->in), &used, &body);
    c->in.at += used;
    if (event == HTTP1_MORE) {
        c->in.at = c->in.len = 0;
        return false;
    }
    if (event == HTTP1_HEAD)
        begin(c);
    else
        conn_refuse(c, http1_too_large(c->kit->http) ? S3ERR_HEAD_TOO_LARGE : S3ERR_INVALID_REQUEST,
                    span_of("/"));
    return true;
}

/* The first bytes of a request have come: what it needs is made. */
static void first_bytes(struct conn *c)
{
    c->in_head = true;
    if (!c->kit)
        c->kit = kit_take(&c->loop->kits);
    conn_patience(c, HEAD_MS);
}

/* More bytes of a head, or the first of one. */
static bool fill_head(struct conn *c)
{
    if (!c->readable)
        return false;
    c->in.at = c->in.len = 0;
    piece_grow(&c->in, PIECE_HEAD, &c->loop->node->held);
    return fill(c);
}

bool conn_step_head(struct conn *c)
{
    if (piece_empty(&c->in) && !fill_head(c)) {
        if (c->ended)
            c->state = CONN_CLOSED;
        else if (!c->in_head)
            conn_rest(c);
        return false;
    }
    if (!c->in_head)
        first_bytes(c);
    return parse_head(c) || c->readable || c->ended;
}

/* ---- a body ---- */

/* A body that does not fit beside its head gets a larger buffer; one that stalls gives it back. */
static bool fill_body(struct conn *c)
{
    piece_tally *held = &c->loop->node->held;
    if (!c->readable)
        return false;
    piece_grow(&c->in, c->received < PIECE_HEAD / 2 ? PIECE_HEAD : piece_size(held), held);
    if (fill(c))
        return true;
    if (piece_scarce(held))
        piece_drop(&c->in, held);
    return false;
}

bool conn_step_body(struct conn *c)
{
    c->in.at = c->in.len = 0; /* as long as the body is not complete, all that came was parsed */
    bool came = fill_body(c);
    if (came)
        conn_gather(c);
    else if (c->ended)
        c->broken = S3ERR_INCOMPLETE_BODY;
    if (c->decoded > 0 || c->body_done || c->broken != S3ERR_OK) {
        conn_work(c);
        return true;
    }
    if (came) /* a few bytes of framing */
        conn_patience(c, CONN_STALL_MS);
    return c->readable || c->ended;
}

/* ---- the end ---- */

bool conn_step_linger(struct conn *c)
{
    char waste[16 * 1024];
    for (size_t n; c->lingered <= LINGER_MAX && (n = receive(c, waste, sizeof waste)) > 0;)
        c->lingered += n;
    if (!c->ended && c->lingered <= LINGER_MAX)
        return false;
    c->state = CONN_CLOSED;
    return true;
}
