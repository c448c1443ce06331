/* target.h - what a person writes to say where: `host:port`, an address, or a URL. Pure. */
#ifndef PROBE_TARGET_H
#define PROBE_TARGET_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { TARGET_HOST = 256, TARGET_PATH = 1025 };

struct target_text {
    char host[TARGET_HOST]; /* a name or an address, without brackets */
    uint16_t port;          /* 0: not given; of a URL without one 80 */
    char path[TARGET_PATH]; /* "" unless a URL gave one; with its query, without its fragment */
};

/** Reads `host`, `host:port`, `2001:db8::1`, `[2001:db8::1]:9000` or `http://host:port/path`.
 *  @return false with `err` saying what can be written instead */
NODISCARD bool target_parse(struct span text, struct target_text *out, struct err *err);

#endif
