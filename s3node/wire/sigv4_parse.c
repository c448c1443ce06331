#include "s3node/wire/sigv4_parse.h"

#include <stdio.h>
#include <time.h>

/* Takes the part of `*rest` behind its last '/' and cuts `*rest` before it. */
static bool split_last(struct span *rest, struct span *part)
{
    const char *at = rest->len ? memrchr(rest->p, '/', rest->len) : NULL;
    if (!at)
        return false;
    size_t before = (size_t)(at - rest->p);
    *part = span_skip(*rest, before + 1);
    rest->len = before;
    return true;
}

/* KEY/DATE/REGION/SERVICE/aws4_request, read from the right since a key may contain '/'. */
static bool parse_credential(struct span text, struct sigv4_auth *out)
{
    struct span rest = text, end;
    if (!split_last(&rest, &end) || !span_is(end, "aws4_request") ||
        !split_last(&rest, &out->service) || !split_last(&rest, &out->region) ||
        !split_last(&rest, &out->day))
        return false;
    out->access_key = rest;
    out->scope = span_skip(text, rest.len + 1);
    return rest.len > 0 && out->day.len == SIGV4_DAY_LEN;
}

bool sigv4_parse_auth(struct span text, struct sigv4_auth *out)
{
    struct span credential = {0};
    struct {
        const char *name;
        struct span *value;
    } fields[] = {
        {"Credential", &credential},
        {"SignedHeaders", &out->signed_headers},
        {"Signature", &out->signature},
    };
    *out = (struct sigv4_auth){0};
    for (struct span part; span_split(&text, ',', &part);) {
        struct span name, value = span_trim(part);
        struct span *slot = NULL;
        bool named = span_split(&value, '=', &name);
        for (size_t i = 0; named && i < COUNT(fields); i++)
            if (span_is(name, fields[i].name))
                slot = fields[i].value;
        if (!slot || slot->p || value.len == 0)
            return false;
        *slot = value;
    }
    return credential.p && out->signed_headers.p && out->signature.p &&
           parse_credential(credential, out);
}

/* `20130524T000000Z`; sscanf alone would take blanks and signs. */
static bool parse_stamp(const char *text, struct tm *tm)
{
    for (size_t i = 0; i < SIGV4_STAMP_LEN; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (i == 8 ? text[i] != 'T' : i == 15 ? text[i] != 'Z' : !digit)
            return false;
    }
    return text[SIGV4_STAMP_LEN] == '\0' &&
           sscanf(text, "%4d%2d%2dT%2d%2d%2dZ", &tm->tm_year, &tm->tm_mon, &tm->tm_mday,
                  &tm->tm_hour, &tm->tm_min, &tm->tm_sec) == 6;
}

/* RFC 9110 5.6.7, `Fri, 24 May 2013 00:00:00 GMT`; read by hand, as strptime obeys the locale. */
static bool parse_http_date(const char *text, struct tm *tm)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4];
    int used = 0;
    if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &tm->tm_mday, month,
               &tm->tm_year, &tm->tm_hour, &tm->tm_min, &tm->tm_sec, &used) != 6)
        return false;
    const char *at = strlen(month) == 3 ? strstr(months, month) : NULL;
    tm->tm_mon = at ? (int)(at - months) / 3 + 1 : 0;
    return used > 0 && text[used] == '\0' && at && (at - months) % 3 == 0;
}

static bool in_calendar(const struct tm *tm)
{
    return tm->tm_year >= 1970 && tm->tm_mon >= 1 && tm->tm_mon <= 12 && tm->tm_mday >= 1 &&
           tm->tm_mday <= 31 && tm->tm_hour >= 0 && tm->tm_hour <= 23 && tm->tm_min >= 0 &&
           tm->tm_min <= 59 && tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

bool sigv4_parse_date(const struct http1_head *head, struct sigv4_date *out)
{
    struct span value = http1_find(head, "x-amz-date", NULL);
    if (!value.p)
        value = http1_find(head, "date", NULL);
    char text[40];
    struct tm tm = {0};
    if (!value.p || value.len >= sizeof text || memchr(value.p, '\0', value.len))
        return false;
    memcpy(text, value.p, value.len);
    text[value.len] = '\0';
    if (!(parse_stamp(text, &tm) || parse_http_date(text, &tm)) || !in_calendar(&tm))
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    out->wall_ms = (int64_t)timegm(&tm) * 1000;
    return strftime(out->stamp, sizeof out->stamp, "%Y%m%dT%H%M%SZ", &tm) == SIGV4_STAMP_LEN;
}
