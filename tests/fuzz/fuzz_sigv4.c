/* fuzz_sigv4.c - a request head as it comes from the network, through the verification of its
 * signature. */
#include <assert.h>
#include <stdlib.h>

#include "s3node/wire/sigv4.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool secret_of(const void *ctx, struct span access_key, struct span *secret)
{
    (void)ctx, (void)access_key;
    *secret = span_of("secret");
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http1 *http = http1_new(HTTP1_REQUEST);
    struct arena *arena = arena_new();
    struct span in = span_bytes(data, size), body;
    struct uri uri;
    struct sigv4 out;
    size_t used;
    if (http1_feed(http, in, &used, &body) == HTTP1_HEAD &&
        uri_parse(http1_head(http)->target, arena, &uri) == S3ERR_OK) {
        struct sigv4_check check = {http1_head(http), &uri,      "us-east-1",
                                    1369353600000,    secret_of, NULL};
        enum s3err e = sigv4_verify(&check, &out);
        assert(e < S3ERR_COUNT);
        assert(e == S3ERR_OK || !out.access_key.p);
    }
    arena_free(arena);
    http1_free(http);
    return 0;
}
