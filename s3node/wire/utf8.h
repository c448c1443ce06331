/* utf8.h - which bytes are UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF). Pure. */
#ifndef S3NODE_WIRE_UTF8_H
#define S3NODE_WIRE_UTF8_H

#include <stdint.h>

#include "base/span.h"

/** Reads the first character of `s`, whose code point goes to `*code`.
 *  @return its length in bytes, or 0 if `s` is empty or does not begin with a valid character */
size_t utf8_next(struct span s, uint32_t *code);

/** True if all of `s` is valid; the empty span is. */
bool utf8_valid(struct span s);

#endif
