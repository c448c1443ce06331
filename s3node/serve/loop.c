#include "s3node/serve/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "s3node/serve/conn.h"

enum {
    ACCEPTS_A_TURN = 64, /* then the connections there are get theirs */
    PAUSE_MS = 100,      /* of accepting, when there are no descriptors */
};

/* ---- accepting ---- */

static void open_spare(struct loop *l)
{
    if (l->spare_fd < 0)
        l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void listen_again(struct loop *l)
{
    for (size_t i = 0; i < l->n_listeners; i++)
        event_add(l->listeners[i].event, NULL);
}

static void pause_listening(struct loop *l)
{
    struct timeval wait = {.tv_usec = PAUSE_MS * 1000};
    for (size_t i = 0; i < l->n_listeners; i++)
        event_del(l->listeners[i].event);
    evtimer_add(l->resume_event, &wait);
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
{
    struct loop *l = arg;
    (void)fd, (void)what;
    open_spare(l);
    listen_again(l);
}

/* @return false if there is nothing to accept or no descriptor for it (errno) */
static bool accept_one(struct loop *l, int listening_fd, bool spare)
{
    struct sockaddr_storage from;
    socklen_t len = sizeof from;
    struct addr peer;
    int fd = accept4(listening_fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return errno == EINTR || errno == ECONNABORTED;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    addr_from_sockaddr((struct sockaddr *)&from, &peer);
    conn_new(l, fd, &peer, spare);
    return true;
}

static bool out_of_descriptors(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* No descriptor is left: the spare one serves one connection more, which gets an answer about the
 * node, or 503, and the others wait in the kernel's queue. */
static void accept_with_spare(struct loop *l, int listening_fd)
{
    if (!l->told_no_fd)
        log_warn("out of file descriptors with %zu connections on this loop: new ones wait; raise "
                 "LimitNOFILE (ulimit -n) or lower `connections: limit`",
                 l->n_conns);
    l->told_no_fd = true;
    if (l->spare_fd >= 0) {
        close(l->spare_fd);
        l->spare_fd = -1;
        accept_one(l, listening_fd, true);
    }
    pause_listening(l);
}

static void on_accept(evutil_socket_t fd, short what, void *arg)
{
    struct loop *l = ((struct listener *)arg)->loop;
    (void)what;
    int n = 0;
    errno = 0;
    while (n < ACCEPTS_A_TURN && accept_one(l, fd, false))
        n++;
    if (n < ACCEPTS_A_TURN && out_of_descriptors(errno))
        accept_with_spare(l, fd);
}

/* ---- the end of listening ---- */

static void end_listening(struct loop *l)
{
    for (size_t i = 0; i < l->n_listeners; i++) {
        struct listener *listener = &l->listeners[i];
        while (accept_one(l, listener->fd, false))
            ;
        event_free(listener->event);
        close(listener->fd);
    }
    l->n_listeners = 0;
    evtimer_del(l->resume_event);
    for (struct conn *c = l->conns, *next; c; c = next) {
        next = c->next;
        conn_last_call(c);
    }
}

static void end_when_empty(struct loop *l)
{
    if (l->n_conns == 0 && l->n_listeners == 0)
        event_base_loopbreak(l->base);
}

static void woken(struct job *job)
{
    struct loop *l = (struct loop *)((char *)job - offsetof(struct loop, wake_job));
    if (atomic_load(&l->node->phase) == PHASE_CLOSING) {
        end_listening(l);
        end_when_empty(l);
    }
}

/* ---- the life of a loop ---- */

static void on_mail(evutil_socket_t fd, short what, void *arg)
{
    struct loop *l = arg;
    (void)fd, (void)what;
    iopool_collect(l->mail);
}

void loop_init(struct loop *l, struct node *node, unsigned index, const int *fds, size_t n_fds,
               int ended_fd)
{
    *l = (struct loop){.node = node, .index = index, .spare_fd = -1, .ended_fd = ended_fd};
    struct event_config *config = event_config_new();
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    l->base = event_base_new_with_config(config);
    event_config_free(config);
    l->stats = stats_new();
    l->mail = mailbox_new();
    l->mail_event = event_new(l->base, mailbox_fd(l->mail), EV_READ | EV_PERSIST, on_mail, l);
    l->resume_event = evtimer_new(l->base, on_resume, l);
    l->listeners = NEW_ARRAY(struct listener, n_fds);
    l->n_listeners = n_fds;
    for (size_t i = 0; i < n_fds; i++) {
        struct listener *listener = &l->listeners[i];
        *listener = (struct listener){.loop = l, .fd = fds[i]};
        listener->event = event_new(l->base, fds[i], EV_READ | EV_PERSIST, on_accept, listener);
    }
    open_spare(l);
    event_add(l->mail_event, NULL);
    listen_again(l);
}

void loop_fini(struct loop *l)
{
    for (size_t i = 0; i < l->n_listeners; i++) {
        event_free(l->listeners[i].event);
        close(l->listeners[i].fd);
    }
    free(l->listeners);
    event_free(l->mail_event);
    event_free(l->resume_event);
    event_base_free(l->base);
    mailbox_free(l->mail);
    stats_free(l->stats);
    if (l->spare_fd >= 0)
        close(l->spare_fd);
}

static void *loop_thread(void *arg)
{
    struct loop *l = arg;
    uint64_t one = 1;
    event_base_dispatch(l->base);
    while (write(l->ended_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
    return NULL;
}

bool loop_start(struct loop *l, struct err *err)
{
    int error = pthread_create(&l->thread, NULL, loop_thread, l);
    return error == 0 || err_set(err, "cannot start a thread: %s", strerror(error));
}

void loop_wake(struct loop *l)
{
    l->wake_job.done = woken;
    mailbox_post(l->mail, &l->wake_job.mail);
}

void loop_join(struct loop *l)
{
    pthread_join(l->thread, NULL);
}

void loop_add(struct loop *l, struct conn *c)
{
    c->next = l->conns;
    c->link = &l->conns;
    if (c->next)
        c->next->link = &c->next;
    l->conns = c;
    l->n_conns++;
}

void loop_remove(struct loop *l, struct conn *c, bool spare)
{
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    l->n_conns--;
    if (spare)
        open_spare(l);
    end_when_empty(l);
}

const struct policy *policy_pin(struct loop *l)
{
    return publish_pin(l->node->policy, l->index);
}

void policy_unpin(struct loop *l)
{
    publish_unpin(l->node->policy, l->index);
}
