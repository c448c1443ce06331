#include "s3node/s3_conf.h"

#include <ctype.h>

#define AT(type, member)    .offset = offsetof(struct type, member)
#define PLACE(type, member) .at_offset = offsetof(struct type, at.member)
#define LIST_OF(kind, type) .elem = (kind), .elem_size = sizeof(type)

enum { HOUR_MS = 60 * 60 * 1000 };

static const struct conf_word automatic[] = {{"auto", 0}, {0}};
static const struct conf_word modes[] = {{"readonly", S3_MODE_READONLY},
                                         {"readwrite", S3_MODE_READWRITE},
                                         {"admin", S3_MODE_ADMIN},
                                         {0}};
static const struct conf_word durabilities[] = {
    {"full", S3_DURABILITY_FULL}, {"data", S3_DURABILITY_DATA}, {"none", S3_DURABILITY_NONE}, {0}};
static const struct conf_word access_logs[] = {
    {"errors", S3_ACCESS_LOG_ERRORS}, {"all", S3_ACCESS_LOG_ALL}, {"off", S3_ACCESS_LOG_OFF}, {0}};

static const struct conf_field key_rows[] = {
    {.kind = CONF_TEXT,
     .key = "access_key",
     AT(s3_key, access_key),
     PLACE(s3_key, access_key),
     .dflt = CONF_REQUIRED,
     .min = 1,
     .max = 128,
     .help = "Name of the key pair."},
    {.kind = CONF_TEXT,
     .key = "secret_key",
     AT(s3_key, secret_key),
     .dflt = CONF_REQUIRED,
     .min = 1,
     .max = 128,
     .secret = true,
     .help = "What requests are signed with; best read from a file: ${file:/path}."},
    {.kind = CONF_LIST,
     .key = "buckets",
     AT(s3_key, buckets),
     PLACE(s3_key, buckets),
     LIST_OF(CONF_TEXT, const char *),
     .dflt = "[\"*\"]",
     .min = 1,
     .max = 63,
     .help = "Buckets that the key may use; `*` is any run of characters, `?` any one."},
    {.kind = CONF_ENUM,
     .key = "mode",
     AT(s3_key, mode),
     .dflt = "readwrite",
     .words = modes,
     .help = "What the key may do; admin also sees the buckets of all other keys."},
    {0},
};

static const struct conf_field connection_rows[] = {
    {.kind = CONF_INT,
     .key = "limit",
     AT(s3_connections, limit),
     PLACE(s3_connections, limit),
     .dflt = "1536",
     .min = 1,
     .max = INT32_MAX,
     .unit = "connections",
     .help = "With this many or more the node says that it is full, and serves on."},
    {.kind = CONF_INT,
     .key = "resume",
     AT(s3_connections, resume),
     PLACE(s3_connections, resume),
     .dflt = "1024",
     .min = 1,
     .max = INT32_MAX,
     .unit = "connections",
     .help = "With fewer than this a full node is ready again."},
    {.kind = CONF_INT,
     .key = "hard",
     AT(s3_connections, hard),
     PLACE(s3_connections, hard),
     .dflt = "0",
     .max = INT32_MAX,
     .unit = "connections",
     .help = "Above this requests get 503 SlowDown; 0: bounded by the file limit only."},
    {.kind = CONF_DURATION,
     .key = "idle",
     AT(s3_connections, idle_ms),
     .dflt = "60s",
     .min = 1000,
     .max = 24 * HOUR_MS,
     .help = "A connection that is silent for so long between requests is closed."},
    {.kind = CONF_LATER, .key = "shed"},
    {0},
};

