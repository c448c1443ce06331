#include "base/http1.h"

#include <llhttp.h>
#include <stdlib.h>

#include "base/mem.h"

/* A head is gathered in `text` up to its empty line, where every line is known to end with CRLF;
 * only then llhttp reads it, in one piece, so its spans are spans of `text`. The start line and how
 * long the body is are decided here, because these are what two programs must not read in two ways.
 * llhttp goes on with the bytes of a chunked body; the other bodies are only counted. */

enum state { IN_HEAD, IN_BODY, FAILED };

enum framing { NO_BODY, BY_LENGTH, CHUNKED, UNTIL_CLOSE }; /* RFC 9112 6.3 */

struct http1 {
    enum http1_kind kind;
    enum state state;
    enum framing framing;
    bool no_body;      /* the next response answers a HEAD */
    bool skipped_line; /* the one empty line that may stand before a request */
    bool too_large;
    const char *reason;
    uint64_t left;   /* bytes of the body to come, unless CHUNKED; UINT64_MAX: UNTIL_CLOSE */
    size_t overhead; /* CHUNKED: bytes since the last one of the body */
    llhttp_t parser;
    enum http1_event event; /* what a callback of llhttp paused for */
    struct span body;
    struct http1_head head;
    size_t n_text;
    char text[HTTP1_MAX_HEAD];
};

static enum http1_event fail(struct http1 *h, const char *reason)
{
    h->state = FAILED;
    h->reason = reason;
    return HTTP1_ERROR;
}

static enum http1_event fail_large(struct http1 *h, const char *reason)
{
    h->too_large = true;
    return fail(h, reason);
}

/* llhttp's callbacks. It also reports the headers of a trailer: nobody sees them. */

static int on_header_field(llhttp_t *parser, const char *p, size_t len)
{
    struct http1 *h = parser->data;
    if (h->state != IN_HEAD)
        return 0;
    if (len == 0)
        fail(h, "a header without a name");
    else if (h->head.n_headers == HTTP1_MAX_HEADERS)
        fail_large(h, "more than 100 headers");
    else
        h->head.headers[h->head.n_headers++] = (struct http1_header){{p, len}, {p + len, 0}};
    return h->state == FAILED ? HPE_USER : HPE_OK;
}

static int on_header_value(llhttp_t *parser, const char *p, size_t len)
{
    struct http1 *h = parser->data;
    if (h->state == IN_HEAD)
        h->head.headers[h->head.n_headers - 1].value = span_trim(span_bytes(p, len));
    return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
    ((struct http1 *)parser->data)->event = HTTP1_HEAD;
    return HPE_PAUSED;
}

static int on_body(llhttp_t *parser, const char *p, size_t len)
{
    struct http1 *h = parser->data;
    if (len == 0) /* llhttp ends its span at the end of every input, even an empty one */
        return 0;
    h->event = HTTP1_BODY;
    h->body = span_bytes(p, len);
    return HPE_PAUSED;
}

static int on_message_complete(llhttp_t *parser)
{
    ((struct http1 *)parser->data)->event = HTTP1_DONE;
    return HPE_PAUSED;
}

