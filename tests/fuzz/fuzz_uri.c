/* fuzz_uri.c - a request target: whatever parses has a canonical form that parses to the same
 * again. */
#include <assert.h>
#include <stdint.h>

#include "s3node/wire/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void canonical(const struct uri *uri, struct buf *out)
{
    uri_encode(uri->path, "/", out);
    buf_text(out, "?");
    uri_canonical_query(uri, NULL, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct buf once = {0}, twice = {0};
    struct uri uri;
    if (uri_parse(span_bytes(data, size), arena, &uri) == S3ERR_OK) {
        canonical(&uri, &once);
        enum s3err e = uri_parse(buf_span(&once), arena, &uri);
        assert(e == S3ERR_OK);
        canonical(&uri, &twice);
        assert(span_equal(buf_span(&once), buf_span(&twice)));
    }
    buf_fini(&once);
    buf_fini(&twice);
    arena_free(arena);
    return 0;
}