const struct conf_field s3_conf_rows[] = {
    {.kind = CONF_LIST,
     .key = "listen",
     AT(s3_conf, listen),
     PLACE(s3_conf, listen),
     LIST_OF(CONF_ENDPOINT, struct addr),
     .dflt = "[\"0.0.0.0:9000\"]",
     .restart = true,
     .help = "Addresses and ports that are served."},
    {.kind = CONF_TEXT,
     .key = "root",
     AT(s3_conf, root),
     PLACE(s3_conf, root),
     .min = 1,
     .max = 4095,
     .restart = true,
     .help = "Directory that is served: objects are plain files under BUCKET/KEY."},
    {.kind = CONF_TEXT,
     .key = "region",
     AT(s3_conf, region),
     .dflt = "us-east-1",
     .min = 1,
     .max = 63,
     .restart = true,
     .help = "Region that signatures name."},
    {.kind = CONF_LIST,
     .key = "domains",
     AT(s3_conf, domains),
     LIST_OF(CONF_TEXT, const char *),
     .min = 1,
     .max = 253,
     .restart = true,
     .help = "Names under which a bucket may stand in the Host header; path style always works."},
    {.kind = CONF_LIST,
     .key = "keys",
     AT(s3_conf, keys),
     LIST_OF(CONF_MAP, struct s3_key),
     .sub = key_rows,
     .help = "Key pairs; without any, one pair is made at the first start and kept in the root."},
    {.kind = CONF_MAP,
     .key = "connections",
     AT(s3_conf, connections),
     .sub = connection_rows,
     .help = "How many connections are many."},
    {.kind = CONF_LIST,
     .key = "inspect",
     AT(s3_conf, inspect),
     LIST_OF(CONF_PREFIX, struct prefix),
     .dflt = "[0.0.0.0/0, \"::/0\"]",
     .help = "Who may read /-/ beyond live and ready."},
    {.kind = CONF_DURATION,
     .key = "drain",
     AT(s3_conf, drain_ms),
     .dflt = "20s",
     .max = HOUR_MS,
     .help = "How long a node that was told to stop goes on listening, not ready."},
    {.kind = CONF_ENUM,
     .key = "durability",
     AT(s3_conf, durability),
     .dflt = "full",
     .words = durabilities,
     .restart = true,
     .help = "What is on disk before a PUT is answered: file and directory, the file, or nothing."},
    {.kind = CONF_ENUM,
     .key = "access_log",
     AT(s3_conf, access_log),
     .dflt = "errors",
     .words = access_logs,
     .help = "Requests that are logged."},
    {.kind = CONF_INT,
     .key = "threads",
     AT(s3_conf, threads),
     .dflt = "auto",
     .min = 1,
     .max = 256,
     .words = automatic,
     .restart = true,
     .help = "Threads that serve connections; auto: one a core."},
    {.kind = CONF_LATER, .key = "anonymous"},
    {.kind = CONF_LATER, .key = "tls"},
    {.kind = CONF_LATER, .key = "https_only"},
    {.kind = CONF_LATER, .key = "cluster_secret"},
    {0},
};

struct check {
    const char *name; /* of the file */
    const struct s3_conf *conf;
    struct errs *errs;
};

#define SAY(c, at, ...) conf_errs_add((c)->errs, (c)->name, (at), __VA_ARGS__)

/* A signature names its key between slashes and commas (SigV4 Credential). */
static bool is_access_key(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("._-", *text))
            return false;
    return true;
}

static void check_key(struct check *c, size_t i)
{
    const struct s3_key *keys = c->conf->keys.items, *key = &keys[i];
    if (key->buckets.n == 0)
        SAY(c, key->at.buckets, "keys[%zu].buckets: name at least one bucket, or \"*\" for all", i);
    if (!key->access_key)
        return;
    if (!is_access_key(key->access_key))
        SAY(c, key->at.access_key, "keys[%zu].access_key: has letters, digits and . _ - only", i);
    for (size_t j = 0; j < i; j++)
        if (keys[j].access_key && strcmp(keys[j].access_key, key->access_key) == 0) {
            SAY(c, key->at.access_key, "keys[%zu].access_key: is that of keys[%zu] already", i, j);
            return;
        }
}

static void check_connections(struct check *c)
{
    const struct s3_connections *n = &c->conf->connections;
    if (n->at.limit.line == 0)
        return;
    if (n->resume > n->limit)
        SAY(c, n->at.resume, "connections.resume: %lld is more than limit, %lld",
            (long long)n->resume, (long long)n->limit);
    if (n->hard > 0 && n->hard < n->limit)
        SAY(c, n->at.hard,
            "connections.hard: %lld is less than limit, %lld; 0 leaves it to the file limit",
            (long long)n->hard, (long long)n->limit);
}

static void check(struct check *c)
{
    const struct s3_conf *conf = c->conf;
    if (conf->listen.n == 0)
        SAY(c, conf->at.listen, "listen: needs at least one address and port");
    for (size_t i = 0; i < conf->keys.n; i++)
        check_key(c, i);
    check_connections(c);
}

/* The command line over the file. */
static void apply_options(const struct s3_options *options, struct s3_conf *out,
                          struct arena *arena, struct errs *errs)
{
    bool reported = out->at.root.line == 0; /* the file, or its root, is wrong */
    if (options->root)
        out->root = arena_text(arena, span_of(options->root));
    if (out->root ? !*out->root : !reported)
        err_set(errs_add(errs),
                "no directory to serve: give --root DIR, or the key `root` in the file");
    if (!options->listen)
        return;
    struct addr *at = ARENA_NEW(arena, struct addr);
    if (!addr_parse_port(span_of(options->listen), true, at))
        err_set(errs_add(errs), "--listen %s: expected an address and port such as 0.0.0.0:9000",
                options->listen);
    out->listen = (struct conf_list){at, 1, ARENA_NEW(arena, struct conf_at)};
}

bool s3_conf_load(const struct s3_options *options, struct s3_conf *out, struct arena *arena,
                  struct errs *errs)
{
    size_t before = errs->n;
    const char *file = options->config;
    bool read = file ? conf_load(file, s3_conf_rows, out, arena, errs)
                     : conf_parse(span_of(""), "defaults", s3_conf_rows, out, arena, errs);
    check(&(struct check){file, out, errs});
    conf_errs_sort(errs);
    apply_options(options, out, arena, errs);
    return read && errs->n == before;
}
