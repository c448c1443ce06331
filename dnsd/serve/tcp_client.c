#include "dnsd/serve/tcp_client.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dnsd/serve/tcp_pace.h"

struct tcp_client {
    struct tcp_member member;
    struct tcp_shared *shared;
    struct bufferevent *stream;
    struct event *due;
    struct tcp_pace pace;
    struct addr from;
    enum tcp_count closing; /* nothing more will be read: close for this reason when the replies are
                               written; TCP_OPEN until then */
};

static void client_free(struct tcp_client *c)
{
    tcp_limits_remove(c->shared->limits, &c->member);
    counter_add(&c->shared->counts[TCP_OPEN], (uint64_t)-1);
    event_free(c->due);
    bufferevent_free(c->stream);
    free(c);
}

/* Who takes no replies is reset, or the kernel would keep them for minutes more. */
static void client_end(struct tcp_client *c, enum tcp_count why)
{
    const struct linger reset = {1, 0};
    if (why == TCP_END_STALL)
        setsockopt(bufferevent_getfd(c->stream), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    counter_add(&c->shared->counts[why], 1);
    client_free(c);
}

static void client_used(struct tcp_client *c, int64_t now_ms)
{
    tcp_limits_used(&c->member);
    tcp_pace_begin(&c->pace, now_ms);
}

/* --- answering --- */

/* @return false if the message deserves no answer */
static bool answer_message(struct tcp_client *c, struct span message, int64_t now_ms)
{
    struct tcp_shared *t = c->shared;
    struct answer_query query = {.packet = (const uint8_t *)message.p,
                                 .len = message.len,
                                 .from = c->from,
                                 .tcp = true,
                                 .wall_ms = clock_wall_ms()};
    const struct source_view view = source_pin(&t->source, t->reader, &t->ctx);
    size_t n = answer_packet(&t->ctx, view.world, view.status, now_ms, &query,
                             t->reply + TCP_PREFIX, ANSWER_MAX);
    source_unpin(&t->source, t->reader, &t->ctx);
    if (n == 0)
        return false;
    t->reply[0] = (uint8_t)(n >> 8);
    t->reply[1] = (uint8_t)n;
    bufferevent_write(c->stream, t->reply, TCP_PREFIX + n);
    return true;
}

static size_t unsent(const struct tcp_client *c)
{
    return evbuffer_get_length(bufferevent_get_output(c->stream));
}

/* Answers every whole message that has arrived, as long as the client reads its replies. Who sends
 * what deserves no answer speaks no DNS: it gets what it has asked before, and the end. */
static void answer_all(struct tcp_client *c, int64_t now_ms)
{
    struct evbuffer *in = bufferevent_get_input(c->stream);
    struct span message;
    while (unsent(c) <= TCP_MAX_UNSENT && tcp_frame_first(in, &message)) {
        if (answer_message(c, message, now_ms)) {
            tcp_frame_drop(in, message);
        } else {
            evbuffer_drain(in, evbuffer_get_length(in));
            c->closing = TCP_END_MALFORMED;
        }
        client_used(c, now_ms);
    }
}

/* --- time --- */

static void watch(struct tcp_client *c, int64_t now_ms)
{
    int64_t due_ms = tcp_pace_due_ms(&c->pace), left_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    const struct timeval left = {left_ms / 1000, left_ms % 1000 * 1000};
    event_add(c->due, &left);
}

/* The timer is moved only when something is due sooner; what is due later it finds out here. While
 * replies wait, the limit of their own watches (TCP_STALL_MS). */
static void on_due(evutil_socket_t fd, short what, void *arg)
{
    struct tcp_client *c = arg;
    int64_t now_ms = clock_ms();
    (void)fd, (void)what;
    if (unsent(c) > 0)
        tcp_pace_replied(&c->pace, now_ms);
    if (tcp_pace_due_ms(&c->pace) <= now_ms)
        client_end(c, tcp_pace_slow(&c->pace) ? TCP_END_SLOW : TCP_END_IDLE);
    else
        watch(c, now_ms);
}

/* --- events --- */

static void client_go_on(struct tcp_client *c)
{
    int64_t now_ms = clock_ms();
    answer_all(c, now_ms);
    bool reading = c->closing == TCP_OPEN && unsent(c) <= TCP_MAX_UNSENT;
    bool rest = evbuffer_get_length(bufferevent_get_input(c->stream)) > 0;
    if (tcp_pace_unfinished(&c->pace, reading && rest, now_ms))
        watch(c, now_ms);
    if (c->closing != TCP_OPEN && unsent(c) == 0)
        client_end(c, c->closing);
    else if (reading)
        bufferevent_enable(c->stream, EV_READ);
    else
        bufferevent_disable(c->stream, EV_READ);
}

static void on_read(struct bufferevent *stream, void *arg)
{
    (void)stream;
    client_go_on(arg);
}

static void on_written(struct bufferevent *stream, void *arg)
{
    struct tcp_client *c = arg;
    (void)stream;
    tcp_pace_replied(&c->pace, clock_ms());
    client_go_on(c);
}

/* A half-closed client still gets its answers (RFC 7766 6.2.4); anything else ends it. */
static void on_event(struct bufferevent *stream, short what, void *arg)
{
    struct tcp_client *c = arg;
    (void)stream;
    if (!(what & BEV_EVENT_EOF)) {
        client_end(c, what & BEV_EVENT_TIMEOUT ? TCP_END_STALL : TCP_END_PEER);
        return;
    }
    c->closing = TCP_END_PEER;
    client_go_on(c);
}

/* --- begin and end --- */

static void set_up(struct tcp_client *c, int fd)
{
    const int on = 1;
    const struct timeval stall = {TCP_STALL_MS / 1000, TCP_STALL_MS % 1000 * 1000};
    bufferevent_setcb(c->stream, on_read, on_written, on_event, c);
    bufferevent_setwatermark(c->stream, EV_READ, 0, TCP_FRAME_MAX);
    bufferevent_set_timeouts(c->stream, NULL, &stall);
    bufferevent_enable(c->stream, EV_READ | EV_WRITE);
    /* or a reply waits for the acknowledgement of the one before (RFC 896) */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* @return NULL without memory, and the socket is closed */
static struct tcp_client *client_new(struct tcp_shared *shared, struct event_base *base, int fd,
                                     const struct addr *from)
{
    struct tcp_client *c = NEW(struct tcp_client);
    *c = (struct tcp_client){
        .member.owner = c, .shared = shared, .from = *from, .closing = TCP_OPEN};
    c->due = event_new(base, -1, 0, on_due, c);
    c->stream = c->due ? bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE) : NULL;
    if (c->stream)
        return c;
    if (c->due)
        event_free(c->due);
    free(c);
    close(fd);
    return NULL;
}

void tcp_client_open(struct tcp_shared *shared, struct event_base *base, int fd,
                     const struct addr *from)
{
    int64_t now_ms = clock_ms();
    struct tcp_member *victim = tcp_limits_victim(shared->limits, from);
    counter_add(&shared->counts[TCP_ACCEPTED], 1);
    if (victim)
        client_end(victim->owner, TCP_END_LIMIT);
    struct tcp_client *c = client_new(shared, base, fd, from);
    if (!c)
        return;
    counter_add(&shared->counts[TCP_OPEN], 1);
    tcp_limits_add(shared->limits, &c->member, from);
    tcp_pace_begin(&c->pace, now_ms);
    watch(c, now_ms);
    set_up(c, fd);
}

void tcp_client_close_all(struct tcp_shared *shared)
{
    for (struct tcp_member *m; (m = tcp_limits_first(shared->limits));)
        client_free(m->owner);
}
