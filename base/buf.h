/* buf.h - text or bytes that grow at the end. Heap-backed; set-up, status and reply text, never the
 * query path. Owner: whoever called buf_init; release with buf_fini. Running out of memory ends the
 * process with a sentence. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/span.h"

struct buf {
    char *p; /* always NUL-terminated once something was added */
    size_t len, cap;
};

/** An empty buffer; `(struct buf){0}` is one too. */
static inline void buf_init(struct buf *b)
{
    *b = (struct buf){0};
}

void buf_fini(struct buf *b);
void buf_add(struct buf *b, const void *p, size_t len);
void buf_text(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

/** Room for at least `len` more bytes, to be written at `b->p + b->len`; the caller raises `len`.
 */
void buf_reserve(struct buf *b, size_t len);

/** Forgets the first `n` bytes (a consumed head of an input buffer). */
void buf_consume(struct buf *b, size_t n);

static inline void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->p)
        b->p[0] = '\0';
}

static inline struct span buf_span(const struct buf *b)
{
    return (struct span){b->p, b->len};
}

/** The text as a C string, "" when empty; valid until the next change. */
static inline const char *buf_cstr(const struct buf *b)
{
    return b->p ? b->p : "";
}

#endif
