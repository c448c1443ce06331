/* s3_conf.h - s3node.yaml and the command line as one struct, checked as a whole, defaults filled
 * in. Everything lives in the arena of s3_conf_load and never changes afterwards, so any thread may
 * read. The comment behind a conf_list names the type of its elements; members called `at` are
 * places in the file for the checks and of no use later. */
#ifndef S3NODE_S3_CONF_H
#define S3NODE_S3_CONF_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/net.h"

enum s3_mode {
    S3_MODE_READONLY,
    S3_MODE_READWRITE,
    S3_MODE_ADMIN, /* readwrite, and ListBuckets shows every bucket */
};

enum s3_durability {
    S3_DURABILITY_FULL, /* file and directory are on disk before 200 */
    S3_DURABILITY_DATA, /* the file is; the directory follows */
    S3_DURABILITY_NONE,
};

enum s3_access_log { S3_ACCESS_LOG_ERRORS, S3_ACCESS_LOG_ALL, S3_ACCESS_LOG_OFF };

struct s3_key {
    const char *access_key, *secret_key;
    struct conf_list buckets; /* const char *: globs; `*` if not given */
    int mode;                 /* enum s3_mode */
    struct {
        struct conf_at access_key, buckets;
    } at;
};

struct s3_connections {
    int64_t limit, resume; /* 1 <= resume <= limit */
    int64_t hard;          /* 0: bounded by the file limit only; else at least limit */
    int64_t idle_ms;
    struct {
        struct conf_at limit, resume, hard;
    } at;
};

struct s3_conf {
    struct conf_list listen; /* struct addr with port; at least one */
    const char *root;        /* the directory that is served */
    const char *region;
    struct conf_list domains; /* const char *: BUCKET.DOMAIN in Host names a bucket */
    struct conf_list keys; /* struct s3_key; empty: the pair in the root, made at the first start */
    struct s3_connections connections;
    struct conf_list inspect; /* struct prefix: who may read /-/ beyond live and ready */
    int64_t drain_ms;
    int durability;  /* enum s3_durability */
    int access_log;  /* enum s3_access_log */
    int64_t threads; /* 0: auto */
    struct {
        struct conf_at listen, root;
    } at;
};

/** The rows of s3node.yaml; offsets are of struct s3_conf. */
extern const struct conf_field s3_conf_rows[];

/* What the command line says; NULL: nothing. It wins over the file. */
struct s3_options {
    const char *config; /* --config; without it there is no file, only defaults */
    const char *root;   /* --root */
    const char *listen; /* --listen */
};

/** Reads the file, if any, puts the options over it, and checks the whole.
 *  @return false with an entry in `errs` for everything that is wrong, in file order; `*out` is
 *  not to be used then */
NODISCARD bool s3_conf_load(const struct s3_options *options, struct s3_conf *out,
                            struct arena *arena, struct errs *errs);

/** Appends the effective configuration as YAML, secrets as ***. */
static inline void s3_conf_show(const struct s3_conf *conf, struct buf *out)
{
    conf_show(s3_conf_rows, conf, out);
}

#endif
