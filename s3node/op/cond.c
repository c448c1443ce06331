#include "s3node/op/cond.h"

#include <stdio.h>
#include <time.h>

int64_t cond_parse_date(struct span text)
{
    char copy[32];
    if (text.len >= sizeof copy || text.len == 0)
        return -1;
    snprintf(copy, sizeof copy, "%.*s", (int)text.len, text.p);
    struct tm tm = {0};
    const char *end = strptime(copy, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return end && *end == '\0' ? (int64_t)timegm(&tm) : -1;
}

static bool same_tag(struct span tag, const char *etag)
{
    if (span_starts(tag, "W/"))
        tag = span_skip(tag, 2);
    if (tag.len >= 2 && tag.p[0] == '"' && tag.p[tag.len - 1] == '"')
        tag = (struct span){tag.p + 1, tag.len - 2};
    return span_is(tag, etag);
}

/* `*`, or a list of entity tags of which one is ours. */
static bool list_has(struct span list, const char *etag)
{
    struct span tag;
    if (span_is(list, "*"))
        return true;
    while (span_split(&list, ',', &tag))
        if (same_tag(span_trim(tag), etag))
            return true;
    return false;
}

enum s3err cond_check(const struct http1_head *head, const char *etag, int64_t mtime_ms)
{
    int64_t mtime_s = mtime_ms / 1000;
    struct span match = http1_find(head, "if-match", NULL);
    struct span none_match = http1_find(head, "if-none-match", NULL);
    if (match.p) {
        if (!list_has(match, etag))
            return S3ERR_PRECONDITION_FAILED;
    } else {
        int64_t since = cond_parse_date(http1_find(head, "if-unmodified-since", NULL));
        if (since >= 0 && mtime_s > since)
            return S3ERR_PRECONDITION_FAILED;
    }
    if (none_match.p)
        return list_has(none_match, etag) ? S3ERR_NOT_MODIFIED : S3ERR_OK;
    int64_t since = cond_parse_date(http1_find(head, "if-modified-since", NULL));
    return since >= 0 && mtime_s <= since ? S3ERR_NOT_MODIFIED : S3ERR_OK;
}
