#include "s3node/store/parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "s3node/store/fs.h"

void parts_name(uint32_t number, const struct part_slot *slot, char out[PART_NAME])
{
    snprintf(out, PART_NAME, "p%05" PRIu32 ".%016" PRIx64 ".%" PRIu64 ".%s", number,
             (uint64_t)slot->mtime_ns, slot->size, slot->etag);
}

static bool parse_name(const char *name, uint32_t *number, struct part_slot *slot)
{
    uint64_t mtime_ns;
    char again[PART_NAME];
    if (sscanf(name, "p%5" SCNu32 ".%16" SCNx64 ".%20" SCNu64 ".%32[0-9a-f]", number, &mtime_ns,
               &slot->size, slot->etag) != 4)
        return false;
    slot->mtime_ns = (int64_t)mtime_ns;
    parts_name(*number, slot, again);
    return strcmp(name, again) == 0 && *number >= 1 && *number <= UPLOAD_PART_MAX;
}

/* Two of the same time are ordered by their ETag, so that every node picks the same. */
static bool is_later(const struct part_slot *a, const struct part_slot *b)
{
    if (b->etag[0] == '\0' || a->mtime_ns != b->mtime_ns)
        return b->etag[0] == '\0' || a->mtime_ns > b->mtime_ns;
    return strcmp(a->etag, b->etag) > 0;
}

static bool read_part(void *ctx, int dir, const char *name, uint8_t d_type)
{
    struct parts *parts = ctx;
    struct part_slot slot;
    uint32_t number;
    (void)dir, (void)d_type;
    if (parse_name(name, &number, &slot) && is_later(&slot, &parts->slots[number]))
        parts->slots[number] = slot;
    return true;
}

bool parts_read(int dir, struct parts *out)
{
    out->slots = NEW_ARRAY(struct part_slot, UPLOAD_PART_MAX + 1);
    return fs_each(dir, read_part, out);
}

void parts_fini(struct parts *parts)
{
    free(parts->slots);
    parts->slots = NULL;
}
