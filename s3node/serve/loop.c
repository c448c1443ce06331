#include "s3node/serve/loop.h"

#include <errno.h>
#include <event2/event.h>
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

static void listen_again(struct loop *l)
{
    for (size_t i = 0; i < l->n_listeners; i++)
        event_add(l->listeners[i].event, NULL);
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    listen_again(arg);
}

/* Descriptors are short: who comes now waits in the kernel's queue. */
static void pause_listening(struct loop *l)
{
    struct timeval wait = {.tv_usec = PAUSE_MS * 1000};
    if (!atomic_exchange(&l->node->told_short, true))
        log_warn("file descriptors are short with %u connections open: new ones wait; raise "
                 "LimitNOFILE (ulimit -n) or lower `connections: limit`",
                 atomic_load(&l->node->open));
    for (size_t i = 0; i < l->n_listeners; i++)
        event_del(l->listeners[i].event);
    evtimer_add(l->resume_event, &wait);
}

/* @return false with errno if there is nothing to accept, or no descriptor for it */
static bool accept_one(struct loop *l, int listening_fd)
{
    struct sockaddr_storage from;
    socklen_t len = sizeof from;
    struct addr peer;
    int fd = accept4(listening_fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return errno == EINTR || errno == ECONNABORTED;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    addr_from_sockaddr((struct sockaddr *)&from, &peer);
    conn_new(l, fd, &peer);
    return true;
}

static bool house_full(const struct node *node)
{
    return atomic_load(&node->open) >= node->open_max + node->guests_max;
}

static void on_accept(evutil_socket_t fd, short what, void *arg)
{
    struct loop *l = ((struct listener *)arg)->loop;
    (void)what;
    for (int n = 0; n < ACCEPTS_A_TURN; n++) {
        if (house_full(l->node)) {
            pause_listening(l);
            return;
        }
        if (!accept_one(l, fd)) {
            if (errno != EAGAIN)
                pause_listening(l);
            return;
        }
    }
}

/* ---- the end of listening ---- */

static void end_listening(struct loop *l)
{
    for (size_t i = 0; i < l->n_listeners; i++) {
        struct listener *listener = &l->listeners[i];
        while (accept_one(l, listener->fd))
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
    *l = (struct loop){.node = node, .index = index, .ended_fd = ended_fd};
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
    kits_fini(&l->kits);
    stats_free(l->stats);
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
    atomic_fetch_add(&l->node->open, 1);
}

void loop_remove(struct loop *l, struct conn *c)
{
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    l->n_conns--;
    atomic_fetch_sub(&l->node->open, 1);
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
