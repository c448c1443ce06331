/* cursor.h - reading a packet within its bounds, and numbers in network order.
 * Pure. A reader borrows the packet; reading past the end sets `bad`, which stays, and gives zeros,
 * so a parser may read a whole structure and look once. */
#ifndef DNSD_WIRE_CURSOR_H
#define DNSD_WIRE_CURSOR_H

#include <stdint.h>

#include "base/span.h"

struct reader {
    const uint8_t *p;
    size_t len, at;
    bool bad;
};

static inline uint16_t get_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)get_u16(p) << 16 | get_u16(p + 2);
}

/** Writes a number. @return what follows it */
static inline uint8_t *put_u16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
    return p + 2;
}

static inline uint8_t *put_u32(uint8_t *p, uint32_t v)
{
    return put_u16(put_u16(p, (uint16_t)(v >> 16)), (uint16_t)v);
}

static inline size_t reader_left(const struct reader *r)
{
    return r->bad ? 0 : r->len - r->at;
}

/** The next `n` bytes, and the reader moves behind them. @return NULL if there are fewer */
static inline const uint8_t *reader_take(struct reader *r, size_t n)
{
    if (r->bad || r->len - r->at < n) {
        r->bad = true;
        return NULL;
    }
    const uint8_t *p = r->p + r->at;
    r->at += n;
    return p;
}

static inline uint8_t reader_u8(struct reader *r)
{
    const uint8_t *p = reader_take(r, 1);
    return p ? *p : 0;
}

static inline uint16_t reader_u16(struct reader *r)
{
    const uint8_t *p = reader_take(r, 2);
    return p ? get_u16(p) : 0;
}

static inline uint32_t reader_u32(struct reader *r)
{
    const uint8_t *p = reader_take(r, 4);
    return p ? get_u32(p) : 0;
}

#endif
