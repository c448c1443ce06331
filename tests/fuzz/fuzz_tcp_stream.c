/* fuzz_tcp_stream.c - a stream of DNS messages read in one piece and in pieces: both must give the
 * same messages, and these with their lengths must be the stream itself, up to a last message that
 * is not whole. The first four bytes say how long the pieces are, one after the other. */
#include <event2/buffer.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "dnsd/serve/tcp_frame.h"
#include "tests/fuzz/must.h"

enum { CUTS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_all(struct evbuffer *in, struct buf *out)
{
    struct span message;
    while (tcp_frame_first(in, &message)) {
        MUST(message.len <= 65535);
        const uint8_t prefix[TCP_PREFIX] = {(uint8_t)(message.len >> 8), (uint8_t)message.len};
        buf_add(out, prefix, sizeof prefix);
        buf_add(out, message.p, message.len);
        tcp_frame_drop(in, message);
    }
}

/* All messages of `stream`, arriving in pieces of 1 + cuts[i] bytes, or whole without `cuts`. Every
 * piece is memory of its own. */
static struct buf messages(struct span stream, const uint8_t *cuts)
{
    struct buf out = {0};
    struct evbuffer *in = evbuffer_new();
    for (size_t i = 0; stream.len > 0; i++) {
        struct span piece = span_first(stream, cuts ? 1u + cuts[i % CUTS] : stream.len);
        MUST(evbuffer_add_reference(in, piece.p, piece.len, NULL, NULL) == 0);
        take_all(in, &out);
        stream = span_skip(stream, piece.len);
    }
    evbuffer_free(in);
    return out;
}

static void must_be_unfinished(struct span rest)
{
    const unsigned char *p = (const unsigned char *)rest.p;
    MUST(rest.len < TCP_PREFIX || rest.len - TCP_PREFIX < ((size_t)p[0] << 8 | p[1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < CUTS)
        return 0;
    struct span stream = span_bytes(data + CUTS, size - CUTS);
    struct buf whole = messages(stream, NULL), parts = messages(stream, data);
    MUST(span_equal(buf_span(&whole), buf_span(&parts)));
    MUST(whole.len <= stream.len && memcmp(whole.p ? whole.p : "", stream.p, whole.len) == 0);
    must_be_unfinished(span_skip(stream, whole.len));
    buf_fini(&whole);
    buf_fini(&parts);
    return 0;
}