static const llhttp_settings_t callbacks = {
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

/* Lets llhttp read `in` up to its next pause. @return HTTP1_MORE if it used all without one */
static enum http1_event run(struct http1 *h, struct span in, size_t *used)
{
    h->event = HTTP1_MORE;
    llhttp_resume(&h->parser);
    llhttp_errno_t error = llhttp_execute(&h->parser, in.p, in.len);
    *used = error == HPE_OK ? in.len : (size_t)(llhttp_get_error_pos(&h->parser) - in.p);
    if (error == HPE_OK || (error == HPE_PAUSED && h->event != HTTP1_MORE))
        return h->event;
    return fail(h, h->reason ? h->reason : llhttp_get_error_reason(&h->parser));
}

/* The next message begins; the head of the last one stays readable until its first byte. */
static void start(struct http1 *h)
{
    h->state = IN_HEAD;
    h->n_text = 0;
    h->skipped_line = false;
    llhttp_reset(&h->parser);
}

static enum http1_event done(struct http1 *h)
{
    if (h->head.status / 100 != 1) /* the response to the HEAD is still to come */
        h->no_body = false;
    start(h);
    return HTTP1_DONE;
}

/* Request line, RFC 9112 3: what stands between single blanks, whatever the method means. */
static bool read_request_line(struct http1 *h, struct span line)
{
    struct span method, target;
    if (!span_split(&line, ' ', &method) || !span_split(&line, ' ', &target) || target.len == 0)
        return false;
    for (size_t i = 0; i < target.len; i++)
        if (target.p[i] <= ' ' || target.p[i] > '~')
            return false;
    h->head.method = method;
    h->head.target = target;
    h->head.minor = span_is(line, "HTTP/1.1");
    return h->head.minor || span_is(line, "HTTP/1.0");
}

/* Status line, RFC 9112 4; the blank before a missing reason may be missing too. */
static bool read_status_line(struct http1 *h, struct span line)
{
    struct span version, code;
    if (!span_split(&line, ' ', &version) || !span_split(&line, ' ', &code) || code.len != 3)
        return false;
    for (size_t i = 0; i < code.len; i++) {
        if (code.p[i] < '0' || code.p[i] > '9')
            return false;
        h->head.status = h->head.status * 10 + (code.p[i] - '0');
    }
    h->head.minor = span_is(version, "HTTP/1.1");
    return h->head.status >= 100 && (h->head.minor || span_is(version, "HTTP/1.0"));
}

static bool read_start_line(struct http1 *h)
{
    struct span line, text = span_bytes(h->text, h->n_text);
    span_split(&text, '\r', &line);
    return h->kind == HTTP1_REQUEST ? read_request_line(h, line) : read_status_line(h, line);
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

/* Reads the headers that say how the message goes on. @return NULL, or why two programs could
 * disagree about it (RFC 9112 3.2, 6.1, 6.3) */
static const char *read_framing(struct http1 *h)
{
    struct http1_head *head = &h->head;
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
    if (head->chunked && (!span_is_nocase(coding, "chunked") || !(h->parser.flags & F_CHUNKED)))
        return "a Transfer-Encoding other than chunked";
    if (head->chunked && head->minor == 0)
        return "Transfer-Encoding in HTTP/1.0";
    if (head->has_length && !read_length(length, &head->length))
        return "a Content-Length that is no length";
    if (h->kind == HTTP1_REQUEST && head->minor == 1 && n_host == 0)
        return "no Host";
    return NULL;
}

static enum framing choose_framing(const struct http1 *h)
{
    const struct http1_head *head = &h->head;
    if (h->kind == HTTP1_RESPONSE &&
        (h->no_body || head->status / 100 == 1 || head->status == 204 || head->status == 304))
        return NO_BODY;
    if (head->chunked)
        return CHUNKED;
    if (head->has_length)
        return BY_LENGTH;
    return h->kind == HTTP1_REQUEST ? NO_BODY : UNTIL_CLOSE;
}

static bool keeps_alive(const struct http1 *h)
{
    unsigned flags = h->parser.flags;
    return (h->head.minor == 1 || flags & F_CONNECTION_KEEP_ALIVE) &&
           !(flags & F_CONNECTION_CLOSE) && h->framing != UNTIL_CLOSE;
}

/* The empty line is there. */
static enum http1_event read_head(struct http1 *h)
{
    size_t used;
    h->head = (struct http1_head){0};
    if (!read_start_line(h))
        return fail(h, "the first line is not of HTTP/1.0 or HTTP/1.1");
    if (span_is(h->head.method, "CONNECT"))
        return fail(h, "CONNECT, but this is no proxy");
    enum http1_event event = run(h, span_bytes(h->text, h->n_text), &used);
    if (event != HTTP1_HEAD)
        return event == HTTP1_ERROR ? event : fail(h, "an incomplete head");
    const char *fault = read_framing(h);
    if (fault)
        return fail(h, fault);
    h->framing = choose_framing(h);
    h->left = h->framing == BY_LENGTH ? h->head.length : h->framing == UNTIL_CLOSE ? UINT64_MAX : 0;
    h->overhead = 0;
    h->head.keep_alive = keeps_alive(h);
    h->head.expect_continue =
        h->head.minor == 1 && span_is_nocase(http1_find(&h->head, "expect", NULL), "100-continue");
    h->state = IN_BODY;
    return HTTP1_HEAD;
}

static bool text_ends(const struct http1 *h, const char *end)
{
    size_t len = strlen(end);
    return h->n_text >= len && memcmp(h->text + h->n_text - len, end, len) == 0;
}

/* Takes one byte of a head. RFC 9112 2.2 lets a recipient take a bare LF for a line end; whoever
 * stands before us may not, so it is an error here. */
static enum http1_event take(struct http1 *h, char c)
{
    char before = h->n_text > 0 ? h->text[h->n_text - 1] : '\0';
    if (c == '\0')
        return fail(h, "a NUL in the head");
    if ((before == '\r') != (c == '\n'))
        return fail(h, "a line of the head that does not end with CRLF");
    if (before == '\n' && (c == ' ' || c == '\t'))
        return fail(h, "a folded header");
    if (h->n_text == sizeof h->text)
        return fail_large(h, "a head of more than 16 KiB");
    h->text[h->n_text++] = c;
    if (h->n_text != 2 || c != '\n')
        return text_ends(h, "\r\n\r\n") ? read_head(h) : HTTP1_MORE;
    if (h->kind != HTTP1_REQUEST || h->skipped_line)
        return fail(h, "an empty line where a message should begin");
    h->skipped_line = true;
    h->n_text = 0;
    return HTTP1_MORE;
}

static enum http1_event feed_head(struct http1 *h, struct span in, size_t *used)
{
    enum http1_event event = HTTP1_MORE;
    while (event == HTTP1_MORE && *used < in.len)
        event = take(h, in.p[(*used)++]);
    return event;
}

static enum http1_event feed_counted(struct http1 *h, struct span in, size_t *used,
                                     struct span *body)
{
    if (h->left == 0)
        return done(h);
    *body = span_first(in, h->left < in.len ? (size_t)h->left : in.len);
    *used = body->len;
    h->left -= body->len;
    return body->len > 0 ? HTTP1_BODY : HTTP1_MORE;
}

static enum http1_event feed_chunked(struct http1 *h, struct span in, size_t *used,
                                     struct span *body)
{
    enum http1_event event = run(h, in.len ? in : span_of(""), used);
    if (event == HTTP1_ERROR)
        return event;
    if (event == HTTP1_BODY)
        *body = h->body;
    h->overhead += *used - body->len;
    if (h->overhead > HTTP1_MAX_HEAD)
        return fail(h, "more than 16 KiB of chunk extensions or trailers");
    if (event == HTTP1_BODY)
        h->overhead = 0;
    return event == HTTP1_DONE ? done(h) : event;
}

static enum http1_event feed_body(struct http1 *h, struct span in, size_t *used, struct span *body)
{
    if (h->framing == CHUNKED)
        return feed_chunked(h, in, used, body);
    return feed_counted(h, in, used, body);
}

struct http1 *http1_new(enum http1_kind kind)
{
    struct http1 *h = NEW(struct http1);
    h->kind = kind;
    llhttp_init(&h->parser, kind == HTTP1_REQUEST ? HTTP_REQUEST : HTTP_RESPONSE, &callbacks);
    h->parser.data = h;
    return h;
}

void http1_free(struct http1 *h)
{
    free(h);
}

void http1_reset(struct http1 *h)
{
    h->no_body = h->too_large = false;
    h->reason = NULL;
    start(h);
}

void http1_expect_no_body(struct http1 *h)
{
    h->no_body = true;
}

enum http1_event http1_feed(struct http1 *h, struct span in, size_t *used, struct span *body)
{
    *used = 0;
    *body = span_first(in, 0);
    switch (h->state) {
    case IN_HEAD:
        return feed_head(h, in, used);
    case IN_BODY:
        return feed_body(h, in, used, body);
    default:
        return HTTP1_ERROR;
    }
}

enum http1_event http1_eof(struct http1 *h)
{
    if (h->state == IN_HEAD && h->n_text == 0)
        return HTTP1_MORE;
    if (h->state == IN_BODY && (h->framing == UNTIL_CLOSE || (h->framing != CHUNKED && !h->left)))
        return done(h);
    return h->state == FAILED ? HTTP1_ERROR : fail(h, "the peer closed in the middle of a message");
}

const struct http1_head *http1_head(const struct http1 *h)
{
    return &h->head;
}

const char *http1_reason(const struct http1 *h)
{
    return h->reason ? h->reason : "no error";
}

bool http1_too_large(const struct http1 *h)
{
    return h->too_large;
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
