#include "probe/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/http1.h"
#include "probe/preset.h"

enum {
    DOUBT_US = 20 * 1000,  /* the least time a doubtful connect gets */
    STALL_US = 500 * 1000, /* a timer this late says that we stood still, not the node */
    USUAL_SHIFT = 3,       /* smoothing of the usual connect time: 1/8, as RFC 6298 */
};

/* --- the connection --------------------------------------------------------------------------- */

static void unwatch(struct check *c)
{
    if (c->watched)
        event_del(&c->io);
    c->watched = 0;
}

static void disconnect(struct check *c)
{
    if (c->fd < 0)
        return;
    unwatch(c);
    close(c->fd);
    c->fd = -1;
}

static void on_io(evutil_socket_t fd, short what, void *arg);

void check_watch(struct check *c, short what)
{
    if (c->watched == what)
        return;
    unwatch(c);
    event_assign(&c->io, c->base, c->fd, (short)(what | EV_PERSIST), on_io, c);
    event_add(&c->io, NULL);
    c->watched = what;
}

/* --- time ------------------------------------------------------------------------------------- */

static int64_t whole_limit_us(const struct check *c)
{
    return c->step_us[STEP_START] + c->conf->timeout_ms * 1000;
}

/* The next moment at which time alone decides something. */
static int64_t next_limit_us(const struct check *c)
{
    int64_t next = whole_limit_us(c);
    if (c->limit_us && c->limit_us < next)
        next = c->limit_us;
    return next;
}

static void arm(struct check *c)
{
    int64_t next = next_limit_us(c);
    if (c->doubt_us && c->doubt_us < next)
        next = c->doubt_us;
    int64_t wait = next - clock_us();
    if (wait < 0)
        wait = 0;
    struct timeval after = {wait / 1000000, wait % 1000000};
    evtimer_add(&c->timer, &after);
}

void check_limit(struct check *c, int64_t ms)
{
    c->limit_us = ms ? clock_us() + ms * 1000 : 0;
    arm(c);
}

static void run_out(struct check *c)
{
    char at[ADDR_TEXT];
    bool whole = next_limit_us(c) == whole_limit_us(c);
    long long whole_ms = c->conf->timeout_ms;
    if (c->phase == PHASE_CONNECTING)
        check_finish(c, REASON_CONNECT_TIMEOUT, "connect to %s: no answer within %lld ms",
                     addr_text(&c->at, at), whole ? whole_ms : c->conf->timeout_connect_ms);
    else
        check_finish(c, REASON_RESPONSE_TIMEOUT, "no %sreply within %lld ms",
                     c->heard ? "whole " : "", whole ? whole_ms : c->conf->timeout_response_ms);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct check *c = arg;
    int64_t now = clock_us(), late = now - next_limit_us(c);
    if (late > STALL_US) {
        check_finish(c, REASON_LOCAL, "this program stood still for %lld ms",
                     (long long)(late / 1000));
    } else if (late >= 0) {
        run_out(c);
    } else if (c->doubt_us && now >= c->doubt_us) {
        c->doubt_us = 0;
        arm(c);
        c->owner->silent(c);
    } else {
        arm(c);
    }
}

/* --- steps ------------------------------------------------------------------------------------ */

void check_finish(struct check *c, enum reason reason, const char *evidence, ...)
{
    va_list args;
    va_start(args, evidence);
    vsnprintf(c->result.evidence, sizeof c->result.evidence, evidence, args);
    va_end(args);
    c->result.reason = reason;
    c->step_us[STEP_DONE] = clock_us();
    c->phase = PHASE_IDLE;
    evtimer_del(&c->timer);
    c->kind->end(c);
    if (c->keep && c->conf->keepalive)
        check_watch(c, EV_READ);
    else
        disconnect(c);
    c->owner->done(c);
}

/* For our own trouble the system's words say more than ours. */
static const char *error_text(int error)
{
    enum reason reason = reason_of_errno(error);
    return reason == REASON_LOCAL ? strerror(error) : reasons[reason].sentence;
}

static void fail_connect(struct check *c, int error)
{
    char at[ADDR_TEXT];
    check_finish(c, reason_of_errno(error), "connect to %s: %s", addr_text(&c->at, at),
                 error_text(error));
}

void check_broken(struct check *c, int error)
{
    if (c->reused && c->heard == 0)
        check_again(c);
    else
        check_finish(c, reason_of_errno(error), "%s before a whole reply", error_text(error));
}

static void talk(struct check *c)
{
    c->phase = PHASE_TALKING;
    c->doubt_us = 0;
    c->sent = c->heard = 0;
    c->kind->begin(c);
}

