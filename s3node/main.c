/* s3node: a light S3 server on plain files. This file is the order of starting and stopping. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/daemon.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/options.h"
#include "s3node/op/service.h"
#include "s3node/s3_conf.h"
#include "s3node/serve/server.h"

enum option { OPT_ROOT, OPT_LISTEN, OPT_CONFIG, OPT_CHECK, OPT_END };

enum { LARGE = 16 * 1024 /* bytes */ };

static const struct option_row options[] = {
    [OPT_ROOT] = {"root", "DIR", "the directory to serve; buckets are directories in it"},
    [OPT_LISTEN] = {"listen", "ADDR:PORT", "where to listen; default 0.0.0.0:9000"},
    [OPT_CONFIG] = {"config", "FILE", "s3node.yaml; what stands on the command line wins"},
    [OPT_CHECK] = {"check", NULL, "check the configuration and exit"},
    [OPT_END] = {NULL, NULL, NULL},
};

static const char usage[] = "s3node --root DIR [--listen ADDR:PORT] [--config FILE] [--check]\n"
                            "Serves the files under a directory over the S3 API.";

static const struct {
    enum store_durability store;
    const char *word;
} durabilities[] = {
    [S3_DURABILITY_FULL] = {STORE_FULL, "full"},
    [S3_DURABILITY_DATA] = {STORE_DATA, "data"},
    [S3_DURABILITY_NONE] = {STORE_NONE, "none"},
};

static const enum access_level access_levels[] = {
    [S3_ACCESS_LOG_ERRORS] = ACCESS_ERRORS,
    [S3_ACCESS_LOG_ALL] = ACCESS_ALL,
    [S3_ACCESS_LOG_OFF] = ACCESS_OFF,
};

static const enum key_mode key_modes[] = {
    [S3_MODE_READONLY] = KEY_READONLY,
    [S3_MODE_READWRITE] = KEY_READWRITE,
    [S3_MODE_ADMIN] = KEY_ADMIN,
};

/* What the running program keeps. */
struct program {
    struct s3_options options;
    struct arena *arena; /* of `conf` */
    struct s3_conf conf;
    struct store *store;
    struct service *service;
    struct server *server;
};

static _Noreturn void fail(const struct err *err)
{
    char text[ERR_FILE + ERR_TEXT];
    log_error("%s", err_format(err, text, sizeof text));
    exit(EXIT_FAILED);
}

/* ---- from the configuration to what the rooms below take ---- */

static struct key key_of(const struct s3_key *from, struct arena *scratch)
{
    struct key key = {
        .access = span_of(from->access_key),
        .secret = span_of(from->secret_key),
        .buckets = ARENA_ARRAY(scratch, struct span, from->buckets.n),
        .n_buckets = from->buckets.n,
        .mode = key_modes[from->mode],
    };
    for (size_t i = 0; i < key.n_buckets; i++)
        key.buckets[i] = span_of(((const char *const *)from->buckets.items)[i]);
    return key;
}

static struct keyring *keys_of_conf(const struct s3_conf *conf)
{
    struct arena *scratch = arena_new();
    struct key *keys = ARENA_ARRAY(scratch, struct key, conf->keys.n);
    for (size_t i = 0; i < conf->keys.n; i++)
        keys[i] = key_of((const struct s3_key *)conf->keys.items + i, scratch);
    struct keyring *ring = keyring_new(keys, conf->keys.n);
    arena_free(scratch);
    return ring;
}

/* Without keys in the configuration: the pair that lives in the root, which may do everything. */
static struct keyring *keys_of_root(const struct program *p, struct err *err)
{
    struct buf text = {0};
    struct key key = {.mode = KEY_ADMIN};
    struct keyring *ring = NULL;
    bool created;
    if (service_generated_key(p->store, &text, &key.access, &key.secret, &created, err)) {
        ring = keyring_new(&key, 1);
        if (created) {
            printf("s3node: new keys, kept in %s/.s3n-sys/keys and shown this once:\n"
                   "access key: %.*s\nsecret key: %.*s\n",
                   p->conf.root, (int)key.access.len, key.access.p, (int)key.secret.len,
                   key.secret.p);
            fflush(stdout);
        }
    }
    buf_fini(&text);
    return ring;
}

static struct keyring *make_keys(const struct program *p, const struct s3_conf *conf,
                                 struct err *err)
{
    return conf->keys.n > 0 ? keys_of_conf(conf) : keys_of_root(p, err);
}

static struct policy *make_policy(const struct s3_conf *conf)
{
    size_t n = conf->inspect.n;
    struct policy *policy = mem_alloc(1, sizeof *policy + n * sizeof(struct prefix));
    policy->idle_ms = conf->connections.idle_ms;
    policy->access = access_levels[conf->access_log];
    policy->n_inspect = n;
    if (n > 0)
        memcpy(policy->inspect, conf->inspect.items, n * sizeof(struct prefix));
    return policy;
}

static struct count_limits limits_of(const struct s3_conf *conf)
{
    return (struct count_limits){
        .limit = (uint32_t)conf->connections.limit,
        .resume = (uint32_t)conf->connections.resume,
        .hard = (uint32_t)conf->connections.hard,
    };
}

