/* fuzz_keypath.c - any key comes back from its path and its alias; any path that is a key's is the
 * one that we would have written. */
#include <assert.h>
#include <stdint.h>

#include "s3node/store/keypath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_place(struct span place, struct span key, bool alias)
{
    struct buf back = {0};
    bool is_alias;
    bool good = keypath_unmap(place, &is_alias, &back);
    assert(good && is_alias == alias && span_equal(buf_span(&back), key));
    buf_fini(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span in = span_bytes(data, size);
    if (size == 0 || size > 1024 || memchr(data, '\0', size))
        return 0;
    struct buf path = {0}, alias = {0}, key = {0}, again = {0};
    bool is_alias;
    keypath_map(in, &path);
    keypath_alias(buf_span(&path), &alias);
    check_place(buf_span(&path), in, false);
    check_place(buf_span(&alias), in, true);
    if (keypath_unmap(in, &is_alias, &key)) {
        keypath_map(buf_span(&key), &again);
        assert(is_alias || span_equal(buf_span(&again), in));
    }
    buf_fini(&path);
    buf_fini(&alias);
    buf_fini(&key);
    buf_fini(&again);
    return 0;
}
