#include "base/http1_head.h"

/* Request line, RFC 9112 3: what stands between single blanks, whatever the method means. */
static bool read_request_line(struct http1_head *head, struct span line)
{
    struct span method, target;
    if (!span_split(&line, ' ', &method) || !span_split(&line, ' ', &target) || target.len == 0)
        return false;
    for (size_t i = 0; i < target.len; i++)
        if (target.p[i] <= ' ' || target.p[i] > '~')
            return false;
    head->method = method;
    head->target = target;
    head->minor = span_is(line, "HTTP/1.1");
    return head->minor || span_is(line, "HTTP/1.0");
}

/* Status line, RFC 9112 4; the blank before a missing reason may be missing too. */
static bool read_status_line(struct http1_head *head, struct span line)
{
    struct span version, code;
    if (!span_split(&line, ' ', &version) || !span_split(&line, ' ', &code) || code.len != 3)
        return false;
    for (size_t i = 0; i < code.len; i++) {
        if (code.p[i] < '0' || code.p[i] > '9')
            return false;
        head->status = head->status * 10 + (code.p[i] - '0');
    }
    head->minor = span_is(version, "HTTP/1.1");
    return head->status >= 100 && (head->minor || span_is(version, "HTTP/1.0"));
}

bool http1_head_start(struct http1_head *head, enum http1_kind kind, struct span line)
{
    return kind == HTTP1_REQUEST ? read_request_line(head, line) : read_status_line(head, line);
}

static bool read_length(struct span digits, uint64_t *length)
{
    *length = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
        *length = *length * 10 + (uint64_t)(digits.p[i] - '0');
    }
    return digits.len > 0 && digits.len <= 18; /* below 2^63, so that nobody's offset overflows */
}

const char *http1_head_framing(struct http1_head *head, enum http1_kind kind)
{
    size_t n_coding, n_length, n_host;
    struct span coding = http1_find(head, "transfer-encoding", &n_coding);
    struct span length = http1_find(head, "content-length", &n_length);
    http1_find(head, "host", &n_host);
    head->chunked = n_coding > 0;
    head->has_length = n_length > 0;
    if (head->chunked && head->has_length)
        return "Content-Length together with Transfer-Encoding";
    if (n_coding > 1 || n_length > 1 || n_host > 1)
        return "Content-Length, Transfer-Encoding or Host twice";
    if (head->chunked && !span_is_nocase(coding, "chunked"))
        return "a Transfer-Encoding other than chunked";
    if (head->chunked && head->minor == 0)
        return "Transfer-Encoding in HTTP/1.0";
    if (head->has_length && !read_length(length, &head->length))
        return "a Content-Length that is no length";
    if (kind == HTTP1_REQUEST && head->minor == 1 && n_host == 0)
        return "no Host";
    head->expect_continue =
        head->minor == 1 && span_is_nocase(http1_find(head, "expect", NULL), "100-continue");
    return NULL;
}

struct span http1_find(const struct http1_head *head, const char *name, size_t *count)
{
    struct span found = {NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < head->n_headers; i++)
        if (span_is_nocase(head->headers[i].name, name) && n++ == 0)
            found = head->headers[i].value;
    if (count)
        *count = n;
    return found;
}
