/* fuzz_awschunk.c - an aws-chunked body decodes to the same however the network cuts it. The first
 * byte is the size of the pieces, the second the length announced. */
#include <assert.h>

#include "base/buf.h"
#include "s3node/wire/awschunk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum s3err decode(struct span in, uint64_t decoded_len, size_t step, struct buf *out)
{
    struct awschunk c;
    enum s3err e = awschunk_init(&c, decoded_len, span_of("x-amz-checksum-crc32"));
    enum awschunk_event event = AWSCHUNK_MORE;
    while (in.len > 0 && event != AWSCHUNK_ERROR) {
        size_t used;
        struct span piece;
        event = awschunk_feed(&c, span_first(in, step), &used, &piece);
        in = span_skip(in, used);
        if (event == AWSCHUNK_DATA)
            buf_add(out, piece.p, piece.len);
    }
    e = e == S3ERR_OK ? awschunk_end(&c) : e;
    awschunk_fini(&c);
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct buf whole = {0}, pieces = {0};
    struct span in = span_bytes(data + 2, size - 2);
    enum s3err e = decode(in, data[1], in.len, &whole);
    enum s3err again = decode(in, data[1], 1 + data[0] % 16u, &pieces);
    assert(e == again && span_equal(buf_span(&whole), buf_span(&pieces)));
    assert(e != S3ERR_OK || whole.len == data[1]);
    buf_fini(&whole);
    buf_fini(&pieces);
    return 0;
}
