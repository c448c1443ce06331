/* file.h - a whole small file in memory. Blocking: set-up and loader threads only. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/** Reads the file at `path`, at most `max` bytes, into `arena`; a NUL stands behind the bytes.
 *  @return false with `err`: `PATH: cannot read: REASON`, or that it is larger than `max` */
NODISCARD bool file_read(const char *path, size_t max, struct arena *arena, struct span *out,
                         struct err *err);

#endif
