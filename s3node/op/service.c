#include "s3node/op/service.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/rand.h"

struct service {
    struct store *store;
    char *region;
    char boot[SERVICE_BOOT_TEXT];
    uint64_t seed;
    _Atomic uint64_t requests;
    pthread_mutex_t lock; /* guards `keys` */
    struct keyring *keys;
};

struct service *service_new(struct store *store, const char *region, struct keyring *keys)
{
    struct service *s = NEW(struct service);
    s->store = store;
    s->region = mem_text(span_of(region));
    s->seed = rand_seed();
    s->keys = keys;
    uint64_t boot = rand_seed();
    hex_encode(&boot, sizeof boot, s->boot);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void service_free(struct service *s)
{
    if (!s)
        return;
    keyring_unref(s->keys);
    pthread_mutex_destroy(&s->lock);
    free(s->region);
    free(s);
}

struct store *service_store(const struct service *s)
{
    return s->store;
}

const char *service_region(const struct service *s)
{
    return s->region;
}

const char *service_boot(const struct service *s)
{
    return s->boot;
}

struct keyring *service_keys(struct service *s)
{
    pthread_mutex_lock(&s->lock);
    struct keyring *keys = keyring_ref(s->keys);
    pthread_mutex_unlock(&s->lock);
    return keys;
}

void service_set_keys(struct service *s, struct keyring *keys)
{
    pthread_mutex_lock(&s->lock);
    struct keyring *old = s->keys;
    s->keys = keys;
    pthread_mutex_unlock(&s->lock);
    keyring_unref(old);
}

const char *service_request_id(struct service *s, char out[REQUEST_ID_TEXT])
{
    /* splitmix64 is a bijection of its state: another count, another id. */
    struct rand r = {s->seed + atomic_fetch_add(&s->requests, 1) * 0x9e3779b97f4a7c15u};
    snprintf(out, REQUEST_ID_TEXT, "%016llX", (unsigned long long)rand_u64(&r));
    return out;
}

/* `len` random characters of A-Z a-z 0-9; the slight bias of the modulus costs less than a bit. */
static void random_text(char *out, size_t len)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint8_t bytes[64];
    rand_secret(bytes, len);
    for (size_t i = 0; i < len; i++)
        out[i] = letters[bytes[i] % (sizeof letters - 1)];
    out[len] = '\0';
}

bool service_generated_key(struct store *store, struct buf *text, struct span *access,
                           struct span *secret, bool *created, struct err *err)
{
    char name[21], word[41], line[80];
    random_text(name, sizeof name - 1);
    random_text(word, sizeof word - 1);
    int len = snprintf(line, sizeof line, "%s %s\n", name, word);
    if (!store_once(store, "keys", span_bytes(line, (size_t)len), 0600, text, created, err))
        return false;
    struct span rest = buf_span(text), first;
    span_split(&rest, '\n', &first);
    if (!span_split(&first, ' ', access) || access->len == 0 || first.len == 0)
        return err_set(err, "the file .s3n-sys/keys of the root does not hold `ACCESS SECRET`; "
                            "repair it, or remove it to have a new pair made");
    *secret = first;
    return true;
}
