/* tcp_counts.h - what one TCP thread counts of its connections: how many there are, and why they
 * ended. */
#ifndef DNSD_SERVE_TCP_COUNTS_H
#define DNSD_SERVE_TCP_COUNTS_H

#include "base/metrics.h"

/* Rows in tcp_metrics; the rows TCP_END_* are also the reasons of an end. */
enum tcp_count {
    TCP_OPEN, /* now */
    TCP_ACCEPTED,
    TCP_END_PEER,      /* the client closed or reset */
    TCP_END_IDLE,      /* it asked nothing for TCP_IDLE_MS */
    TCP_END_SLOW,      /* a message was not whole after TCP_MESSAGE_MS */
    TCP_END_STALL,     /* it took none of its replies for TCP_STALL_MS */
    TCP_END_LIMIT,     /* it gave way to another connection */
    TCP_END_MALFORMED, /* what it sent deserves no answer */
    TCP_COUNTS
};
extern const struct metric tcp_metrics[TCP_COUNTS];

#endif
