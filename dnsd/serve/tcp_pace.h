/* tcp_pace.h - how long a TCP client may take (RFC 7766 6.2.3, RFC 9210 4.2): who asks nothing for
 * TCP_IDLE_MS is idle, and a message that began must be whole within TCP_MESSAGE_MS. Only a whole
 * message is activity: bytes that trickle in buy no time. Pure; "now" is monotonic milliseconds. */
#ifndef DNSD_SERVE_TCP_PACE_H
#define DNSD_SERVE_TCP_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TCP_IDLE_MS = 10 * 1000,
    TCP_MESSAGE_MS = 2 * 1000,
    TCP_STALL_MS = 5 * 1000 /* replies wait and none of their bytes can be sent */
};

/* In the connection's storage. */
struct tcp_pace {
    int64_t active_ms; /* accepted, asked or was sent a reply last */
    int64_t began_ms;  /* the first byte of the unfinished message came; -1 if there is none */
};

/** A new connection, or a whole message was read: idle from now on, and no message is unfinished.
 */
void tcp_pace_begin(struct tcp_pace *p, int64_t now_ms);

/** Replies are on their way: whatever the client asks next, its idle time begins now. */
void tcp_pace_replied(struct tcp_pace *p, int64_t now_ms);

/** Says whether bytes of an unfinished message lie here, after everything whole was read.
 *  @return true if one began now, so that what is due comes sooner than before */
bool tcp_pace_unfinished(struct tcp_pace *p, bool any, int64_t now_ms);

/** @return when the connection ends if nothing happens until then */
int64_t tcp_pace_due_ms(const struct tcp_pace *p);

/** @return true if it ends because of an unfinished message, false if it is just idle */
bool tcp_pace_slow(const struct tcp_pace *p);

#endif
