/* conf_value.h - scalar values of configurations: one table of kinds that reads, writes and names
 * them. Pure but for the arena. */
#ifndef BASE_CONF_VALUE_H
#define BASE_CONF_VALUE_H

#include "base/buf.h"
#include "base/conf.h"

/** Bytes of a value of this kind, lists, maps' zero included: 0 for CONF_MAP and CONF_LATER. */
size_t conf_value_size(enum conf_kind kind);

/** What a row takes: "a duration such as 250ms, 5s, 2m or 1h", "balanced or rotate", "a list". */
void conf_value_expected(const struct conf_field *row, struct buf *out);

/** The bounds: "1..64", "at least 1s"; nothing if there are none. */
void conf_value_bounds(const struct conf_field *row, struct buf *out);

/** Reads the scalar `text` (a NUL stands behind it) as `row` says; texts are copied to `arena`.
 *  @return false with `err`'s text and `*out` untouched */
NODISCARD bool conf_value_read(const struct conf_field *row, struct span text, void *out,
                               struct arena *arena, struct err *err);

/** Appends the scalar at `in` as YAML. */
void conf_value_write(const struct conf_field *row, const void *in, struct buf *out);

/** True if the value is what an absent key without default leaves: all zero, or an empty list. */
bool conf_value_zero(const struct conf_field *row, const void *in);

#endif
