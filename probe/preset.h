/* preset.h - what each kind of server is asked and what its answer means: rows of one const table.
 * Pure. Another server is another row. */
#ifndef PROBE_PRESET_H
#define PROBE_PRESET_H

#include <stdint.h>

#include "base/span.h"

enum preset_kind {
    PRESET_TCP,   /* a connection that opens is a passed check */
    PRESET_HTTP,  /* one request, one reply */
    PRESET_LATER, /* a name that is promised, not yet supported */
};

struct preset {
    const char *name;
    enum preset_kind kind;
    uint16_t port; /* 0: the configuration must say */
    bool keepalive;
    const char *method, *path;
    int expect;               /* status of a passed check */
    const char *load_header;  /* carries a load report (load_parse_header); NULL none */
    const char *state_header; /* carries the node's own word (word_parse); NULL none */
};

/** The row called `name`. @return NULL if there is none */
const struct preset *preset_find(struct span name);

/** Name of row `i` for conf_nearest; NULL behind the last. `arg` is not used. */
const char *preset_name(const void *arg, size_t i);

#endif
