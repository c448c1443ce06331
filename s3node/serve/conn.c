#include "s3node/serve/conn.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum {
    GUEST_MS = 200,
    LAST_CALL_MS = 1000,
    LINGER_MS = 2000,
    STEPS_A_TURN = 32, /* a client that never stops asking leaves time for the others */
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

void conn_linger(struct conn *c)
{
    shutdown(c->fd, SHUT_WR);
    c->state = CONN_LINGER;
    conn_patience(c, c->guest ? GUEST_MS : LINGER_MS);
}

void conn_await_request(struct conn *c)
{
    int64_t idle_ms = policy_pin(c->loop)->idle_ms;
    policy_unpin(c->loop);
    c->state = CONN_HEAD;
    c->in_head = false;
    conn_patience(c, c->guest ? GUEST_MS : idle_ms);
    if (atomic_load(&c->loop->node->phase) == PHASE_CLOSING)
        conn_last_call(c);
}

static void conn_free(struct conn *c)
{
    conn_clear_request(c);
    conn_rest(c);
    event_free(c->event);
    event_free(c->timer);
    close(c->fd);
    count_move(&c->loop->node->count, &c->tally, TALLY_OUT);
    loop_remove(c->loop, c);
    free(c);
}

/* Goes on when the loop comes round again. */
static void yield(struct conn *c)
{
    struct timeval now = {0};
    c->yielded = true;
    c->timer_ms = clock_ms();
    evtimer_add(c->timer, &now);
}

void conn_step(struct conn *c)
{
    static bool (*const steps[])(struct conn *) = {
        [CONN_HEAD] = conn_step_head, [CONN_BODY] = conn_step_body,
        [CONN_SEND] = conn_step_send, [CONN_LINGER] = conn_step_linger,
        [CONN_CLOSED] = NULL,
    };
    int n = 0;
    while (n < STEPS_A_TURN && steps[c->state] && steps[c->state](c))
        n++;
    if (c->state == CONN_CLOSED)
        conn_free(c);
    else if (n == STEPS_A_TURN)
        yield(c);
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
    struct conn *c = arg;
    (void)fd;
    c->readable = c->readable || what & EV_READ;
    c->writable = c->writable || what & EV_WRITE;
    conn_step(c);
}

/* The state's patience has ended. */
static void expire(struct conn *c)
{
    switch (c->state) {
    case CONN_HEAD:
        if (c->in_head) /* a head that does not come to its end */
            conn_refuse(c, S3ERR_REQUEST_TIMEOUT, span_of("/"));
        else
            conn_linger(c);
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
    conn_step(c);
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
    if (left <= 0) {
        expire(c);
        return;
    }
    conn_patience(c, left);
    if (c->yielded) {
        c->yielded = false;
        conn_step(c);
    }
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
    conn_await_request(c);
    event_add(c->event, NULL);
}

void conn_last_call(struct conn *c)
{
    if (c->state == CONN_HEAD && !c->in_head)
        conn_patience(c, LAST_CALL_MS);
}
