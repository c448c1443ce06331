/* tcp_frame.h - the messages in a stream of bytes (RFC 1035 4.2.2, RFC 7766 8): two bytes of
 * length, then the message. How the bytes were cut into segments makes no difference. Pure: no
 * socket, no clock; the stream is the caller's. */
#ifndef DNSD_SERVE_TCP_FRAME_H
#define DNSD_SERVE_TCP_FRAME_H

#include "base/span.h"

struct evbuffer;

enum { TCP_PREFIX = 2, TCP_FRAME_MAX = TCP_PREFIX + 65535 };

/** Finds the first message of `stream` if it is here as a whole; it may have length 0. It stays in
 * the stream, and valid until the stream changes.
 *  @return false while bytes of it are missing */
bool tcp_frame_first(struct evbuffer *stream, struct span *message);

/** Takes a message that tcp_frame_first found, with its length, off the stream. */
void tcp_frame_drop(struct evbuffer *stream, struct span message);

#endif
