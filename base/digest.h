/* digest.h - hashes and MACs over OpenSSL's EVP, and the encodings that go with them. Pure but for
 * the heap. The only user of OpenSSL's digests; a context has one owner at a time. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdint.h>

#include "base/span.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA256 };
enum { DIGEST_MAX = 32, SHA256_LEN = 32, MD5_LEN = 16 };

struct digest;

struct digest *digest_new(enum digest_kind kind);
void digest_free(struct digest *d);
void digest_add(struct digest *d, const void *p, size_t len);

/** Writes the digest and starts over. @return its length in bytes */
size_t digest_final(struct digest *d, uint8_t out[DIGEST_MAX]);

void sha256(struct span data, uint8_t out[SHA256_LEN]);
void hmac_sha256(struct span key, struct span data, uint8_t out[SHA256_LEN]);

/** CRC-32 (IEEE 802.3, as in zlib) of `data` added to `crc` (0 to start): the S3 checksum CRC32. */
uint32_t crc32_add(uint32_t crc, const void *data, size_t len);

/** Lower-case hex and a NUL: 2 * len + 1 bytes. @return `out` */
char *hex_encode(const void *p, size_t len, char *out);
NODISCARD bool hex_decode(struct span hex, uint8_t *out,
                          size_t out_len); /* exactly out_len bytes */

/** RFC 4648 4 with padding and a NUL: 4 * ((len + 2) / 3) + 1 bytes. @return `out` */
char *base64_encode(const void *p, size_t len, char *out);

/** @return bytes written, or -1 if `text` is not base64 or needs more than `size` bytes */
int base64_decode(struct span text, uint8_t *out, size_t size);

/** Compares in a time that does not depend on the bytes; lengths may leak. */
bool equal_constant_time(struct span a, struct span b);

#endif
