/* name.h - domain names in wire form, and their text (RFC 1035 3.1 and 5.1, RFC 4343).
 * Pure, no allocation. A name is uncompressed bytes ending with the root label, 1..255 of them; a
 * canonical name has its ASCII letters in lower case, and all comparisons here expect that of both
 * sides. Memory is the caller's. */
#ifndef DNSD_WIRE_NAME_H
#define DNSD_WIRE_NAME_H

#include <stdint.h>

#include "base/span.h"

enum {
    NAME_WIRE = 255,  /* bytes of a name in wire form */
    LABEL_MAX = 63,   /* bytes of a label */
    LABELS_MAX = 128, /* labels of a name, the root included */
    NAME_TEXT = 1024  /* room for any name as text: four characters a byte */
};

struct name {
    uint8_t len; /* bytes in use, 0 for no name */
    uint8_t wire[NAME_WIRE];
};

/** The length of the uncompressed name at the start of `size` bytes.
 *  @return 1..255; 0 if it is cut off, too long, or holds a pointer or an unknown label type */
size_t name_check(const uint8_t *wire, size_t size);

/** Copies `len` bytes of a checked name in lower case. Length bytes are below 'A' and stay. */
void name_lower(uint8_t *to, const uint8_t *from, size_t len);

bool name_equal(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

/** The same, letters of either case being equal. */
bool name_equal_nocase(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

/** Where the name `tail` begins as a suffix of `name`, in bytes (0: they are equal).
 *  @return -1 if `name` is neither `tail` nor below it */
int name_suffix(const uint8_t *name, size_t len, const uint8_t *tail, size_t tail_len);

/** Reads text such as `s3.example.com`, a final dot or none, `\.` and `\065` escapes, into
 * canonical form. "." is the root.
 *  @return false if it is empty, has an empty or overlong label, or needs more than 255 bytes */
NODISCARD bool name_from_text(struct span text, struct name *out);

/** The name as text with a final dot, bytes other than printable ASCII escaped. @return `out` */
const char *name_to_text(const uint8_t *wire, char out[NAME_TEXT]);

/** True for a name whose leftmost label is `*` (RFC 4592 2.1.1). */
static inline bool name_is_wildcard(const uint8_t *wire)
{
    return wire[0] == 1 && wire[1] == '*';
}

#endif
