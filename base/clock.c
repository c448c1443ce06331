#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t clock_ms(void)
{
    return clock_us() / 1000;
}

int64_t clock_wall_ms(void)
{
    return read_us(CLOCK_REALTIME) / 1000;
}

static struct tm calendar(int64_t wall_ms)
{
    time_t s = (time_t)(wall_ms / 1000);
    struct tm tm;
    gmtime_r(&s, &tm);
    return tm;
}

const char *clock_rfc3339(int64_t wall_ms, char out[CLOCK_TEXT])
{
    struct tm tm = calendar(wall_ms);
    strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return out;
}

const char *clock_rfc3339_ms(int64_t wall_ms, char out[CLOCK_TEXT])
{
    struct tm tm = calendar(wall_ms);
    size_t n = strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + n, CLOCK_TEXT - n, ".%03dZ", (int)(wall_ms % 1000));
    return out;
}

const char *clock_http_date(int64_t wall_ms, char out[CLOCK_TEXT])
{
    struct tm tm = calendar(wall_ms);
    strftime(out, CLOCK_TEXT, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return out;
}
