#include "dnsd/serve/tcp_frame.h"

#include <event2/buffer.h>

bool tcp_frame_first(struct evbuffer *stream, struct span *message)
{
    uint8_t prefix[TCP_PREFIX];
    if (evbuffer_copyout(stream, prefix, sizeof prefix) < TCP_PREFIX)
        return false;
    size_t len = (size_t)prefix[0] << 8 | prefix[1];
    if (evbuffer_get_length(stream) < TCP_PREFIX + len)
        return false;
    const uint8_t *whole = evbuffer_pullup(stream, (ev_ssize_t)(TCP_PREFIX + len));
    if (!whole)
        return false; /* no memory now: it is as if the rest were missing */
    *message = span_bytes(whole + TCP_PREFIX, len);
    return true;
}

void tcp_frame_drop(struct evbuffer *stream, struct span message)
{
    evbuffer_drain(stream, TCP_PREFIX + message.len);
}