/* ---- start, reload, stop ---- */

static bool load(const struct program *p, struct arena *arena, struct s3_conf *conf)
{
    struct errs errs = {0};
    bool good = s3_conf_load(&p->options, conf, arena, &errs);
    if (!p->server) /* at the start somebody sits before the terminal */
        errs_print(&errs, stderr);
    for (size_t i = 0; p->server && i < errs.n; i++) {
        char text[ERR_FILE + ERR_TEXT + 32];
        log_error("reload: %s", err_format(&errs.items[i], text, sizeof text));
    }
    errs_fini(&errs);
    return good;
}

static void say_good(const struct s3_conf *conf)
{
    printf("s3node: the configuration is good: root %s, ", conf->root);
    if (conf->keys.n > 0)
        printf("%zu keys\n", conf->keys.n);
    else
        printf("keys of the root\n");
}

/* All or nothing: what cannot be read changes nothing. */
static void reload(void *ctx)
{
    struct program *p = ctx;
    struct arena *arena = arena_new();
    struct s3_conf conf;
    struct err err = {0};
    struct keyring *keys = load(p, arena, &conf) ? make_keys(p, &conf, &err) : NULL;
    if (!keys) {
        log_error("reload: %s%sthe running configuration stays", err.text, *err.text ? "; " : "");
        arena_free(arena);
        return;
    }
    service_set_keys(p->service, keys);
    server_apply(p->server, limits_of(&conf), conf.drain_ms, make_policy(&conf));
    arena_free(p->arena);
    p->arena = arena;
    p->conf = conf;
    log_info("reload: keys, connections, inspect, drain and access_log are in force; the other "
             "keys need a restart");
}

/* As many open files as the system allows. @return how many that is */
static size_t raise_file_limit(const struct s3_conf *conf)
{
    size_t limit = net_raise_file_limit();
    size_t wanted = (size_t)conf->connections.limit * 2;
    if (limit < wanted)
        log_warn("only %zu files may be open, and %lld connections can need %zu; raise LimitNOFILE "
                 "(ulimit -n)",
                 limit, (long long)conf->connections.limit, wanted);
    return limit;
}

static void start(struct program *p)
{
    struct err err = {0};
    const struct s3_conf *conf = &p->conf;
    size_t max_files = raise_file_limit(conf);
    p->store = store_open(conf->root, durabilities[conf->durability].store, &err);
    if (!p->store)
        fail(&err);
    const struct service_names names = {conf->region, conf->domains.items, conf->domains.n};
    p->service = service_new(p->store, &names, keyring_new(NULL, 0));
    struct server_conf server = {
        .listen = conf->listen.items,
        .n_listen = conf->listen.n,
        .loops = (unsigned)conf->threads,
        .max_files = max_files,
        .limits = limits_of(conf),
        .drain_ms = conf->drain_ms,
        .policy = make_policy(conf),
    };
    p->server = server_new(&server, p->service, &err);
    /* Once nothing else can fail: no pair of keys is made, and shown once, by a start in vain. */
    struct keyring *keys = p->server ? make_keys(p, conf, &err) : NULL;
    if (!keys)
        fail(&err);
    service_set_keys(p->service, keys);
    if (!server_start(p->server, &err))
        fail(&err);
}

static void say_serving(const struct program *p)
{
    for (size_t i = 0; i < p->conf.listen.n; i++) {
        struct addr at = server_address(p->server, i);
        char text[ADDR_TEXT];
        log_info("s3node: serving %s on %s, region %s, durability %s", p->conf.root,
                 addr_text(&at, text), p->conf.region, durabilities[p->conf.durability].word);
    }
    daemon_notify("READY=1");
}

static void stop(struct program *p)
{
    server_free(p->server);
    service_free(p->service);
    store_close(p->store);
    arena_free(p->arena);
    log_info("s3node: stopped");
}

int main(int argc, char **argv)
{
    struct option_value values[OPT_END];
    int words;
    int signals = daemon_signals();
    mallopt(M_MMAP_THRESHOLD, LARGE); /* what a burst of requests took goes back to the system */
    options_parse(argc, argv, usage, options, values, &words);
    if (words > 0)
        options_fail(argv[0], "unexpected argument `%s`", argv[1]);
    struct program p = {
        .options = {.config = values[OPT_CONFIG].text,
                    .root = values[OPT_ROOT].text,
                    .listen = values[OPT_LISTEN].text},
        .arena = arena_new(),
    };
    bool good = load(&p, p.arena, &p.conf);
    if (good && values[OPT_CHECK].text)
        say_good(&p.conf);
    if (!good || values[OPT_CHECK].text) {
        arena_free(p.arena);
        return good ? EXIT_GOOD : EXIT_FAILED;
    }
    start(&p);
    say_serving(&p);
    if (server_run(p.server, signals, reload, &p)) {
        stop(&p);
        return EXIT_GOOD;
    }
    log_warn("s3node: stopped at once; requests in flight were cut");
    _exit(EXIT_GOOD);
}
