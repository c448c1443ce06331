/* dnsctl_show.h - replies of dnsd as text for a terminal. Pure. */
#ifndef DNSD_DNSCTL_SHOW_H
#define DNSD_DNSCTL_SHOW_H

#include "base/buf.h"
#include "base/json.h"

/** The pools as tables: one line a node, columns as wide as they need to be. */
void dnsctl_show_status(const struct json *reply, struct buf *out);

/** The reply's own sentence. */
void dnsctl_show_text(const struct json *reply, struct buf *out);

#endif
