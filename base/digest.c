#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

struct digest {
    EVP_MD_CTX *ctx;
    size_t len;
};

/* OpenSSL refuses only without memory, or where an administrator has forbidden the hash. */
static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "OpenSSL cannot compute %s: allow it in openssl.cnf, or free some memory\n",
            what);
    abort();
}

struct digest *digest_new(enum digest_kind kind)
{
    static const struct {
        const char *name;
        size_t len;
    } kinds[] = {
        [DIGEST_MD5] = {"MD5", MD5_LEN},
        [DIGEST_SHA256] = {"SHA2-256", SHA256_LEN},
    };
    struct digest *d = NEW(struct digest);
    EVP_MD *md = EVP_MD_fetch(NULL, kinds[kind].name, NULL);
    d->ctx = EVP_MD_CTX_new();
    d->len = kinds[kind].len;
    must(md && d->ctx && EVP_DigestInit_ex2(d->ctx, md, NULL) == 1, kinds[kind].name);
    EVP_MD_free(md);
    return d;
}

void digest_free(struct digest *d)
{
    if (!d)
        return;
    EVP_MD_CTX_free(d->ctx);
    free(d);
}

void digest_add(struct digest *d, const void *p, size_t len)
{
    must(EVP_DigestUpdate(d->ctx, p, len) == 1, "a digest");
}

size_t digest_final(struct digest *d, uint8_t out[DIGEST_MAX])
{
    must(EVP_DigestFinal_ex(d->ctx, out, NULL) == 1, "a digest");
    must(EVP_DigestInit_ex2(d->ctx, NULL, NULL) == 1, "a digest");
    return d->len;
}

void sha256(struct span data, uint8_t out[SHA256_LEN])
{
    must(EVP_Digest(data.p, data.len, out, NULL, EVP_sha256(), NULL) == 1, "SHA2-256");
}

void hmac_sha256(struct span key, struct span data, uint8_t out[SHA256_LEN])
{
    must(HMAC(EVP_sha256(), key.len ? key.p : "", (int)key.len, (const uint8_t *)data.p, data.len,
              out, NULL) != NULL,
         "HMAC-SHA256");
}

/* CRC-32 is linear: the entry of a byte is the sum of the entries of its bits. */
#define BIT(n, i, entry) ((n) >> (i)&1u ? (entry) : 0u)
#define ENTRY(n)                                                                                   \
    (BIT(n, 0, 0x77073096u) ^ BIT(n, 1, 0xee0e612cu) ^ BIT(n, 2, 0x076dc419u) ^                    \
     BIT(n, 3, 0x0edb8832u) ^ BIT(n, 4, 0x1db71064u) ^ BIT(n, 5, 0x3b6e20c8u) ^                    \
     BIT(n, 6, 0x76dc4190u) ^ BIT(n, 7, 0xedb88320u))
#define ENTRIES_4(n)  ENTRY(n), ENTRY(n + 1), ENTRY(n + 2), ENTRY(n + 3)
#define ENTRIES_16(n) ENTRIES_4(n), ENTRIES_4(n + 4), ENTRIES_4(n + 8), ENTRIES_4(n + 12)
#define ENTRIES_64(n) ENTRIES_16(n), ENTRIES_16(n + 16), ENTRIES_16(n + 32), ENTRIES_16(n + 48)

uint32_t crc32_add(uint32_t crc, const void *data, size_t len)
{
    static const uint32_t table[256] = {ENTRIES_64(0u), ENTRIES_64(64u), ENTRIES_64(128u),
                                        ENTRIES_64(192u)};
    const uint8_t *p = data;
    crc = ~crc;
    for (size_t i = 0; i < len; i++)
        crc = table[(crc ^ p[i]) & 0xff] ^ (crc >> 8);
    return ~crc;
}

char *hex_encode(const void *p, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *in = p;
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15];
    }
    out[2 * len] = '\0';
    return out;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(struct span hex, uint8_t *out, size_t out_len)
{
    if (hex.len != 2 * out_len)
        return false;
    for (size_t i = 0; i < out_len; i++) {
        int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Three bytes (fewer at the end) as one number, first byte on top. */
static uint32_t three_bytes(const uint8_t *p, size_t len)
{
    return (uint32_t)p[0] << 16 | (len > 1 ? (uint32_t)p[1] << 8 : 0) | (len > 2 ? p[2] : 0);
}

char *base64_encode(const void *p, size_t len, char *out)
{
    const uint8_t *in = p;
    char *to = out;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = three_bytes(in + i, len - i);
        *to++ = base64_digits[bits >> 18];
        *to++ = base64_digits[bits >> 12 & 63];
        *to++ = len - i > 1 ? base64_digits[bits >> 6 & 63] : '=';
        *to++ = len - i > 2 ? base64_digits[bits & 63] : '=';
    }
    *to = '\0';
    return out;
}

/* Reads four digits, the last `pad` of them being `=`. @return false for another character, or bits
 * set where nothing stands (RFC 4648 3.5) */
static bool four_digits(const char *p, size_t pad, uint32_t *bits)
{
    *bits = 0;
    for (size_t i = 0; i < 4 - pad; i++) {
        const char *digit = p[i] ? strchr(base64_digits, p[i]) : NULL;
        if (!digit)
            return false;
        *bits |= (uint32_t)(digit - base64_digits) << (18 - 6 * i);
    }
    return (*bits & ((1u << 8 * pad) - 1)) == 0;
}

static size_t padding(struct span text)
{
    if (text.len == 0 || text.p[text.len - 1] != '=')
        return 0;
    return text.p[text.len - 2] == '=' ? 2 : 1;
}

int base64_decode(struct span text, uint8_t *out, size_t size)
{
    if (text.len % 4 != 0)
        return -1;
    size_t pad = padding(text), len = text.len / 4 * 3 - pad;
    if (len > size)
        return -1;
    for (size_t i = 0, at = 0; i < text.len; i += 4) {
        uint32_t bits;
        if (!four_digits(text.p + i, i + 4 == text.len ? pad : 0, &bits))
            return -1;
        for (int shift = 16; shift >= 0 && at < len; shift -= 8)
            out[at++] = (uint8_t)(bits >> shift);
    }
    return (int)len;
}

bool equal_constant_time(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.p, b.p, a.len) == 0);
}
