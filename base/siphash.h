/* siphash.h - SipHash-2-4: a short keyed hash that nobody without the key can foretell
 * (Aumasson and Bernstein, 2012). Pure, no allocation, any thread. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY = 16 /* bytes */ };

/** The hash of `len` bytes. @return the number whose bytes, lowest first, are the paper's output */
uint64_t siphash24(const uint8_t key[SIPHASH_KEY], const void *data, size_t len);

#endif
