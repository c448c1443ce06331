/* conf_text.h - texts in configurations: which characters they may have, how YAML writes them.
 * Pure. */
#ifndef BASE_CONF_TEXT_H
#define BASE_CONF_TEXT_H

#include "base/buf.h"

/** True for UTF-8 (RFC 3629) without control characters, line separators, byte order marks and
 * noncharacters: what every YAML reader takes as it is. */
bool conf_text_valid(struct span text);

/** Appends `text` as a YAML scalar, quoted unless it needs no quotes; `expands` doubles each `$`
 * (values; names are not expanded). */
void conf_text_write(struct span text, bool expands, struct buf *out);

#endif