/* A connect to a port of our own host that nobody listens on may meet itself: the kernel chose that
 * very port for us. */
static bool met_itself(const struct check *c)
{
    struct sockaddr_storage ss;
    socklen_t len = sizeof ss;
    struct addr self;
    if (getsockname(c->fd, (struct sockaddr *)&ss, &len) != 0)
        return false;
    addr_from_sockaddr((struct sockaddr *)&ss, &self);
    return self.port == c->at.port && addr_equal_ip(&self, &c->at);
}

static void note_connect_time(struct check *c)
{
    int64_t took = c->step_us[STEP_CONNECTED] - c->connect_us;
    c->usual_us = c->usual_us ? c->usual_us + (took - c->usual_us) / (1 << USUAL_SHIFT) : took;
}

static void on_connected(struct check *c)
{
    int error = 0;
    socklen_t len = sizeof error;
    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    if (!error && met_itself(c))
        error = ECONNREFUSED;
    if (error) {
        fail_connect(c, error);
        return;
    }
    c->step_us[STEP_CONNECTED] = clock_us();
    note_connect_time(c);
    talk(c);
}

static void connect_afresh(struct check *c, bool doubtful)
{
    struct sockaddr_storage ss;
    socklen_t len = addr_to_sockaddr(&c->at, &ss);
    int64_t doubt = 2 * c->usual_us > DOUBT_US ? 2 * c->usual_us : DOUBT_US;
    disconnect(c);
    c->phase = PHASE_CONNECTING;
    c->reused = false;
    c->connect_us = clock_us();
    c->doubt_us = doubtful ? c->connect_us + doubt : 0;
    c->fd = socket(c->at.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || (connect(c->fd, (struct sockaddr *)&ss, len) != 0 && errno != EINPROGRESS)) {
        fail_connect(c, errno);
        return;
    }
    check_watch(c, EV_WRITE);
    check_limit(c, c->conf->timeout_connect_ms);
}

void check_again(struct check *c)
{
    connect_afresh(c, true);
}

/* --- the idle connection ---------------------------------------------------------------------- */

static void on_trip(struct check *c)
{
    char byte;
    ssize_t n = recv(c->fd, &byte, 1, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    enum check_trip why = n == 0 ? TRIP_FIN : n > 0 ? TRIP_BYTES : TRIP_RESET;
    disconnect(c);
    c->owner->tripped(c, why);
}

static void on_io(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    struct check *c = arg;
    if (c->phase == PHASE_CONNECTING)
        on_connected(c);
    else if (c->phase == PHASE_TALKING)
        c->kind->io(c, what);
    else
        on_trip(c);
}

/* --- from outside ----------------------------------------------------------------------------- */

void check_init(struct check *c, struct event_base *base, const struct check_owner *owner,
                struct check_stock *stock, const struct addr *at, const struct probe_conf *conf)
{
    *c = (struct check){
        .base = base, .conf = conf, .owner = owner, .stock = stock, .at = *at, .fd = -1};
    c->kind = conf->preset->kind == PRESET_TCP ? &check_tcp : &check_http;
    c->request = c->kind->request(c);
    evtimer_assign(&c->timer, base, on_timer, c);
}

void check_fini(struct check *c)
{
    evtimer_del(&c->timer);
    c->kind->end(c);
    disconnect(c);
    free(c->request);
}

void check_stock_fini(struct check_stock *stock)
{
    while (stock->n > 0)
        http1_free(stock->parsers[--stock->n]);
}

static bool can_reuse(const struct check *c)
{
    int64_t age_us = c->step_us[STEP_START] - c->connect_us;
    return c->fd >= 0 && c->kind->reuses && age_us < c->conf->reconnect_interval_ms * 1000;
}

void check_start(struct check *c, bool doubtful)
{
    memset(c->step_us, 0, sizeof c->step_us);
    c->step_us[STEP_START] = clock_us();
    c->result = (struct check_result){0};
    c->keep = false;
    c->reused = can_reuse(c);
    if (c->reused)
        talk(c);
    else
        connect_afresh(c, doubtful);
}

int64_t check_rtt_us(const struct check *c)
{
    if (c->step_us[STEP_HEAD])
        return c->step_us[STEP_HEAD] - c->step_us[STEP_SENT];
    bool only_connected = c->step_us[STEP_CONNECTED] && !c->step_us[STEP_SENT];
    return only_connected ? c->step_us[STEP_CONNECTED] - c->connect_us : 0;
}
