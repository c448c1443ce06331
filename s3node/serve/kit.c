#include "s3node/serve/kit.h"

#include <stdlib.h>

#include "base/mem.h"

enum { KEPT = 64 };

static void kit_free(struct kit *kit)
{
    http1_free(kit->http);
    arena_free(kit->arena);
    free(kit);
}

struct kit *kit_take(struct kits *kits)
{
    struct kit *kit = kits->free;
    if (kit) {
        kits->free = kit->next;
        kits->n--;
        return kit;
    }
    kit = NEW(struct kit);
    kit->http = http1_new(HTTP1_REQUEST);
    kit->arena = arena_new();
    return kit;
}

void kit_give(struct kits *kits, struct kit *kit)
{
    if (!kit)
        return;
    if (kits->n == KEPT) {
        kit_free(kit);
        return;
    }
    http1_reset(kit->http);
    arena_reset(kit->arena);
    kit->next = kits->free;
    kits->free = kit;
    kits->n++;
}

void kits_fini(struct kits *kits)
{
    for (struct kit *kit = kits->free, *next; kit; kit = next) {
        next = kit->next;
        kit_free(kit);
    }
    *kits = (struct kits){0};
}
