#include <ctype.h>
#include <stddef.h>

#include "probe/preset.h"
#include "probe/probe.h"

#define AT(member)    offsetof(struct probe_conf, member)
#define GIVEN(member) offsetof(struct probe_conf, given.member)

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

const struct conf_field probe_conf_rows[] = {
    {.kind = CONF_TEXT,
     .key = "preset",
     .offset = AT(preset_name),
     .dflt = "s3node",
     .min = 1,
     .max = 32,
     .help = "What the node is: sets port, request and where the load is read."},
    {.kind = CONF_INT,
     .key = "port",
     .offset = AT(port),
     .min = 1,
     .max = 65535,
     .given_offset = GIVEN(port),
     .help = "Port that is checked; the preset's if not given."},
    {.kind = CONF_DURATION,
     .key = "interval",
     .offset = AT(interval_ms),
     .dflt = "1s",
     .min = 10,
     .max = HOUR_MS,
     .help = "From the start of one check to the start of the next while nothing is changing."},
    {.kind = CONF_DURATION,
     .key = "fastinter",
     .offset = AT(fastinter_ms),
     .dflt = "200ms",
     .min = 1,
     .max = HOUR_MS,
     .given_offset = GIVEN(fastinter),
     .help = "The same while an address is on its way up or down, or suspect."},
    {.kind = CONF_DURATION,
     .key = "downinter",
     .offset = AT(downinter_ms),
     .dflt = "2s",
     .min = 10,
     .max = HOUR_MS,
     .help = "The same for an address that has been down for a minute."},
    {.kind = CONF_INT,
     .key = "rise",
     .offset = AT(rise),
     .dflt = "2",
     .min = 1,
     .max = 64,
     .unit = "checks",
     .help = "Passed checks in a row that bring an address back."},
    {.kind = CONF_INT,
     .key = "fall",
     .offset = AT(fall),
     .dflt = "3",
     .min = 1,
     .max = 64,
     .unit = "checks",
     .help = "Failed checks in a row that take an address out."},
    {.kind = CONF_INT,
     .key = "jitter",
     .offset = AT(jitter_percent),
     .dflt = "5",
     .min = 0,
     .max = 50,
     .unit = "percent",
     .help = "Chance added to or taken from interval and downinter, so that checks spread."},
    {.kind = CONF_DURATION,
     .key = "timeout_connect",
     .offset = AT(timeout_connect_ms),
     .dflt = "250ms",
     .min = 1,
     .max = MINUTE_MS,
     .given_offset = GIVEN(timeout_connect),
     .help = "How long a connect may take."},
    {.kind = CONF_DURATION,
     .key = "timeout_response",
     .offset = AT(timeout_response_ms),
     .dflt = "500ms",
     .min = 1,
     .max = MINUTE_MS,
     .given_offset = GIVEN(timeout_response),
     .help = "How long the first byte of the reply may take once the request is sent."},
    {.kind = CONF_DURATION,
     .key = "timeout",
     .offset = AT(timeout_ms),
     .dflt = "1s",
     .min = 1,
     .max = MINUTE_MS,
     .given_offset = GIVEN(timeout),
     .help = "How long a whole check may take."},
    {.kind = CONF_TEXT,
     .key = "method",
     .offset = AT(method),
     .min = 1,
     .max = 16,
     .given_offset = GIVEN(method),
     .help = "Request method; the preset's if not given."},
    {.kind = CONF_TEXT,
     .key = "path",
     .offset = AT(path),
     .min = 1,
     .max = 1024,
     .given_offset = GIVEN(path),
     .help = "Request path; the preset's if not given."},
    {.kind = CONF_TEXT,
     .key = "host",
     .offset = AT(host),
     .min = 1,
     .max = 255,
     .help = "Host header; the address and port if not given."},
    {.kind = CONF_LIST,
     .key = "expect_status",
     .offset = AT(expect_status),
     .elem = CONF_INT,
     .elem_size = sizeof(int64_t),
     .min = 200,
     .max = 599,
     .given_offset = GIVEN(expect_status),
     .help = "Statuses that pass; the preset's if not given."},
    {.kind = CONF_BOOL,
     .key = "keepalive",
     .offset = AT(keepalive),
     .given_offset = GIVEN(keepalive),
     .help = "Keep the connection between checks: cheaper, and a crash shows at once."},
    {.kind = CONF_DURATION,
     .key = "reconnect_interval",
     .offset = AT(reconnect_interval_ms),
     .dflt = "10s",
     .min = 10,
     .max = HOUR_MS,
     .help = "A kept connection older than this is replaced, to find a closed listener behind it."},
    {0},
};

