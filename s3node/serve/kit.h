/* kit.h - what a connection needs only while a request is under way: a parser and an arena, about
 * 36 KiB. A loop keeps a few that are free, so that the next request need not make them; thousands
 * of silent connections hold none. Used by the thread of its loop. */
#ifndef S3NODE_SERVE_KIT_H
#define S3NODE_SERVE_KIT_H

#include "base/arena.h"
#include "base/http1.h"

struct kit {
    struct kit *next;
    struct http1 *http;
    struct arena *arena;
};

struct kits {
    struct kit *free;
    unsigned n;
};

/** A parser of requests before its first byte, and an empty arena. */
struct kit *kit_take(struct kits *kits);

/** Gives it back; NULL is allowed. */
void kit_give(struct kits *kits, struct kit *kit);

void kits_fini(struct kits *kits);

#endif
