/* One HTTP/1.1 request, one reply (RFC 9112), with a bound on everything the peer may send. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/http1.h"
#include "base/mem.h"
#include "probe/check.h"
#include "probe/preset.h"
#include "version.h"

enum {
    INPUT_LEN = 4096,      /* bytes read at once */
    BODY_MAX = 4096,       /* decoded bytes of a body */
    REPLY_MAX = 64 * 1024, /* bytes of a reply on the wire, with all framing */
    INTERIM_MAX = 8,       /* replies 1xx before the real one */
};

static const char request_form[] = "%s %s HTTP/1.1\r\n"
                                   "Host: %s\r\n"
                                   "User-Agent: s3pool-probe/" S3POOL_VERSION "\r\n"
                                   "Accept: */*\r\n"
                                   "%s\r\n";

static char *http_request(const struct check *c)
{
    const struct probe_conf *conf = c->conf;
    char at[ADDR_TEXT];
    const char *host = conf->host ? conf->host : addr_text(&c->at, at);
    const char *end = conf->keepalive ? "" : "Connection: close\r\n";
    int len = snprintf(NULL, 0, request_form, conf->method, conf->path, host, end);
    char *text = NEW_ARRAY(char, (size_t)len + 1);
    snprintf(text, (size_t)len + 1, request_form, conf->method, conf->path, host, end);
    return text;
}

/* --- the parser, borrowed --------------------------------------------------------------------- */

static void borrow_parser(struct check *c)
{
    struct check_stock *stock = c->stock;
    c->parser = stock->n > 0 ? stock->parsers[--stock->n] : http1_new(HTTP1_RESPONSE);
    http1_reset(c->parser);
    if (strcmp(c->conf->method, "HEAD") == 0)
        http1_expect_no_body(c->parser);
}

static void http_end(struct check *c)
{
    struct check_stock *stock = c->stock;
    if (c->parser && stock->n < STOCK_PARSERS)
        stock->parsers[stock->n++] = c->parser;
    else
        http1_free(c->parser);
    c->parser = NULL;
}

/* --- the verdict on a whole reply ------------------------------------------------------------- */

static bool is_expected(const struct probe_conf *conf, int status)
{
    const int64_t *wanted = conf->expect_status.items;
    for (size_t i = 0; i < conf->expect_status.n; i++)
        if (wanted[i] == status)
            return true;
    return conf->expect_status.n == 0 && status == conf->preset->expect;
}

static void read_load(struct check_result *r, const struct http1_head *head, const char *name)
{
    size_t count;
    struct span value = http1_find(head, name, &count);
    bool usable = count == 1 && load_parse_header(value, &r->load);
    r->load_refused = count > 0 && !usable;
}

/* The node's own word: of its state header, else of its load report. `ready` beside a status that
 * was not expected is no word at all. */
static void read_word(struct check_result *r, const struct http1_head *head, const char *name,
                      bool expected)
{
    enum word word = word_parse(http1_find(head, name, NULL));
    if (word == WORD_NONE)
        word = r->load.word;
    if (word == WORD_READY && !expected)
        word = WORD_NONE;
    r->word = r->load.word = word;
}

static enum reason judge(enum word word, bool expected)
{
    if (word == WORD_STARTING || word == WORD_FAILED)
        return REASON_NODE_SAYS;
    return expected || word != WORD_NONE ? REASON_OK : REASON_STATUS;
}

/* `clean`: nothing stands behind the reply, so the connection can carry another one. */
static void conclude(struct check *c, bool clean)
{
    const struct http1_head *head = http1_head(c->parser);
    const struct preset *preset = c->conf->preset;
    struct check_result *r = &c->result;
    bool expected = is_expected(c->conf, head->status);
    if (preset->load_header)
        read_load(r, head, preset->load_header);
    if (preset->state_header)
        read_word(r, head, preset->state_header, expected);
    bool spoke = r->word != WORD_NONE;
    c->keep = clean && head->keep_alive;
    check_finish(c, judge(r->word, expected), "%d from %s %.60s%s%s", head->status, c->conf->method,
                 c->conf->path, spoke ? ", node says " : "", spoke ? word_text(r->word) : "");
}

/* --- the reply, piece by piece ---------------------------------------------------------------- */

/* @return why the reply cannot be used, or NULL */
static const char *take_head(struct check *c)
{
    int status = http1_head(c->parser)->status;
    if (status == 101)
        return "101 Switching Protocols was not asked for";
    if (status / 100 == 1)
        return ++c->interim > INTERIM_MAX ? "more than 8 interim replies" : NULL;
    c->status = status;
    c->step_us[STEP_HEAD] = clock_us();
    return NULL;
}

static const char *take_body(struct check *c, struct span body)
{
    c->body_len += body.len;
    return c->body_len > BODY_MAX ? "a body of more than 4096 bytes" : NULL;
}

/* Feeds `in` to the parser until it wants more or the reply is decided. */
static void digest(struct check *c, struct span in)
{
    const char *fault = c->heard > REPLY_MAX ? "more than 64 KiB" : NULL;
    for (size_t used; !fault; in = span_skip(in, used)) {
        struct span body;
        enum http1_event event = http1_feed(c->parser, in, &used, &body);
        if (event == HTTP1_MORE)
            return;
        if (event == HTTP1_HEAD)
            fault = take_head(c);
        else if (event == HTTP1_BODY)
            fault = take_body(c, body);
        else if (event == HTTP1_ERROR)
            fault = http1_reason(c->parser);
        else if (c->status) {
            conclude(c, used == in.len);
            return;
        }
    }
    check_finish(c, REASON_BAD_REPLY, "bad reply: %s", fault);
}

static void take_eof(struct check *c)
{
    if (c->reused && c->heard == 0)
        check_again(c);
    else if (c->status && http1_eof(c->parser) == HTTP1_DONE)
        conclude(c, false);
    else
        check_finish(c, REASON_CLOSED_EARLY, "connection closed before a whole reply");
}

static void take_input(struct check *c)
{
    char input[INPUT_LEN];
    ssize_t n = recv(c->fd, input, sizeof input, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        check_broken(c, errno);
    } else if (n == 0) {
        take_eof(c);
    } else {
        if (c->heard == 0) {
            borrow_parser(c);
            check_limit(c, 0);
        }
        c->heard += (size_t)n;
        digest(c, span_bytes(input, (size_t)n));
    }
}

/* --- the request ------------------------------------------------------------------------------ */

static void send_rest(struct check *c)
{
    struct span rest = span_skip(span_of(c->request), c->sent);
    ssize_t n = send(c->fd, rest.p, rest.len, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        check_broken(c, errno);
        return;
    }
    c->sent += n > 0 ? (size_t)n : 0;
    bool all = n > 0 && (size_t)n == rest.len;
    if (all)
        c->step_us[STEP_SENT] = clock_us();
    check_watch(c, all ? EV_READ : EV_WRITE);
}

static void http_begin(struct check *c)
{
    c->body_len = 0;
    c->status = 0;
    c->interim = 0;
    check_limit(c, c->conf->timeout_response_ms);
    send_rest(c);
}

static void http_io(struct check *c, short what)
{
    if (what & EV_WRITE)
        send_rest(c);
    else
        take_input(c);
}

const struct check_kind check_http = {
    .reuses = true,
    .request = http_request,
    .begin = http_begin,
    .io = http_io,
    .end = http_end,
};
