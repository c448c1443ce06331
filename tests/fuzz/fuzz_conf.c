/* fuzz_conf - any text over a schema with every kind: what parses is shown as text that parses to
 * the same, and what does not has at least one error. */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "tests/unit/base/conf_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool show(struct span text, struct buf *out)
{
    struct arena *a = arena_new();
    struct errs errs = {0};
    struct sample sample;
    bool ok = conf_parse(text, "fuzz", sample_rows, &sample, a, &errs);
    assert(ok == (errs.n == 0));
    conf_show(sample_rows, &sample, out); /* also the defaults that errors leave */
    errs_fini(&errs);
    arena_free(a);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* no input may make the target read files of this machine */
    if (memmem(data, size, "{file:/", strlen("{file:/")))
        return 0;
    struct buf once = {0}, twice = {0};
    if (show(span_bytes(data, size), &once)) {
        bool again = show(buf_span(&once), &twice);
        assert(again);
        assert(span_equal(buf_span(&once), buf_span(&twice)));
    }
    buf_fini(&once);
    buf_fini(&twice);
    return 0;
}
