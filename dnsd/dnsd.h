/* dnsd.h - the daemon as a whole: its parts, and who may touch them. Private to the top floor.
 * The main thread is the control thread: it owns everything here; other threads see what is
 * published. */
#ifndef DNSD_DNSD_H
#define DNSD_DNSD_H

#include <stdatomic.h>

#include "base/mailbox.h"
#include "base/siphash.h"
#include "dnsd/generation.h"
#include "dnsd/publish.h"
#include "dnsd/serve/admin.h"
#include "dnsd/serve/answering.h"
#include "dnsd/serve/control.h"
#include "dnsd/serve/prober.h"

struct event_base;
struct event;

struct dnsd {
    const char *config_path;
    struct event_base *base;
    struct generation *generation; /* in force */
    struct arena *arena;           /* what lives as long as the daemon */
    const char *const *fixed;      /* values of the keys that only a restart changes */
    struct steer *steer;
    struct publisher *publisher;
    struct mailbox *reports; /* from the probe thread */
    struct mailbox *loads;   /* from the loader of a reload */
    struct prober *prober;
    struct answering *answering;
    struct admin *admin;     /* NULL: off */
    struct control *control; /* NULL: off */
    struct event *reports_event, *loads_event, *signal_event, *tick_event, *first_round_event;
    struct reload *reload; /* a reload under way, or NULL */
    unsigned admin_reader;
    uint64_t rrl_seed;
    uint8_t cookie_secret[SIPHASH_KEY]; /* unless the configuration has one */
    _Atomic bool ready;                 /* answering has begun */
    int exit_code;
};

/** Runs with a loaded first generation (taken over) until one of `signals` (daemon_signals, taken
 * over) ends it. @return the exit code */
int dnsd_run(const char *config_path, struct generation *first, int signals);

/** Puts the generation in force to work: steering, zones and settings, targets of the prober. */
void dnsd_adopt(struct dnsd *d);

/* commands.c */

/** Answers a request of dnsctl; fits control_start. */
void commands_answer(void *arg, const struct json *request, bool may_change,
                     struct control_client *client);

/* reload.c */

/** Starts to read the configuration again on a thread of its own; `client` (may be NULL: a signal)
 * is told how it went. One at a time: while one is under way a client is refused, and a signal
 * makes another one follow. */
void reload_start(struct dnsd *d, struct control_client *client);

/** The loader is done: adopts the new generation, or reports its errors and keeps the old one. */
void reload_finish(struct dnsd *d, struct mail *mail);

/** The prober no longer uses generations before this one. */
void reload_release_old(struct dnsd *d, struct generation *adopted);

/** Waits for a reload under way and drops it; who asked for it is told. */
void reload_abandon(struct dnsd *d);

#endif
