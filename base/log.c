#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum { LINE_MAX_LEN = 2048 };

static _Atomic(enum log_level) log_level = LOG_LEVEL_INFO;

static const struct {
    const char *word;
    int syslog; /* RFC 5424 severity */
} levels[] = {
    [LOG_LEVEL_ERROR] = {"error", 3},
    [LOG_LEVEL_WARN] = {"warn", 4},
    [LOG_LEVEL_INFO] = {"info", 6},
    [LOG_LEVEL_DEBUG] = {"debug", 7},
};

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&log_level, level, memory_order_relaxed);
}

/* True if stderr is the journal's own stream. The variable alone does not say so: every shell that
 * a terminal under systemd starts inherits it (systemd.exec(5)). */
static bool to_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char mine[64];
    struct stat st;
    if (!stream || fstat(STDERR_FILENO, &st) != 0)
        return false;
    snprintf(mine, sizeof mine, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(stream, mine) == 0;
}

static size_t prefix(char *line, size_t size, enum log_level level)
{
    char now[CLOCK_TEXT];
    int n = to_journal() ? snprintf(line, size, "<%d>", levels[level].syslog)
                         : snprintf(line, size, "%s %-5s ", clock_rfc3339_ms(clock_wall_ms(), now),
                                    levels[level].word);
    return (size_t)n;
}

void log_write(enum log_level level, const char *fmt, ...)
{
    if (level > atomic_load_explicit(&log_level, memory_order_relaxed))
        return;
    char line[LINE_MAX_LEN];
    size_t len = prefix(line, sizeof line, level);
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(line + len, sizeof line - len - 1, fmt, args);
    va_end(args);
    if (n > 0)
        len += (size_t)n < sizeof line - len - 1 ? (size_t)n : sizeof line - len - 2;
    for (size_t i = 0; i < len; i++) /* what a peer sent cannot forge a second line */
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[len++] = '\n';
    if (write(STDERR_FILENO, line, len) < 0)
        return; /* nowhere left to say it */
}
