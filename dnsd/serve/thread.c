#include "dnsd/serve/thread.h"

#include <event2/event.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    struct thread *t = arg;
    (void)fd, (void)what;
    event_base_loopbreak(t->base);
}

struct event_base *thread_loop(void)
{
    struct event_config *config = event_config_new();
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_PRECISE_TIMER);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

void thread_fini(struct thread *t)
{
    if (t->wake)
        event_free(t->wake);
    if (t->base)
        event_base_free(t->base);
    if (t->wake_fd >= 0)
        close(t->wake_fd);
}

bool thread_init(struct thread *t, const char *name,
                 void (*at_end)(struct event_base *base, void *arg), void *arg, struct err *err)
{
    *t = (struct thread){.base = thread_loop(), .name = name, .at_end = at_end, .arg = arg};
    t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->base && t->wake_fd >= 0)
        t->wake = event_new(t->base, t->wake_fd, EV_READ | EV_PERSIST, on_wake, t);
    if (t->wake && event_add(t->wake, NULL) == 0)
        return true;
    thread_fini(t);
    return err_set(err, "cannot make the event loop of thread %s: out of memory or descriptors",
                   name);
}

static void *run(void *arg)
{
    struct thread *t = arg;
    event_base_loop(t->base, EVLOOP_NO_EXIT_ON_EMPTY);
    t->at_end(t->base, t->arg);
    return NULL;
}

bool thread_start(struct thread *t, struct err *err)
{
    int failed = pthread_create(&t->id, NULL, run, t);
    if (failed)
        return err_set(err, "cannot start thread %s: %s", t->name, strerror(failed));
    pthread_setname_np(t->id, t->name);
    return true;
}

void thread_stop(struct thread *t)
{
    uint64_t one = 1;
    if (write(t->wake_fd, &one, sizeof one) < 0)
        abort(); /* an eventfd takes at least one */
    pthread_join(t->id, NULL);
    thread_fini(t);
}
