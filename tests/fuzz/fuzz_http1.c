/* fuzz_http1.c - a byte stream read in one piece and cut in two, both ways from the same input:
 * neither may crash, and both must tell the same story. The first byte chooses the kind of message,
 * the second where the stream is cut. */
#include <stdint.h>
#include <stdlib.h>

#include "tests/fuzz/http1_story.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf tell(uint8_t choice, struct span in, size_t first, size_t step)
{
    struct http1 *h = http1_new(choice & 1 ? HTTP1_RESPONSE : HTTP1_REQUEST);
    if (choice & 2)
        http1_expect_no_body(h);
    struct buf story = http1_story(h, in, first, step);
    http1_free(h);
    return story;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct span in = span_bytes(data + 2, size - 2);
    size_t cut = 1 + data[1] * in.len / 256;
    struct buf whole = tell(data[0], in, in.len, 1);
    struct buf parts = tell(data[0], in, cut, data[0] & 4 ? 1 : in.len);
    if (!span_equal(buf_span(&whole), buf_span(&parts)))
        abort();
    buf_fini(&whole);
    buf_fini(&parts);
    return 0;
}
