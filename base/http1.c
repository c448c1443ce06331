#include "base/http1.h"

#include <llhttp.h>
#include <stdlib.h>

#include "base/http1_head.h"
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
    struct span line, text = span_bytes(h->text, h->n_text), rest = text;
    h->head = (struct http1_head){0};
    span_split(&rest, '\r', &line);
    if (!http1_head_start(&h->head, h->kind, line))
        return fail(h, "the first line is not of HTTP/1.0 or HTTP/1.1");
    if (span_is(h->head.method, "CONNECT"))
        return fail(h, "CONNECT, but this is no proxy");
    enum http1_event event = run(h, text, &used);
    if (event != HTTP1_HEAD)
        return event == HTTP1_ERROR ? event : fail(h, "an incomplete head");
    const char *fault = http1_head_framing(&h->head, h->kind);
    if (!fault && h->head.chunked && !(h->parser.flags & F_CHUNKED))
        fault = "a Transfer-Encoding that is chunked to one reader only";
    if (fault)
        return fail(h, fault);
    h->framing = choose_framing(h);
    h->left = h->framing == BY_LENGTH ? h->head.length : h->framing == UNTIL_CLOSE ? UINT64_MAX : 0;
    h->overhead = 0;
    h->head.keep_alive = keeps_alive(h);
    h->state = IN_BODY;
    return HTTP1_HEAD;
}

static bool ends_with_empty_line(const struct http1 *h)
{
    return h->n_text > 4 && memcmp(h->text + h->n_text - 4, "\r\n\r\n", 4) == 0;
}

static enum http1_event end_line(struct http1 *h)
{
    if (h->n_text > 2)
        return ends_with_empty_line(h) ? read_head(h) : HTTP1_MORE;
    if (h->kind != HTTP1_REQUEST || h->skipped_line)
        return fail(h, "an empty line where a message should begin");
    h->skipped_line = true; /* RFC 9112 2.2 */
    h->n_text = 0;
    return HTTP1_MORE;
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
    return c == '\n' ? end_line(h) : HTTP1_MORE;
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
    h->overhead += *used - (event == HTTP1_BODY ? h->body.len : 0);
    if (h->overhead > HTTP1_MAX_HEAD)
        return fail(h, "more than 16 KiB of chunk extensions or trailers");
    if (event == HTTP1_BODY) {
        *body = h->body;
        h->overhead = 0;
    }
    return event == HTTP1_DONE ? done(h) : event;
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
        return h->framing == CHUNKED ? feed_chunked(h, in, used, body)
                                     : feed_counted(h, in, used, body);
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
