#include "s3node/wire/checksum.h"

#include <stdio.h>

static const char prefix[] = "x-amz-checksum-";

static const char *const headers[CHECKSUM_COUNT] = {
    [CHECKSUM_CRC32] = "x-amz-checksum-crc32",
    [CHECKSUM_SHA256] = "x-amz-checksum-sha256",
};

enum checksum_kind checksum_of_header(struct span name)
{
    for (size_t i = 1; i < CHECKSUM_COUNT; i++)
        if (span_is_nocase(name, headers[i]))
            return (enum checksum_kind)i;
    return CHECKSUM_NONE;
}

bool checksum_is_header(struct span name)
{
    static const char *const others[] = {"algorithm", "mode", "type"};
    if (!span_is_nocase(span_first(name, sizeof prefix - 1), prefix))
        return false;
    for (size_t i = 0; i < COUNT(others); i++)
        if (span_is_nocase(span_skip(name, sizeof prefix - 1), others[i]))
            return false;
    return true;
}

void checksum_init(struct checksum *c, enum checksum_kind kind)
{
    *c = (struct checksum){.kind = kind};
    if (kind == CHECKSUM_SHA256)
        c->sha256 = digest_new(DIGEST_SHA256);
}

void checksum_fini(struct checksum *c)
{
    if (c->sha256)
        digest_free(c->sha256);
    *c = (struct checksum){0};
}

void checksum_add(struct checksum *c, const void *p, size_t len)
{
    if (c->kind == CHECKSUM_CRC32)
        c->crc = crc32_add(c->crc, p, len);
    else if (c->kind == CHECKSUM_SHA256)
        digest_add(c->sha256, p, len);
}

const char *checksum_final(struct checksum *c, char out[CHECKSUM_TEXT])
{
    uint8_t raw[DIGEST_MAX];
    out[0] = '\0';
    if (c->kind == CHECKSUM_CRC32) {
        for (int i = 0; i < 4; i++)
            raw[i] = (uint8_t)(c->crc >> (24 - 8 * i));
        base64_encode(raw, 4, out);
    } else if (c->kind == CHECKSUM_SHA256) {
        base64_encode(raw, digest_final(c->sha256, raw), out);
    }
    return out;
}
