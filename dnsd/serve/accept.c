#include "dnsd/serve/accept.h"

#include <event2/event.h>

enum { PAUSE_US = 100 * 1000 };

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    evconnlistener_enable(arg);
}

/* What could not be accepted stays in the kernel's queue and would wake the loop at once. */
static void on_error(struct evconnlistener *listener, void *arg)
{
    const struct timeval pause = {0, PAUSE_US};
    (void)arg;
    if (event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT, on_pause_over, listener,
                        &pause) == 0)
        evconnlistener_disable(listener);
}

struct evconnlistener *accept_new(struct event_base *base, int fd, evconnlistener_cb fn, void *arg)
{
    struct evconnlistener *l = evconnlistener_new(base, fn, arg, LEV_OPT_CLOSE_ON_EXEC, 0, fd);
    if (l)
        evconnlistener_set_error_cb(l, on_error);
    return l;
}
