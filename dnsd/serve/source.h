/* source.h - where an answering thread finds what it answers from. */
#ifndef DNSD_SERVE_SOURCE_H
#define DNSD_SERVE_SOURCE_H

#include "base/publish.h"
#include "dnsd/answer/answer.h"

/* Shared by all answering threads; each has its own reader slot in both. */
struct answer_source {
    struct publish *worlds;   /* of struct world */
    struct publish *statuses; /* of struct status */
    const struct answer_settings *settings;
};

#endif
