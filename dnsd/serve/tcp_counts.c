#include "dnsd/serve/tcp_counts.h"

#define CLOSED(reason)                                                                             \
    {                                                                                              \
        "dnsd_tcp_closed_total", METRIC_COUNTER, "reason=\"" reason "\"",                          \
            "TCP connections that ended, by reason."                                               \
    }

const struct metric tcp_metrics[TCP_COUNTS] = {
    [TCP_OPEN] = {"dnsd_tcp_connections", METRIC_GAUGE, NULL, "TCP connections open now."},
    [TCP_ACCEPTED] = {"dnsd_tcp_accepted_total", METRIC_COUNTER, NULL, "TCP connections accepted."},
    [TCP_END_PEER] = CLOSED("peer"),
    [TCP_END_IDLE] = CLOSED("idle"),
    [TCP_END_SLOW] = CLOSED("slow"),
    [TCP_END_STALL] = CLOSED("stall"),
    [TCP_END_LIMIT] = CLOSED("limit"),
    [TCP_END_MALFORMED] = CLOSED("malformed"),
};
