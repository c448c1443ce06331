/* probe.h - the health engine as a library: targets in, reports out. The public header, all that
 * dnsd sees of it besides the pure health.h and load.h.
 *
 * One thread owns a set and the libevent base under it; every call and every callback happens
 * there. */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "base/conf.h"
#include "base/net.h"
#include "probe/health.h"
#include "probe/load.h"

struct event_base;

/* How a target is checked: the keys of `probe:` after the preset was applied (probe_conf_rows). */
struct probe_conf {
    const struct preset *preset;
    int64_t port;
    int64_t interval_ms, fastinter_ms, downinter_ms;
    int64_t rise, fall;
    int64_t jitter_percent;
    int64_t timeout_connect_ms, timeout_response_ms, timeout_ms;
    const char *method, *path, *host; /* host NULL: the address */
    struct conf_list expect_status;   /* of int64_t; empty: the preset's */
    bool keepalive;
    int64_t reconnect_interval_ms;
    /* what probe_conf_finish needs: the word in the file, and which keys stood there */
    const char *preset_name;
    struct {
        bool port, method, path, keepalive;
        bool fastinter, timeout_connect, timeout_response, timeout;
    } given;
};

/** The rows of a `probe:` block; offsets are of struct probe_conf. */
extern const struct conf_field probe_conf_rows[];

/** Fills what the file left out from the preset and checks what belongs together: a known preset, a
 * port, a request that is one line. What is longer than the interval gives way to it if it is a
 * default and is an error if the file says so.
 *  @return false with `err`'s text set (the caller knows the place) */
NODISCARD bool probe_conf_finish(struct probe_conf *c, struct err *err);

/** When the next check follows, by these keys: for health_delay. */
struct health_timing probe_conf_timing(const struct probe_conf *c);

/** True if two configurations check in the same way: a reload keeps the state of such targets. */
bool probe_conf_equal(const struct probe_conf *a, const struct probe_conf *b);

enum { PROBE_EVIDENCE = 96 };

/* What one finished check says; or, with `changed` and the same `checks` as before, that an idle
 * connection broke and made the target suspect. */
struct probe_report {
    uint32_t target;
    bool changed;                  /* health.op or health.suspect changed */
    struct health health;          /* after this check */
    enum reason reason;            /* of this check, REASON_LOCAL too */
    enum word word;                /* the node's own word, WORD_NONE if it said none */
    struct load_report load;       /* load.given false if no number came; load.word is `word` */
    bool load_refused;             /* a load was reported and was not usable */
    char evidence[PROBE_EVIDENCE]; /* "503 from GET /-/ready", "connect: connection refused" */
    int64_t at_ms;                 /* monotonic */
    int64_t rtt_us;                /* connect or request to reply; 0 if there was no reply */
    unsigned checks;               /* finished checks of this target so far */
};

typedef void probe_report_fn(void *arg, const struct probe_report *report);

struct probe_set;

/** `report` is called for every finished check. `seed` spreads the first checks and the jitter. */
struct probe_set *probe_new(struct event_base *base, uint64_t seed, probe_report_fn *report,
                            void *arg);
void probe_free(struct probe_set *set);

/** Starts checking `at` (with port) under the caller's `id`; the first check starts within
 * `interval`/10. `conf` is borrowed until the target is removed. `health` may carry a state from
 * before. */
void probe_add(struct probe_set *set, uint32_t id, const struct addr *at,
               const struct probe_conf *conf, const struct health *health);

/** Stops checking `id`, if there is such a target; no report of it follows. A report function may
 * call this. */
void probe_remove(struct probe_set *set, uint32_t id);

#endif
