#include "dnsd/wire/cookie.h"

#include <assert.h>

#include "dnsd/wire/cursor.h"

enum {
    VERSION = 1,
    TIME_AT = 12,
    HASH_AT = 16,
    OLDEST_S = 60 * 60,
    RENEW_S = 30 * 60,
    AHEAD_S = 5 * 60,
};

/* Over all that stands before the hash, and the client's address (RFC 9018 4.4). */
static uint64_t hash(const uint8_t *key, const uint8_t *cookie, const struct addr *from)
{
    uint8_t text[HASH_AT + sizeof from->ip];
    size_t ip_len = addr_ip_len(from);
    memcpy(text, cookie, HASH_AT);
    memcpy(text + HASH_AT, from->ip, ip_len);
    return siphash24(key, text, HASH_AT + ip_len);
}

static uint64_t get_hash(const uint8_t *p)
{
    return __builtin_bswap64((uint64_t)get_u32(p) << 32 | get_u32(p + 4));
}

static void put_hash(uint8_t *p, uint64_t h)
{
    h = __builtin_bswap64(h);
    put_u32(put_u32(p, (uint32_t)(h >> 32)), (uint32_t)h);
}

static void make(const uint8_t *key, const uint8_t *client, const struct addr *from, uint32_t now_s,
                 uint8_t *out)
{
    memcpy(out, client, COOKIE_CLIENT);
    put_u32(put_u32(out + COOKIE_CLIENT, (uint32_t)VERSION << 24), now_s);
    put_hash(out + HASH_AT, hash(key, out, from));
}

/* The key that made the cookie. @return -1 if none did; comparing numbers takes the same time
 * whatever they are */
static int key_of(const struct cookie_secrets *secrets, const uint8_t *cookie,
                  const struct addr *from)
{
    uint64_t claimed = get_hash(cookie + HASH_AT);
    for (size_t i = 0; i < secrets->n; i++)
        if (hash(secrets->keys[i], cookie, from) == claimed)
            return (int)i;
    return -1;
}

bool cookie_answer(const struct cookie_secrets *secrets, struct span sent, const struct addr *from,
                   uint32_t now_s, uint8_t out[COOKIE_LEN])
{
    assert(secrets->n > 0 && cookie_len_ok(sent.len));
    const uint8_t *cookie = (const uint8_t *)sent.p;
    bool ours = sent.len == COOKIE_LEN && cookie[COOKIE_CLIENT] == VERSION;
    /* RFC 1982: the difference is right across the end of 32 bits, in 2106. */
    int32_t age_s = ours ? (int32_t)(now_s - get_u32(cookie + TIME_AT)) : 0;
    int key = ours && age_s <= OLDEST_S && age_s >= -AHEAD_S ? key_of(secrets, cookie, from) : -1;
    if (key == 0 && age_s <= RENEW_S)
        memcpy(out, cookie, COOKIE_LEN);
    else
        make(secrets->keys[0], cookie, from, now_s, out);
    return key >= 0;
}
