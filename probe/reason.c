#include <errno.h>

#include "probe/health.h"

const struct reason_row reasons[REASON_COUNT] = {
    [REASON_OK] = {FAULT_NONE, "ok", "check passed"},
    [REASON_REFUSED] = {FAULT_HARD, "refused", "connection refused"},
    [REASON_RESET] = {FAULT_HARD, "reset", "connection reset"},
    [REASON_UNREACHABLE] = {FAULT_HARD, "unreachable", "host unreachable"},
    [REASON_CONNECT_TIMEOUT] = {FAULT_SOFT, "connect_timeout", "no answer to the connect"},
    [REASON_RESPONSE_TIMEOUT] = {FAULT_SOFT, "response_timeout", "no reply in time"},
    [REASON_CLOSED_EARLY] = {FAULT_SOFT, "closed_early", "closed before a whole reply"},
    [REASON_BAD_REPLY] = {FAULT_SOFT, "bad_reply", "reply is not usable"},
    [REASON_STATUS] = {FAULT_SOFT, "status", "unexpected status"},
    [REASON_CONTENT] = {FAULT_SOFT, "content", "unexpected content"},
    [REASON_NODE_SAYS] = {FAULT_SOFT, "node_says", "the node says it is not ready"},
    [REASON_LOCAL] = {FAULT_LOCAL, "local", "trouble on our own host"},
};

static const struct {
    int error;
    enum reason reason;
} errors[] = {
    {ECONNREFUSED, REASON_REFUSED},
    {ECONNRESET, REASON_RESET},
    {EPIPE, REASON_RESET},
    {ECONNABORTED, REASON_RESET},
    {EHOSTUNREACH, REASON_UNREACHABLE},
    {EHOSTDOWN, REASON_UNREACHABLE},
    {ETIMEDOUT, REASON_CONNECT_TIMEOUT},
    {EMFILE, REASON_LOCAL},
    {ENFILE, REASON_LOCAL},
    {ENOBUFS, REASON_LOCAL},
    {ENOMEM, REASON_LOCAL},
    {EADDRNOTAVAIL, REASON_LOCAL},
    {EADDRINUSE, REASON_LOCAL},
    {ENETUNREACH, REASON_LOCAL},
    {ENETDOWN, REASON_LOCAL},
    {EPERM, REASON_LOCAL},
    {EACCES, REASON_LOCAL},
    {EAFNOSUPPORT, REASON_LOCAL},
    {EINVAL, REASON_LOCAL},
};

enum reason reason_of_errno(int error)
{
    for (size_t i = 0; i < COUNT(errors); i++)
        if (errors[i].error == error)
            return errors[i].reason;
    return REASON_UNREACHABLE; /* something on the way said no */
}
