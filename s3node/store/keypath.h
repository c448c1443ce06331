/* keypath.h - keys to paths and back, one to one: every legal key is a plain file, most of them
 * under their own name. Pure but for the heap.
 *
 * A key is split at '/'; a segment becomes one component of the path, with its bytes as they are:
 *
 *   segment                                        component(s)
 *   1..255 bytes, an ordinary name                 itself
 *   "", ".", "..", or beginning with ".s3n-"       ".s3n-e" and the segment
 *   longer than that allows                        ".s3n-l" and 240 bytes, a directory; the rest in
 * it
 *
 * When a directory already has the name of an object's last component (`a` beside `a/b`), the
 * object is kept at its alias: ".s3n-f" and the component. A path holds no "." or ".." and no
 * component over 255 bytes; it may be longer than PATH_MAX. */
#ifndef S3NODE_STORE_KEYPATH_H
#define S3NODE_STORE_KEYPATH_H

#include "base/buf.h"
#include "base/span.h"

/* What all names of ours begin with; keys never map to such a name without an escape. */
#define KEYPATH_RESERVED ".s3n-"
#define KEYPATH_LONG     ".s3n-l"

/** Appends the path of `key` (which holds no NUL) relative to its bucket. */
void keypath_map(struct span key, struct buf *out);

/** Appends the alias of a mapped path: the same with another last component (two components if the
 *  name is too long for a longer one). */
void keypath_alias(struct span path, struct buf *out);

/** Appends the key of a path; `*alias` tells whether it is an alias.
 *  @return false, `out` as before, if no key maps there: a name that is reserved, or not how we
 * would have written it */
NODISCARD bool keypath_unmap(struct span path, bool *alias, struct buf *out);

/** The part of a path before its last component, without the '/'; empty if it has only one. */
struct span keypath_parent(struct span path);

/** The last component. */
struct span keypath_last(struct span path);

#endif
