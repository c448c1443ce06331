#include "dnsd/serve/tcp_limits.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rand.h"
#include "dnsd/serve/tcp_pace.h"

/* What makes a group of a level: so many leading bits of an address, whole bytes. */
static const struct {
    size_t bits4, bits6;
} levels[TCP_LEVELS] = {
    [TCP_OF_ADDRESS] = {32, 128},
    [TCP_OF_NETWORK] = {24, 56},
    [TCP_OF_ALL] = {0, 0},
};

enum { KEY_WORDS = 3 };

struct key {
    uint64_t words[KEY_WORDS]; /* the level and the family, then the leading bits */
};

struct tcp_group {
    struct tcp_group *next; /* of its bucket, or of the unused ones */
    struct key key;
    size_t n;
    TAILQ_HEAD(, tcp_member) members; /* the most idle one comes first */
};

struct tcp_limits {
    size_t max[TCP_LEVELS];
    uint64_t seed;
    size_t n_buckets;
    struct tcp_group **buckets;
    struct tcp_group *groups, *unused; /* as many as the connections can need */
};

size_t tcp_limits_total(size_t files, size_t threads)
{
    size_t half = files / 2, rest = files > TCP_OTHER_FILES ? files - TCP_OTHER_FILES : 0;
    size_t total = (rest > half ? rest : half) / threads;
    if (total > TCP_MAX_THREAD)
        return TCP_MAX_THREAD;
    return total < TCP_MIN_THREAD ? TCP_MIN_THREAD : total;
}

struct tcp_limits *tcp_limits_new(size_t total, uint64_t seed)
{
    struct tcp_limits *l = NEW(struct tcp_limits);
    size_t n_groups = total * TCP_LEVELS;
    *l = (struct tcp_limits){
        .max = {TCP_MAX_ADDRESS, TCP_MAX_NETWORK, total}, .seed = seed, .n_buckets = n_groups};
    l->buckets = NEW_ARRAY(struct tcp_group *, l->n_buckets);
    l->groups = NEW_ARRAY(struct tcp_group, n_groups);
    for (size_t i = 0; i < n_groups; i++) {
        l->groups[i].next = l->unused;
        l->unused = &l->groups[i];
    }
    return l;
}

void tcp_limits_free(struct tcp_limits *l)
{
    assert(!tcp_limits_first(l));
    free(l->buckets);
    free(l->groups);
    free(l);
}

/* --- groups --- */

static struct key key_of(enum tcp_level level, const struct addr *from)
{
    size_t bits = from->family == AF_INET ? levels[level].bits4 : levels[level].bits6;
    struct key key = {{bits > 0 ? (uint64_t)from->family << 8 | level : level}};
    memcpy(&key.words[1], from->ip, bits / 8);
    return key;
}

/* Without the seed nobody can choose addresses that share a bucket. */
static struct tcp_group **bucket_of(const struct tcp_limits *l, const struct key *key)
{
    struct rand mix = {l->seed};
    for (size_t i = 0; i < KEY_WORDS; i++)
        mix.s = rand_u64(&mix) ^ key->words[i];
    return &l->buckets[rand_u64(&mix) % l->n_buckets];
}

/* @return where the pointer to the group is, or where it would be */
static struct tcp_group **find(const struct tcp_limits *l, const struct key *key)
{
    struct tcp_group **at = bucket_of(l, key);
    while (*at && memcmp(&(*at)->key, key, sizeof *key) != 0)
        at = &(*at)->next;
    return at;
}

static struct tcp_group *get(struct tcp_limits *l, const struct key *key)
{
    struct tcp_group **at = find(l, key);
    if (*at)
        return *at;
    struct tcp_group *g = *at = l->unused;
    assert(g); /* there are as many as TCP_LEVELS for every connection */
    l->unused = g->next;
    *g = (struct tcp_group){.key = *key};
    TAILQ_INIT(&g->members);
    return g;
}

static void drop(struct tcp_limits *l, struct tcp_group *g)
{
    *find(l, &g->key) = g->next;
    g->next = l->unused;
    l->unused = g;
}

static const struct tcp_group *group_of(const struct tcp_limits *l, enum tcp_level level,
                                        const struct addr *from)
{
    const struct key key = key_of(level, from);
    return *find(l, &key);
}

static const struct tcp_group *everybody(const struct tcp_limits *l)
{
    return group_of(l, TCP_OF_ALL, &(const struct addr){0});
}

/* --- members --- */

struct tcp_member *tcp_limits_victim(const struct tcp_limits *l, const struct addr *from)
{
    for (enum tcp_level level = 0; level < TCP_LEVELS; level++) {
        const struct tcp_group *g = group_of(l, level, from);
        if (g && g->n >= l->max[level])
            return TAILQ_FIRST(&g->members);
    }
    return NULL;
}

void tcp_limits_add(struct tcp_limits *l, struct tcp_member *m, const struct addr *from)
{
    for (enum tcp_level level = 0; level < TCP_LEVELS; level++) {
        const struct key key = key_of(level, from);
        struct tcp_group *g = get(l, &key);
        g->n++;
        m->in[level].group = g;
        TAILQ_INSERT_TAIL(&g->members, m, in[level].by_use);
    }
}

void tcp_limits_used(struct tcp_member *m)
{
    for (enum tcp_level level = 0; level < TCP_LEVELS; level++) {
        struct tcp_group *g = m->in[level].group;
        TAILQ_REMOVE(&g->members, m, in[level].by_use);
        TAILQ_INSERT_TAIL(&g->members, m, in[level].by_use);
    }
}

void tcp_limits_remove(struct tcp_limits *l, struct tcp_member *m)
{
    for (enum tcp_level level = 0; level < TCP_LEVELS; level++) {
        struct tcp_group *g = m->in[level].group;
        TAILQ_REMOVE(&g->members, m, in[level].by_use);
        if (--g->n == 0)
            drop(l, g);
    }
}

struct tcp_member *tcp_limits_first(const struct tcp_limits *l)
{
    const struct tcp_group *g = everybody(l);
    return g ? TAILQ_FIRST(&g->members) : NULL;
}

uint16_t tcp_limits_keepalive(const struct tcp_limits *l)
{
    const struct tcp_group *g = everybody(l);
    bool crowded = g && g->n * 5 > l->max[TCP_OF_ALL] * 4;
    return crowded ? 0 : TCP_IDLE_MS / 100;
}
