#include <ctype.h>

#include "base/conf.h"

enum { WORD_MAX = 40 }; /* longer words are nobody's typing mistake */

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Typing mistakes between two words: letters added, left out, changed, or two swapped (optimal
 * string alignment over three rows). */
static size_t mistakes(struct span a, struct span b)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3], *up = rows[(i + 2) % 3], *two_up = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = up[j - 1] + !same(a.p[i - 1], b.p[j - 1]);
            now[j] = least(up[j] + 1, now[j - 1] + 1, change);
            if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) && same(a.p[i - 2], b.p[j - 1]))
                now[j] = least(now[j], two_up[j - 2] + 1, now[j]);
        }
    }
    return rows[a.len % 3][b.len];
}

/* One mistake in three letters is near; but never every letter of a short word. */
static size_t tolerance(size_t len)
{
    return len < 3 ? 1 : (len + 1) / 3;
}

const char *conf_nearest(struct span word, const char *(*next)(const void *arg, size_t i),
                         const void *arg)
{
    const char *best = NULL, *candidate;
    if (word.len == 0 || word.len > WORD_MAX)
        return NULL;
    size_t limit = tolerance(word.len) + 1;
    for (size_t i = 0; (candidate = next(arg, i)); i++) {
        struct span c = span_of(candidate);
        size_t n = c.len > WORD_MAX ? limit : mistakes(word, c);
        if (n < limit && n < c.len) {
            best = candidate;
            limit = n;
        }
    }
    return best;
}
