/* record.h - the fixed part of a ready-made record: its owner is a pointer to the question (C0 0C),
 * so in the usual answer it is copied and nothing else (RFC 1035 4.1.3, 4.1.4). Pure. */
#ifndef DNSD_WIRE_RECORD_H
#define DNSD_WIRE_RECORD_H

#include "dnsd/wire/cursor.h"

enum {
    RECORD_OWNER = 2, /* bytes of the pointer */
    RECORD_HEAD = 12, /* pointer, type, class, TTL, RDLENGTH */
    RECORD_TTL_AT = 6,
    RECORD_RDLEN_AT = 10,
};

/** Writes the fixed part. @return where the rdata goes */
static inline uint8_t *record_head(uint8_t *p, uint16_t type, uint16_t class, uint32_t ttl_s,
                                   size_t rdata_len)
{
    p = put_u16(p, 0xc00c);
    p = put_u16(p, type);
    p = put_u16(p, class);
    p = put_u32(p, ttl_s);
    return put_u16(p, (uint16_t)rdata_len);
}

/** Bytes of the ready-made record at `p`. */
static inline size_t record_len(const uint8_t *p)
{
    return RECORD_HEAD + (size_t)get_u16(p + RECORD_RDLEN_AT);
}

#endif
