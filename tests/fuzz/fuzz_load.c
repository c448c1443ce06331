/* X-Node-Load and X-Node-State as anybody on the network may send them: whatever is accepted is
 * finite, not negative, and leaves the latch in a state that it knows. */
#include <assert.h>
#include <math.h>
#include <stdint.h>

#include "probe/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct load_rule rule = {.stop = 1536, .resume = 1024, .expire_ms = 10000};
    struct span text = span_bytes(data, size);
    struct load_report r;
    struct load l = {0};
    enum word word = word_parse(text);
    assert(word <= WORD_FAILED);
    bool good = load_parse_header(text, &r);
    assert(good == r.given);
    assert(isfinite(r.value) && r.value >= 0 && isfinite(r.limit) && r.limit >= 0);
    bool changed = load_feed(&l, &rule, &r, 1);
    assert(changed == (l.state != LOAD_UNKNOWN));
    assert(!good || changed);
    return 0;
}
