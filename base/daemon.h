/* daemon.h - what every long-running program needs: signals as events, readiness told to systemd,
 * and its command line (base/options.h). Main thread only. */
#ifndef BASE_DAEMON_H
#define BASE_DAEMON_H

#include "base/options.h"

/** Blocks SIGINT, SIGTERM, SIGHUP, SIGUSR2 in this thread and those it makes, ignores SIGPIPE; call
 * first in main.
 *  @return a signalfd that delivers them */
int daemon_signals(void);

/** The next pending signal of that descriptor, or 0. */
int daemon_next_signal(int fd);

/** Tells systemd (NOTIFY_SOCKET; nothing without one): `READY=1`, `STATUS=...`, `STOPPING=1`,
 * `WATCHDOG=1`. sd_notify(3) */
void daemon_notify(const char *state);

#endif
