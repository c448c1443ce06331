#include "dnsd/serve/control.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "dnsd/serve/accept.h"
#include "dnsd/serve/control_socket.h"

enum { IDLE_S = 60, GROUPS_MAX = 256 };

struct control_client {
    LIST_ENTRY(control_client) link;
    struct control *control;    /* NULL once the control has stopped */
    struct bufferevent *stream; /* NULL once the peer has gone */
    bool may_change;
    bool waiting; /* for control_reply */
    bool closing; /* nothing more will be read: close when all is answered and written */
};

struct control {
    struct evconnlistener *listener;
    int fd;
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    gid_t group;
    control_fn *answer;
    void *arg;
    LIST_HEAD(, control_client) clients;
    size_t n_clients;
};

/* --- clients --- */

/* Frees a client that nobody needs: its peer has gone and no reply is on its way. */
static void client_unref(struct control_client *c)
{
    if (c->stream || c->waiting)
        return;
    if (c->control) {
        LIST_REMOVE(c, link);
        c->control->n_clients--;
    }
    free(c);
}

static void client_gone(struct control_client *c)
{
    bufferevent_free(c->stream);
    c->stream = NULL;
    client_unref(c);
}

static bool all_sent(const struct control_client *c)
{
    return evbuffer_get_length(bufferevent_get_output(c->stream)) == 0;
}

void control_reply(struct control_client *c, struct json *reply)
{
    struct buf line = {0};
    c->waiting = false;
    if (c->stream) {
        json_write(reply, JSON_LINE, &line);
        buf_text(&line, "\n");
        bufferevent_write(c->stream, line.p, line.len); /* on_written goes on */
    }
    buf_fini(&line);
    json_free(reply);
    client_unref(c);
}

static void refuse(struct control_client *c, const char *why)
{
    struct json *reply = json_new_object();
    json_set_bool(reply, "ok", false);
    json_set_text(reply, "error", why);
    c->closing = true;
    bufferevent_disable(c->stream, EV_READ);
    control_reply(c, reply);
}

static void serve_line(struct control_client *c, const char *line, size_t len)
{
    struct err err;
    struct json *request = json_parse(span_bytes(line, len), "request", &err);
    if (!request) {
        struct evbuffer *in = bufferevent_get_input(c->stream);
        evbuffer_drain(in, evbuffer_get_length(in));
        refuse(c, "the request is not JSON");
        return;
    }
    c->waiting = true;
    c->control->answer(c->control->arg, request, c->may_change, c);
    json_free(request);
}

/* One request at a time: the next line stays in the input buffer until the reply to this one has
 * been read. */
static void client_go_on(struct control_client *c)
{
    if (c->waiting || !all_sent(c))
        return;
    struct evbuffer *in = bufferevent_get_input(c->stream);
    size_t len;
    char *line = evbuffer_readln(in, &len, EVBUFFER_EOL_LF);
    if (line)
        serve_line(c, line, len);
    else if (c->closing)
        client_gone(c);
    else if (evbuffer_get_length(in) >= CONTROL_MAX_REQUEST)
        refuse(c, "the request is too long");
    free(line);
}

static void on_read(struct bufferevent *stream, void *arg)
{
    (void)stream;
    client_go_on(arg);
}

static void on_written(struct bufferevent *stream, void *arg)
{
    (void)stream;
    client_go_on(arg);
}

/* A half-closed client still gets its answers, and nobody is called idle while it waits for us. */
static void on_event(struct bufferevent *stream, short what, void *arg)
{
    struct control_client *c = arg;
    if (what & BEV_EVENT_EOF) {
        c->closing = true;
        client_go_on(c);
    } else if (what & BEV_EVENT_TIMEOUT && c->waiting) {
        bufferevent_enable(stream, EV_READ);
    } else {
        client_gone(c);
    }
}

/* --- who is asking --- */

static bool in_group(int fd, gid_t group)
{
    gid_t groups[GROUPS_MAX];
    socklen_t len = sizeof groups;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) != 0)
        return false;
    for (size_t i = 0; i < len / sizeof *groups; i++)
        if (groups[i] == group)
            return true;
    return false;
}

static bool may_change(int fd, gid_t group)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
        return false;
    return peer.uid == 0 || peer.uid == geteuid() || peer.gid == group || in_group(fd, group);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sa,
                      int len, void *arg)
{
    struct control *control = arg;
    (void)sa, (void)len;
    struct bufferevent *stream = NULL;
    if (control->n_clients < CONTROL_MAX_CLIENTS)
        stream =
            bufferevent_socket_new(evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);
    if (!stream) {
        close(fd);
        return;
    }
    struct control_client *c = NEW(struct control_client);
    *c = (struct control_client){
        .control = control, .stream = stream, .may_change = may_change(fd, control->group)};
    LIST_INSERT_HEAD(&control->clients, c, link);
    control->n_clients++;
    const struct timeval idle = {IDLE_S, 0};
    bufferevent_setcb(stream, on_read, on_written, on_event, c);
    bufferevent_setwatermark(stream, EV_READ, 0, CONTROL_MAX_REQUEST);
    bufferevent_set_timeouts(stream, &idle, &idle);
    bufferevent_enable(stream, EV_READ | EV_WRITE);
}

/* --- start and end --- */

static gid_t adopt_group(const char *path)
{
    struct group *group = getgrnam("s3pool");
    if (group && chown(path, (uid_t)-1, group->gr_gid) == 0)
        return group->gr_gid;
    return getegid();
}

struct control *control_start(struct event_base *base, const char *path, control_fn *answer,
                              void *arg, struct err *err)
{
    int fd = control_socket(path, CONTROL_MAX_CLIENTS, err);
    if (fd < 0)
        return NULL;
    struct control *c = NEW(struct control);
    *c = (struct control){.fd = fd, .group = adopt_group(path), .answer = answer, .arg = arg};
    strcpy(c->path, path);
    LIST_INIT(&c->clients);
    c->listener = accept_new(base, fd, on_accept, c);
    if (c->listener)
        return c;
    err_set(err, "cannot watch the control socket %s: out of memory", path);
    unlink(path);
    close(fd);
    free(c);
    return NULL;
}

/* The loop does not run any more: a last reply leaves as far as the kernel takes it. */
static void send_last(struct control_client *c)
{
    struct evbuffer *out = bufferevent_get_output(c->stream);
    bufferevent_disable(c->stream, EV_WRITE);
    evbuffer_unfreeze(out, 1);
    evbuffer_write(out, bufferevent_getfd(c->stream));
}

void control_stop(struct control *control)
{
    unlink(control->path); /* before it closes: a path that is free is somebody else's to take */
    struct control_client *next;
    for (struct control_client *c = LIST_FIRST(&control->clients); c; c = next) {
        next = LIST_NEXT(c, link);
        c->control = NULL;
        if (!c->stream)
            continue;
        send_last(c);
        client_gone(c);
    }
    evconnlistener_free(control->listener);
    close(control->fd);
    free(control);
}
