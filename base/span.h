/* span.h - borrowed bytes: a pointer and a length, passed by value.
 * Pure. A span never owns what it points to; it is valid as long as its owner says. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define NODISCARD            __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, va) __attribute__((format(printf, fmt, va)))
#define COUNT(array)         (sizeof(array) / sizeof((array)[0]))

struct span {
    const char *p;
    size_t len; /* bytes; no terminating NUL is implied */
};

/** A span over a NUL-terminated string; NULL gives the empty span. */
static inline struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

/** A span over `len` bytes at `p`. */
static inline struct span span_bytes(const void *p, size_t len)
{
    return (struct span){p, len};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/** True if `s` holds exactly `text`. */
static inline bool span_is(struct span s, const char *text)
{
    return span_equal(s, span_of(text));
}

/** The same, ASCII letters of either case being equal. */
static inline bool span_is_nocase(struct span s, const char *text)
{
    return s.len == strlen(text) && strncasecmp(s.p, text, s.len) == 0;
}

static inline bool span_starts(struct span s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && memcmp(s.p, prefix, len) == 0;
}

/** What follows the first `n` bytes; the empty span if there are fewer. */
static inline struct span span_skip(struct span s, size_t n)
{
    return n >= s.len ? (struct span){s.p + s.len, 0} : (struct span){s.p + n, s.len - n};
}

/** The first `n` bytes, or all of `s` if it is shorter. */
static inline struct span span_first(struct span s, size_t n)
{
    return (struct span){s.p, n < s.len ? n : s.len};
}

/** Drops blanks and tabs at both ends. */
static inline struct span span_trim(struct span s)
{
    while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = span_skip(s, 1);
    while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/** Takes the part of `*rest` before the first `sep` and moves `*rest` behind it.
 *  @return false, and an empty `*part`, when `*rest` is used up (its `p` is NULL then) */
static inline bool span_split(struct span *rest, char sep, struct span *part)
{
    *part = (struct span){NULL, 0};
    if (!rest->p)
        return false;
    const char *at = rest->len ? memchr(rest->p, sep, rest->len) : NULL;
    if (!at) {
        *part = *rest;
        *rest = (struct span){NULL, 0};
        return true;
    }
    *part = (struct span){rest->p, (size_t)(at - rest->p)};
    *rest = span_skip(*rest, part->len + 1);
    return true;
}

#endif
