#include <netdb.h>

#include "base/clock.h"
#include "probe/command.h"

static size_t count(const struct addrinfo *list)
{
    size_t n = 0;
    for (; list; list = list->ai_next)
        n++;
    return n;
}

static bool ask(struct asked *a, struct err *err)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int64_t start = clock_us();
    int code = getaddrinfo(a->target.host, NULL, &hints, &list);
    a->resolve_us = clock_us() - start;
    if (code != 0)
        return err_set(err, "%s has no address: %s", a->target.host, gai_strerror(code));
    addr_from_sockaddr(list->ai_addr, &a->at);
    a->n_addrs = count(list);
    freeaddrinfo(list);
    return true;
}

bool resolve(struct asked *a, struct err *err)
{
    if (!addr_parse_ip(span_of(a->target.host), &a->at) && !ask(a, err))
        return false;
    a->at.port = (uint16_t)a->conf.port;
    return true;
}
