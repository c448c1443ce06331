/* dnsd_conf.h - dnsd.yaml as structs: what the file says, checked as a whole, defaults filled in.
 * Everything lives in the arena of dnsd_conf_load and never changes afterwards, so any thread may
 * read; control code builds zones, services and probes from it. Lists are in the order of the file;
 * the comment behind a conf_list names the type of its elements. Members called `at` are places in
 * the file for the checks and of no use later. */
#ifndef DNSD_DNSD_CONF_H
#define DNSD_DNSD_CONF_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/net.h"
#include "probe/load.h"
#include "probe/probe.h"

/* A client network: source addresses that belong together. Read now, used by steering later. */
struct dnsd_network {
    const char *name;
    struct conf_list prefixes; /* struct prefix */
};

/* A name server of a zone. */
struct dnsd_server {
    const char *name;       /* relative to the zone, or absolute with a final dot */
    struct conf_list addrs; /* struct addr: glue; empty for absolute names */
};

struct dnsd_zone {
    const char *name;    /* "s3.example.com": no final dot */
    struct conf_list ns; /* struct dnsd_server; empty only with a file */
    const char *contact; /* a domain name; hostmaster.ZONE if not given */
    int64_t serial;      /* 32 bits */
    const char *file;    /* master file, NULL if there is none; relative ones are found beside
                            dnsd.yaml: the path to open is already made */
    int64_t ttl_ms;      /* whole seconds */
    struct {
        struct conf_at ns, contact, ttl;
    } at;
};

/* The address of a node for the clients of one network. Read now, used by steering later. */
struct dnsd_node_network {
    const char *name; /* one of `networks` */
    struct addr addr;
};

struct dnsd_node {
    const char *name;          /* its first address if not given; one across the whole file */
    struct conf_list addrs;    /* struct addr, without port; at least one */
    struct conf_list networks; /* struct dnsd_node_network */
    int64_t weight;            /* 1..1000 */
    const char *rack;          /* NULL if not given */
    struct {
        struct conf_at name, addrs, weight;
    } at;
};

enum dnsd_policy {
    DNSD_BALANCED, /* rotates as well in this version; weights and loads will steer it */
    DNSD_ROTATE,
};

/* Early withdrawal by the growth that caching makes certain. Read now, used by steering later. */
enum dnsd_lead { DNSD_LEAD_OFF, DNSD_LEAD_AUTO };

struct dnsd_load {
    int64_t stop, resume; /* connections; resume <= stop */
    int64_t expire_ms;
    int lead; /* enum dnsd_lead */
    struct {
        struct conf_at stop, resume;
    } at;
};

struct dnsd_pool {
    const char *name;
    struct conf_list nodes; /* struct dnsd_node; at least one */
    struct conf_list names; /* const char *: "s3.example.com", "*.s3.example.com", no final dot;
                               each inside a zone, and in no other pool */
    int64_t ttl_ms;         /* whole seconds; ttl_min <= ttl */
    int64_t ttl_min_ms;
    int64_t answers;         /* 1..100; 0: all */
    int policy;              /* enum dnsd_policy */
    struct probe_conf probe; /* finished: the preset is applied */
    struct dnsd_load load;
    int64_t min_nodes;
    struct {
        struct conf_at nodes, names, ttl, ttl_min, policy, probe;
    } at;
};

/* Limit of replies to one network. */
struct dnsd_rrl {
    int64_t rate; /* replies a second; 0: off */
};

enum { DNSD_MAX_THREADS = 64, DNSD_MAX_LISTEN = 32 };

struct dnsd_conf {
    struct conf_list listen;  /* struct addr with port; at least one */
    int64_t threads;          /* 0: auto */
    struct addr admin;        /* family 0: off */
    const char *control;      /* path of the socket */
    const char *state;        /* path of the file */
    const char *identity;     /* NSID and hostname.bind; NULL: off */
    struct conf_list cookies; /* const char *: secrets of 32 hex digits; empty: made at start */
    struct dnsd_rrl rrl;
    struct conf_list inspect;  /* struct prefix */
    struct conf_list networks; /* struct dnsd_network */
    struct conf_list zones;    /* struct dnsd_zone */
    struct conf_list pools;    /* struct dnsd_pool */
    struct {
        struct conf_at listen, cookies;
    } at;
};

/** The rows of dnsd.yaml; offsets are of struct dnsd_conf. */
extern const struct conf_field dnsd_conf_rows[];

/** Reads and checks the file at `path`.
 *  @return false with an entry in `errs` for everything that is wrong, in file order; `*out` is
 *  not to be used then */
NODISCARD bool dnsd_conf_load(const char *path, struct dnsd_conf *out, struct arena *arena,
                              struct errs *errs);

/** The same over text in memory; `name` stands in the errors and is the path beside which zone
 * files are found. */
NODISCARD bool dnsd_conf_parse(struct span text, const char *name, struct dnsd_conf *out,
                               struct arena *arena, struct errs *errs);

/** Appends the effective configuration as YAML (--show-config). */
static inline void dnsd_conf_show(const struct dnsd_conf *conf, struct buf *out)
{
    conf_show(dnsd_conf_rows, conf, out);
}

/** The rule by which loads of the pool's nodes count. */
static inline struct load_rule dnsd_load_rule(const struct dnsd_load *load)
{
    return (struct load_rule){(double)load->stop, (double)load->resume, load->expire_ms};
}

#endif
