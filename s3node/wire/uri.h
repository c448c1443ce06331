/* uri.h - request targets: percent coding, path, query, and the canonical forms that SigV4 signs.
 * Pure; what is decoded lives in the caller's arena (bounded by the size of the target). RFC 3986;
 * S3's variant of SigV4: the path is neither normalised (`//`, `.`, `..` stay) nor encoded twice.
 */
#ifndef S3NODE_WIRE_URI_H
#define S3NODE_WIRE_URI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "s3node/wire/s3err.h"

struct uri_param {
    struct span name, value; /* decoded; value is empty for `?acl` and `?acl=` alike */
};

struct uri {
    struct span path;         /* decoded, begins with '/' */
    struct uri_param *params; /* in the order that SigV4 sorts them: by encoded name, then value */
    size_t n_params;
};

/** Reads `/path?query`, or `http://authority/path?query` whose authority is ignored (RFC
 * 9112 3.2.2).
 *  `%` needs two hex digits; in the query `+` is a space.
 *  @return S3ERR_OK or S3ERR_INVALID_URI */
enum s3err uri_parse(struct span target, struct arena *arena, struct uri *out);

/** The decoded value of the first parameter `name` (case counts).
 *  @return a span with p == NULL if there is none; p != NULL and len 0 if it is there and empty */
struct span uri_param(const struct uri *uri, const char *name);

/** Percent decoding of all of `in`, appended to `out`. @return false, `out` as before, if a `%` is
 * not followed by two hex digits */
NODISCARD bool uri_decode(struct span in, struct buf *out);

/** Appends `in` with every byte but A-Z a-z 0-9 - . _ ~ and those in `keep` as %XX, upper-case hex.
 *  keep "/" gives SigV4's path form, which is also the one for `encoding-type=url`. */
void uri_encode(struct span in, const char *keep, struct buf *out);

/** Appends the canonical query string, leaving out the parameter `skip` (NULL: none). */
void uri_canonical_query(const struct uri *uri, const char *skip, struct buf *out);

#endif
