/* check.h - one check of one address: the connection, which may live on between checks, the steps
 * and time limits of a check, and the tripwire on the idle connection.
 *
 * The owner embeds a struct check; it is small, because there may be 10,000 of them. Large is only
 * the parser of a reply: it is borrowed from a stock while a reply is being read. One thread, the
 * one of the libevent base. Callbacks come from the loop or out of check_start, always as the last
 * thing that touches the check, so they may start or end it. */
#ifndef PROBE_CHECK_H
#define PROBE_CHECK_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "probe/probe.h"

struct check;
struct http1;

/* Why the idle connection woke up. */
enum check_trip { TRIP_FIN, TRIP_RESET, TRIP_BYTES };

struct check_owner {
    void (*done)(struct check *c);                         /* `result` and `step_us` are filled */
    void (*tripped)(struct check *c, enum check_trip why); /* the connection is closed already */
    void (*silent)(struct check *c);                       /* a doubtful connect gets no answer */
};

/* What a kind of check does once the connection is up; everything else is the same for all. */
struct check_kind {
    bool reuses;                             /* a connection can carry another check */
    char *(*request)(const struct check *c); /* what is sent, on the heap; NULL: nothing */
    void (*begin)(struct check *c);          /* the connection is there */
    void (*io)(struct check *c, short what); /* EV_READ or EV_WRITE while talking */
    void (*end)(struct check *c);            /* gives back what it borrowed */
};

extern const struct check_kind check_tcp, check_http;

enum { STOCK_PARSERS = 16 };

/* Parsers that no reply needs just now; shared by all checks of one thread. */
struct check_stock {
    struct http1 *parsers[STOCK_PARSERS];
    size_t n;
};

struct check_result {
    enum reason reason;
    enum word word;          /* the node's own word */
    struct load_report load; /* `word` is in there too */
    bool load_refused;       /* a load was reported and was not usable */
    char evidence[PROBE_EVIDENCE];
};

enum check_step { STEP_START, STEP_CONNECTED, STEP_SENT, STEP_HEAD, STEP_DONE, STEPS };
enum check_phase { PHASE_IDLE, PHASE_CONNECTING, PHASE_TALKING };

struct check {
    struct event_base *base;
    const struct probe_conf *conf;
    const struct check_kind *kind;
    const struct check_owner *owner;
    struct check_stock *stock;
    struct addr at;
    char *request; /* sent by every check; made once */

    enum check_phase phase;
    int fd; /* -1: no connection */
    struct event io, timer;
    short watched;          /* what `io` waits for; 0 nothing */
    int64_t connect_us;     /* when the connect began, monotonic */
    int64_t usual_us;       /* its usual duration, smoothed; 0 unknown */
    int64_t limit_us;       /* end of the time for this phase; 0 none */
    int64_t doubt_us;       /* when silence becomes suspect; 0 never */
    bool reused;            /* this check runs on a connection of an earlier one */
    bool keep;              /* the connection may carry another check */
    size_t sent, heard;     /* bytes of the request and of the reply */
    size_t body_len;        /* decoded bytes of the body */
    int status;             /* of the reply; 0 none */
    unsigned interim;       /* replies 1xx so far */
    struct http1 *parser;   /* from the stock, while a reply is being read */
    int64_t step_us[STEPS]; /* monotonic; 0: not reached */
    struct check_result result;
};

/** Prepares a check of `at` by `conf`; both `conf` and `stock` are borrowed. Nothing runs yet. */
void check_init(struct check *c, struct event_base *base, const struct check_owner *owner,
                struct check_stock *stock, const struct addr *at, const struct probe_conf *conf);

/** Ends whatever runs, without a callback, and closes the connection. */
void check_fini(struct check *c);

void check_stock_fini(struct check_stock *stock);

/** Runs one check; `done` follows. `doubtful`: after a tripwire, silence on a fresh connect is told
 * early through `silent`, after 20 ms or twice the usual connect time. */
void check_start(struct check *c, bool doubtful);

/** Connect, or request to reply, in microseconds; 0 if there was no reply. */
int64_t check_rtt_us(const struct check *c);

/* --- for the kinds ---------------------------------------------------------------------------- */

/** Ends the check; the connection stays only if `keep` is set and the configuration wants it. The
 * caller must not touch `c` any more. */
void check_finish(struct check *c, enum reason reason, const char *evidence, ...) PRINTF_LIKE(3, 4);

/** The connection broke with `error` (errno) before this check was through. */
void check_broken(struct check *c, int error);

/** A reused connection was closed under us before the reply began: connects afresh, which decides.
 * This is no failure (RFC 9112 9.3.1, 9.5). */
void check_again(struct check *c);

/** Waits for `what` (EV_READ, EV_WRITE) while talking. */
void check_watch(struct check *c, short what);

/** From here to the end of this phase at most `ms`; 0: only the time of the whole check counts. */
void check_limit(struct check *c, int64_t ms);

#endif
