/* log.h - one line per event on stderr: `TIME LEVEL sentence`. Any thread may call; a line is one
 * write. Under systemd (JOURNAL_STREAM) the time is left out and the level becomes a `<n>` prefix.
 * Never per query or per probe. Libraries below the top return a struct err instead of logging. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/span.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/** The most talkative level that is written; the one mutable global of the program. */
void log_set_level(enum log_level level);

void log_write(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
