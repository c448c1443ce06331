/* clock.h - the only place that reads a clock. Everything below the top takes "now" as an argument.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/** Monotonic time in microseconds; never stepped; the origin means nothing. */
int64_t clock_us(void);

/** The same in milliseconds. */
int64_t clock_ms(void);

/** Wall clock, milliseconds since 1970-01-01 UTC: for people and signatures, never for ordering. */
int64_t clock_wall_ms(void);

enum { CLOCK_TEXT = 32 };

/** RFC 3339 UTC, `2026-11-20T09:12:03Z`, or with milliseconds `...03.125Z`. @return `out` */
const char *clock_rfc3339(int64_t wall_ms, char out[CLOCK_TEXT]);
const char *clock_rfc3339_ms(int64_t wall_ms, char out[CLOCK_TEXT]);

/** RFC 9110 5.6.7, `Fri, 20 Nov 2026 09:12:03 GMT`. @return `out` */
const char *clock_http_date(int64_t wall_ms, char out[CLOCK_TEXT]);

#endif
