/* A connection that opens is a passed check. */
#include "probe/check.h"

static char *tcp_request(const struct check *c)
{
    (void)c;
    return NULL;
}

static void tcp_begin(struct check *c)
{
    char at[ADDR_TEXT];
    c->keep = true;
    check_finish(c, REASON_OK, "connected to %s", addr_text(&c->at, at));
}

static void tcp_io(struct check *c, short what)
{
    (void)c, (void)what; /* the check is over before anything can be read */
}

static void tcp_end(struct check *c)
{
    (void)c;
}

const struct check_kind check_tcp = {
    .reuses = false,
    .request = tcp_request,
    .begin = tcp_begin,
    .io = tcp_io,
    .end = tcp_end,
};
