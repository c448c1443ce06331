/* source.h - where an answering thread finds what it answers from. */
#ifndef DNSD_SERVE_SOURCE_H
#define DNSD_SERVE_SOURCE_H

#include "base/publish.h"
#include "dnsd/answer/answer.h"

/* Shared by all answering threads; each has its own reader slot in all of them. */
struct answer_source {
    struct publish *worlds;   /* of struct world */
    struct publish *statuses; /* of struct status */
    struct publish *settings; /* of struct answer_settings */
};

/* What one thread sees from source_pin to source_unpin. */
struct source_view {
    const struct world *world;
    const struct status *status; /* NULL before the first picture */
};

/** Pins the present state for a batch; the context gets its settings. */
static inline struct source_view source_pin(const struct answer_source *s, unsigned reader,
                                            struct answer_ctx *ctx)
{
    ctx->settings = publish_pin(s->settings, reader);
    return (struct source_view){publish_pin(s->worlds, reader), publish_pin(s->statuses, reader)};
}

static inline void source_unpin(const struct answer_source *s, unsigned reader,
                                struct answer_ctx *ctx)
{
    ctx->settings = NULL;
    publish_unpin(s->statuses, reader);
    publish_unpin(s->worlds, reader);
    publish_unpin(s->settings, reader);
}

#endif
