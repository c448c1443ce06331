/* checksum.h - the x-amz-checksum-* values of bodies. Pure but for the heap; one owner per struct.
 * S3 User Guide, "Checking object integrity". One row per algorithm: CRC32 and SHA256 so far. */
#ifndef S3NODE_WIRE_CHECKSUM_H
#define S3NODE_WIRE_CHECKSUM_H

#include <stdint.h>

#include "base/digest.h"
#include "base/span.h"
#include "s3node/wire/s3err.h"

enum checksum_kind { CHECKSUM_NONE, CHECKSUM_CRC32, CHECKSUM_SHA256, CHECKSUM_COUNT };

enum { CHECKSUM_TEXT = 45 }; /* base64 of up to 32 bytes, and the NUL */

struct checksum {
    enum checksum_kind kind;
    uint32_t crc;
    struct digest *sha256; /* NULL but for CHECKSUM_SHA256 */
};

/** Which algorithm the header or trailer `name` (any case, "x-amz-checksum-crc32") carries.
 *  @return CHECKSUM_NONE if it is none that we know */
enum checksum_kind checksum_of_header(struct span name);

/** True if `name` begins like a checksum header of any algorithm (x-amz-checksum-), known or not,
 *  and is not x-amz-checksum-algorithm, -mode or -type. */
bool checksum_is_header(struct span name);

void checksum_init(struct checksum *c, enum checksum_kind kind);
void checksum_fini(struct checksum *c);
void checksum_add(struct checksum *c, const void *p, size_t len);

/** Writes the base64 text of all bytes added; call it once, last. "" for CHECKSUM_NONE. @return
 * `out` */
const char *checksum_final(struct checksum *c, char out[CHECKSUM_TEXT]);

#endif