/* What must fit into one interval. A default gives way; a value from the file is an error. */
static const struct {
    const char *key;
    size_t offset, given;
} within_interval[] = {
    {"fastinter", AT(fastinter_ms), GIVEN(fastinter)},
    {"timeout_connect", AT(timeout_connect_ms), GIVEN(timeout_connect)},
    {"timeout_response", AT(timeout_response_ms), GIVEN(timeout_response)},
    {"timeout", AT(timeout_ms), GIVEN(timeout)},
};

static bool find_preset(struct probe_conf *c, struct err *err)
{
    struct span name = span_of(c->preset_name);
    c->preset = preset_find(name);
    if (!c->preset) {
        const char *near = conf_nearest(name, preset_name, NULL);
        return err_set(err, "unknown preset %s%s%s", c->preset_name, near ? "; did you mean " : "",
                       near ? near : "");
    }
    if (c->preset->kind == PRESET_LATER)
        return err_set(err,
                       "preset %s is not supported in this version; use http with its health path, "
                       "or tcp",
                       c->preset_name);
    return true;
}

static bool fill_from_preset(struct probe_conf *c, struct err *err)
{
    const struct preset *p = c->preset;
    if (p->kind == PRESET_TCP && (c->given.method || c->given.path || c->given.expect_status))
        return err_set(err, "preset %s sends no request; remove method, path and expect_status",
                       p->name);
    if (!c->given.port)
        c->port = p->port;
    if (c->port == 0)
        return err_set(err, "preset %s needs a port", p->name);
    if (!c->given.method)
        c->method = p->method;
    if (!c->given.path)
        c->path = p->path;
    if (!c->given.keepalive)
        c->keepalive = p->keepalive;
    return true;
}

static bool fit_interval(struct probe_conf *c, struct err *err)
{
    for (size_t i = 0; i < COUNT(within_interval); i++) {
        int64_t *value = (int64_t *)((char *)c + within_interval[i].offset);
        bool given = *(const bool *)((const char *)c + within_interval[i].given);
        if (*value <= c->interval_ms)
            continue;
        if (given)
            return err_set(err, "%s is %lld ms, longer than the interval of %lld ms",
                           within_interval[i].key, (long long)*value, (long long)c->interval_ms);
        *value = c->interval_ms;
    }
    if (c->downinter_ms < c->interval_ms)
        c->downinter_ms = c->interval_ms;
    return true;
}

/* Only these go into the request as they are: nothing may end a line or split the request line. */
static bool is_plain(const char *text)
{
    for (; text && *text; text++)
        if (!isgraph((unsigned char)*text))
            return false;
    return true;
}

static bool check_request(const struct probe_conf *c, struct err *err)
{
    for (const char *p = c->method; p && *p; p++)
        if (*p < 'A' || *p > 'Z')
            return err_set(err, "method must be in capitals, such as GET or HEAD");
    if (!is_plain(c->path) || (c->path && c->path[0] != '/'))
        return err_set(err, "path must begin with / and have no blanks (write %%20)");
    if (!is_plain(c->host))
        return err_set(err, "host must be a name or an address, without blanks");
    return true;
}

bool probe_conf_finish(struct probe_conf *c, struct err *err)
{
    return find_preset(c, err) && fill_from_preset(c, err) && fit_interval(c, err) &&
           check_request(c, err);
}

static bool same_text(const char *a, const char *b)
{
    return span_equal(span_of(a), span_of(b));
}

static bool same_list(struct conf_list a, struct conf_list b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.items, b.items, a.n * sizeof(int64_t)) == 0);
}

bool probe_conf_equal(const struct probe_conf *a, const struct probe_conf *b)
{
    for (const struct conf_field *row = probe_conf_rows; row->kind != CONF_END; row++) {
        const void *x = (const char *)a + row->offset, *y = (const char *)b + row->offset;
        bool same = false;
        if (row->kind == CONF_TEXT)
            same = same_text(*(const char *const *)x, *(const char *const *)y);
        else if (row->kind == CONF_LIST)
            same = same_list(*(const struct conf_list *)x, *(const struct conf_list *)y);
        else if (row->kind == CONF_BOOL)
            same = *(const bool *)x == *(const bool *)y;
        else
            same = *(const int64_t *)x == *(const int64_t *)y;
        if (!same)
            return false;
    }
    return true;
}
