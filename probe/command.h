/* command.h - the parts of the `probe` command among themselves. Main thread only. */
#ifndef PROBE_COMMAND_H
#define PROBE_COMMAND_H

#include "probe/check.h"
#include "probe/target.h"

/* What was asked for, ready to run. */
struct asked {
    struct target_text target;
    struct probe_conf conf;
    struct addr at;     /* with port */
    size_t n_addrs;     /* that the name has; `at` is the first. 0: the target is an address */
    int64_t resolve_us; /* what asking for them took */
    bool json;
    bool color; /* the output is a terminal */
};

/** Turns the host into an address, asking the resolver of this host if it is a name.
 *  @return false with `err` set */
NODISCARD bool resolve(struct asked *a, struct err *err);

/** What dnsd would make of it, in the words of its status page: `up`, `down`, `full`, `drain`,
 * `maint`. */
const char *state_of(bool passed, const struct load_report *load);
bool state_is_up(const char *state);

/** Prints a finished check for people, or as one JSON object. */
void show_check(const struct asked *a, const struct check *c);

/** Prints, in the same two ways, that the name has no address. */
void show_unresolved(const struct asked *a, const struct err *err);

/** Checks on, a line for each, until SIGINT or SIGTERM, then sums up. `signals` is of
 * daemon_signals. @return true if the target was up at the end */
bool watch(const struct asked *a, int signals);

/* --- what both ways of printing share --------------------------------------------------------- */

/** `512 of 1536 connections`, `512 connections`, or "" without a report. @return `out` */
const char *load_text(const struct load_report *load, char *out, size_t size);

/** The load as a JSON object, or NULL without a report. */
struct json *load_json(const struct load_report *load);

/** Writes a JSON value and frees it. */
void print_json(struct json *v, bool pretty);

/** Terminal codes that set off a state by its colour, "" where there is no terminal. */
const char *color_of(const struct asked *a, const char *state);
const char *color_end(const struct asked *a);

#endif
