#include "s3node/op/service.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/rand.h"
#include "s3node/wire/host.h"

struct service {
    struct store *store;
    struct arena *arena; /* of `names` */
    struct service_names names;
    char boot[SERVICE_BOOT_TEXT];
    uint64_t seed;
    _Atomic uint64_t requests;
    pthread_mutex_t lock; /* guards `keys` */
    struct keyring *keys;
};

static void copy_names(struct service *s, const struct service_names *names)
{
    const char **domains = ARENA_ARRAY(s->arena, const char *, names->n_domains);
    for (size_t i = 0; i < names->n_domains; i++)
        domains[i] = arena_text(s->arena, span_of(names->domains[i]));
    s->names = (struct service_names){
        .region = arena_text(s->arena, span_of(names->region)),
        .domains = domains,
        .n_domains = names->n_domains,
    };
}

struct service *service_new(struct store *store, const struct service_names *names,
                            struct keyring *keys)
{
    struct service *s = NEW(struct service);
    s->store = store;
    s->arena = arena_new();
    copy_names(s, names);
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
    arena_free(s->arena);
    free(s);
}

struct store *service_store(const struct service *s)
{
    return s->store;
}

const char *service_region(const struct service *s)
{
    return s->names.region;
}

struct span service_host_bucket(const struct service *s, const struct http1_head *head)
{
    return host_bucket(http1_find(head, "host", NULL), s->names.domains, s->names.n_domains);
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
