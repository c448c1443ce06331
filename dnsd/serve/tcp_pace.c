#include "dnsd/serve/tcp_pace.h"

enum { NONE = -1 };

void tcp_pace_begin(struct tcp_pace *p, int64_t now_ms)
{
    *p = (struct tcp_pace){.active_ms = now_ms, .began_ms = NONE};
}

void tcp_pace_replied(struct tcp_pace *p, int64_t now_ms)
{
    p->active_ms = now_ms;
}

bool tcp_pace_unfinished(struct tcp_pace *p, bool any, int64_t now_ms)
{
    bool begins = any && p->began_ms == NONE;
    if (begins || !any)
        p->began_ms = any ? now_ms : NONE;
    return begins;
}

bool tcp_pace_slow(const struct tcp_pace *p)
{
    return p->began_ms != NONE;
}

int64_t tcp_pace_due_ms(const struct tcp_pace *p)
{
    return tcp_pace_slow(p) ? p->began_ms + TCP_MESSAGE_MS : p->active_ms + TCP_IDLE_MS;
}
