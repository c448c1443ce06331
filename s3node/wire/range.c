#include "s3node/wire/range.h"

enum { MANY = 18 }; /* digits that fit uint64_t; an offset of more is behind any object */

/* Reads digits only. @return false if there is anything else or nothing */
static bool read_number(struct span s, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *out = i < MANY ? *out * 10 + (uint64_t)(s.p[i] - '0') : UINT64_MAX;
    }
    return s.len > 0;
}

static enum range_kind part(uint64_t first, uint64_t len, struct range *out)
{
    *out = (struct range){first, len};
    return RANGE_PART;
}

static enum range_kind suffix(uint64_t n, uint64_t size, struct range *out)
{
    if (n == 0 || size == 0)
        return RANGE_UNSATISFIABLE;
    return n < size ? part(size - n, n, out) : part(0, size, out);
}

enum range_kind range_resolve(struct span header, uint64_t size, struct range *out)
{
    *out = (struct range){0, size};
    if (!header.p || !span_is_nocase(span_first(header, 6), "bytes="))
        return RANGE_WHOLE;
    struct span left, right = span_skip(header, 6);
    uint64_t first, last = UINT64_MAX;
    if (!span_split(&right, '-', &left) || !right.p)
        return RANGE_WHOLE;
    left = span_trim(left);
    right = span_trim(right);
    enum range_kind kind = RANGE_UNSATISFIABLE;
    if (left.len == 0) {
        if (!read_number(right, &last))
            return RANGE_WHOLE;
        kind = suffix(last, size, out);
    } else {
        if (!read_number(left, &first) || (right.len > 0 && !read_number(right, &last)) ||
            last < first)
            return RANGE_WHOLE;
        if (first < size)
            kind = part(first, (last < size - 1 ? last : size - 1) - first + 1, out);
    }
    if (kind == RANGE_UNSATISFIABLE)
        *out = (struct range){0, 0};
    return kind;
}
