/* daemon.h - what every long-running program needs: signals as events, readiness told to systemd,
 * command lines. Main thread only. */
#ifndef BASE_DAEMON_H
#define BASE_DAEMON_H

#include "base/err.h"
#include "base/span.h"

enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* One option of a command; a table of these ends with a row whose name is NULL. */
struct option_row {
    const char *name;  /* without `--` */
    const char *value; /* what the value is called in the help; NULL for a switch */
    const char *help;
};

struct option_value {
    const char *text; /* the value, "" for a switch that was given, NULL when not given */
};

/** Reads `--name value`, `--name=value` and switches by the table; `values[i]` belongs to row i;
 * words that are no options are left in `argv[1..]` and counted in `*n_words`. `--help` and
 * `--version` print and exit 0; an unknown option prints a suggestion and exits 2. */
void options_parse(int argc, char **argv, const char *usage, const struct option_row *rows,
                   struct option_value *values, int *n_words);

/** Blocks SIGINT, SIGTERM, SIGHUP, SIGUSR2 in this thread and those it makes, ignores SIGPIPE; call
 * first in main.
 *  @return a signalfd that delivers them */
int daemon_signals(void);

/** The next pending signal of that descriptor, or 0. */
int daemon_next_signal(int fd);

/** Tells systemd (NOTIFY_SOCKET; nothing without one): `READY=1`, `STATUS=...`, `STOPPING=1`,
 * `WATCHDOG=1`. */
void daemon_notify(const char *state);

#endif
