/* conf_expand.h - `${VAR}`, `${VAR:-default}`, `${file:/path}` and `$$` inside one value.
 * Reads the environment and files; set-up only. */
#ifndef BASE_CONF_EXPAND_H
#define BASE_CONF_EXPAND_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

enum { CONF_MAX_SECRET = 64 * 1024 }; /* bytes of a `${file:...}` */

/** Writes `text` with everything expanded into `*out`, NUL-terminated, in `arena`; what came out is
 * not expanded again. A default counts when the variable is unset or empty; one newline at the end
 * of a file is dropped.
 *  @return false with `err`'s text if something is not set, not readable or not closed, or if the
 *  result is longer than `max` bytes */
NODISCARD bool conf_expand(struct span text, size_t max, struct arena *arena, struct span *out,
                           struct err *err);

#endif
