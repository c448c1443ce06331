/* RFC 9110 and 9112, as base/http1.h promises to read them. Every stream is fed in one piece, byte
 * by byte and in pieces of three bytes, and tells the same story each time. */
#include "base/http1.h"
#include "tests/fuzz/http1_story.h"
#include "tests/unit/test.h"

struct row {
    const char *in, *story;
};

/* Bodies of responses to HEAD are a matter of the request. */
static void check_story(enum http1_kind kind, bool no_body, struct span in, const char *story)
{
    static const size_t steps[] = {SIZE_MAX, 1, 3};
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct http1 *h = http1_new(kind);
        if (no_body)
            http1_expect_no_body(h);
        struct buf told = http1_story(h, in, steps[i], steps[i]);
        assert_string_equal(buf_cstr(&told), story);
        buf_fini(&told);
        http1_free(h);
    }
}

static void check_rows(enum http1_kind kind, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_story(kind, false, span_of(rows[i].in), rows[i].story);
}

#define HOST "Host: h\r\n"

static void requests(void **state)
{
    static const struct row rows[] = {
        {"", "END\n"},
        {"GET /a?b=c HTTP/1.1\r\n" HOST "\r\n", "HEAD GET /a?b=c 1.1 keep\n Host=h\nDONE\nEND\n"},
        {"GET / HTTP/1.0\r\n\r\n", "HEAD GET / 1.0\nDONE\nEND\n"},
        {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
         "HEAD GET / 1.0 keep\n Connection=Keep-Alive\nDONE\nEND\n"},
        {"GET / HTTP/1.1\r\n" HOST "Connection: x, close\r\n\r\n",
         "HEAD GET / 1.1\n Host=h\n Connection=x, close\nDONE\nEND\n"},
        {"GET http://h/x HTTP/1.1\r\n" HOST "\r\n",
         "HEAD GET http://h/x 1.1 keep\n Host=h\nDONE\nEND\n"},
        {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "HEAD OPTIONS * 1.1 keep\n Host=h\nDONE\nEND\n"},
        {"\r\nGET / HTTP/1.1\r\n" HOST "\r\n", "HEAD GET / 1.1 keep\n Host=h\nDONE\nEND\n"},
        {"GET / HTTP/1.1\r\nHost:h\r\nx-empty:\r\nx-blank: \t \r\nX-Two:\t a  b \t\r\n\r\n",
         "HEAD GET / 1.1 keep\n Host=h\n x-empty=\n x-blank=\n X-Two=a  b\nDONE\nEND\n"},
        {"PUT /k HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-Continue\r\n\r\nhello",
         "HEAD PUT /k 1.1 keep expect length=5\n Host=h\n Content-Length=5\n Expect=100-Continue\n"
         "BODY hello\nDONE\nEND\n"},
        {"PUT /k HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n",
         "HEAD PUT /k 1.1 keep length=0\n Host=h\n Content-Length=0\nDONE\nEND\n"},
    };
    (void)state;
    check_rows(HTTP1_REQUEST, rows, COUNT(rows));
}

static void pipelined_requests(void **state)
{
    static const struct row rows[] = {
        {"PUT /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
         "GET /b HTTP/1.1\r\n" HOST "\r\n"
         "PUT /c HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
         "GET /d HT",
         "HEAD PUT /a 1.1 keep length=3\n Host=h\n Content-Length=3\nBODY abc\nDONE\n"
         "HEAD GET /b 1.1 keep\n Host=h\nDONE\n"
         "HEAD PUT /c 1.1 keep chunked\n Host=h\n Transfer-Encoding=chunked\nBODY x\nDONE\n"
         "ERROR\n"},
        {"GET /a HTTP/1.1\r\n" HOST "\r\n\r\nGET /b HTTP/1.1\r\n" HOST "\r\n",
         "HEAD GET /a 1.1 keep\n Host=h\nDONE\nHEAD GET /b 1.1 keep\n Host=h\nDONE\nEND\n"},
    };
    (void)state;
    check_rows(HTTP1_REQUEST, rows, COUNT(rows));
}

static void upgrades_are_ordinary_requests(void **state)
{
    static const struct row rows[] = {
        {"GET /a HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
         "GET /b HTTP/1.1\r\n" HOST "\r\n",
         "HEAD GET /a 1.1 keep\n Host=h\n Connection=Upgrade\n Upgrade=h2c\nDONE\n"
         "HEAD GET /b 1.1 keep\n Host=h\nDONE\nEND\n"},
        {"PUT /a HTTP/1.1\r\n" HOST
         "Connection: Upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n"
         "2\r\nhi\r\n0\r\n\r\nGET /b HTTP/1.1\r\n" HOST "\r\n",
         "HEAD PUT /a 1.1 keep chunked\n Host=h\n Connection=Upgrade\n Upgrade=x\n"
         " Transfer-Encoding=chunked\nBODY hi\nDONE\nHEAD GET /b 1.1 keep\n Host=h\nDONE\nEND\n"},
    };
    (void)state;
    check_rows(HTTP1_REQUEST, rows, COUNT(rows));
}

#define CHUNKED      "PUT /k HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n"
#define CHUNKED_HEAD "HEAD PUT /k 1.1 keep chunked\n Host=h\n Transfer-Encoding=Chunked\n"

static void chunked_bodies(void **state)
{
    static const struct row rows[] = {
        {CHUNKED "0\r\n\r\n", CHUNKED_HEAD "DONE\nEND\n"},
        {CHUNKED "5\r\nhello\r\n00A\r\n, \r\nworld!\r\n0\r\n\r\n",
         CHUNKED_HEAD "BODY hello, \r\nworld!\nDONE\nEND\n"},
        {CHUNKED "1;name=value\r\nh\r\n1;x=\"y z\"\r\ni\r\n0;last\r\n\r\n",
         CHUNKED_HEAD "BODY hi\nDONE\nEND\n"},
        {CHUNKED "2\r\nhi\r\n0\r\nx-amz-checksum-crc32: AAAAAA==\r\nHost: other\r\n\r\n",
         CHUNKED_HEAD "BODY hi\nDONE\nEND\n"},
        {CHUNKED "2\r\nh", CHUNKED_HEAD "BODY h\nERROR\n"},
        {CHUNKED "2\r\nhi\r\n0\r\n", CHUNKED_HEAD "BODY hi\nERROR\n"},
        {CHUNKED "2\nhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
        {CHUNKED "2\r\nhi\n0\r\n\r\n", CHUNKED_HEAD "BODY hi\nERROR\n"},
        {CHUNKED "2\rXhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
        {CHUNKED "2\r\nhiXX0\r\n\r\n", CHUNKED_HEAD "BODY hi\nERROR\n"},
        {CHUNKED "2\r\nhi\r\n0\r\n\rX", CHUNKED_HEAD "BODY hi\nERROR\n"},
        {CHUNKED "2\r\nhi\r\n0\r\nx: y\n\r\n", CHUNKED_HEAD "BODY hi\nERROR\n"},
        {CHUNKED "2 \r\nhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
        {CHUNKED "0x2\r\nhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
        {CHUNKED "-2\r\nhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
        {CHUNKED "\r\nhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
        {CHUNKED ";x\r\nhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
        {CHUNKED "10000000000000002\r\nhi\r\n0\r\n\r\n", CHUNKED_HEAD "ERROR\n"},
    };
    (void)state;
    check_rows(HTTP1_REQUEST, rows, COUNT(rows));
}

/* Everything that two programs could read in two ways, and what is not HTTP at all. */
static void refused_requests(void **state)
{
#define GET "GET / HTTP/1.1\r\n" HOST
    static const char *const rows[] = {
        "GET / HTTP/1.1\n" HOST "\r\n",                        /* bare LF, RFC 9112 2.2 */
        GET "\n",                                              /* bare LF */
        GET "x: a\nb: c\r\n\r\n",                              /* bare LF */
        GET "x: a\rb: c\r\n\r\n",                              /* bare CR */
        GET "\r\r\n\r\n",                                      /* bare CR */
        GET "x: a\r\n b\r\n\r\n",                              /* obs-fold, 5.2 */
        GET "x: a\r\n\tb\r\n\r\n",                             /* obs-fold */
        "GET / HTTP/1.1\r\n " HOST "\r\n",                     /* blank before the first header */
        GET "x : a\r\n\r\n",                                   /* blank before colon, 5.1 */
        GET "x\t: a\r\n\r\n",                                  /* tab before colon */
        GET ": a\r\n\r\n",                                     /* no name */
        GET "x\r\n\r\n",                                       /* no colon */
        GET "x(y): a\r\n\r\n",                                 /* name is no token */
        GET "x: a\x7f\r\n\r\n",                                /* control character in a value */
        GET "x: a\x01\r\n\r\n",                                /* control character in a value */
        GET "x\xc3\xa9: a\r\n\r\n",                            /* name is no token */
        GET HOST "\r\n",                                       /* Host twice, 3.2 */
        "GET / HTTP/1.1\r\n\r\n",                              /* no Host, 3.2 */
        "GET /\r\n\r\n",                                       /* HTTP/0.9 */
        "GET / HTTP/0.9\r\n\r\n",                              /* versions */
        "GET / HTTP/1.2\r\n" HOST "\r\n",                      /* versions */
        "GET / HTTP/2.0\r\n" HOST "\r\n",                      /* versions */
        "GET / http/1.1\r\n" HOST "\r\n",                      /* versions */
        "GET / RTSP/1.0\r\n" HOST "\r\n",                      /* another protocol */
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                    /* HTTP/2 preface */
        "PRI * HTTP/1.1\r\n" HOST "\r\n",                      /* never switches */
        "GET  / HTTP/1.1\r\n" HOST "\r\n",                     /* two blanks */
        "GET /  HTTP/1.1\r\n" HOST "\r\n",                     /* two blanks */
        "GET / HTTP/1.1 \r\n" HOST "\r\n",                     /* blank at the end */
        "GET\t/ HTTP/1.1\r\n" HOST "\r\n",                     /* tab */
        " GET / HTTP/1.1\r\n" HOST "\r\n",                     /* blank first */
        "GET HTTP/1.1\r\n" HOST "\r\n",                        /* no target */
        "GET /a b HTTP/1.1\r\n" HOST "\r\n",                   /* blank in the target */
        "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n",              /* target is not ASCII */
        "get / HTTP/1.1\r\n" HOST "\r\n",                      /* methods are case-sensitive */
        "FETCH / HTTP/1.1\r\n" HOST "\r\n",                    /* unknown method */
        "CONNECT h:443 HTTP/1.1\r\n" HOST "\r\n",              /* no proxy */
        "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n",              /* two empty lines */
        "HTTP/1.1 200 OK\r\n\r\n",                             /* a response */
        "\x16\x03\x01\x02",                                    /* TLS where HTTP is spoken */
        "X\r\n\r\n",                                           /* no start line */
        "Content-Length: 1\r\n\r\n",                           /* no start line */
        GET "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", /* twice, though equal, 6.3 */
        GET "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", /* twice */
        GET "Content-Length: 1, 1\r\n\r\nx",                   /* a list */
        GET "Content-Length: +1\r\n\r\nx",                     /* a sign */
        GET "Content-Length: -1\r\n\r\nx",                     /* a sign */
        GET "Content-Length: 0x1\r\n\r\nx",                    /* hex */
        GET "Content-Length: 1 1\r\n\r\nx",                    /* blank inside */
        GET "Content-Length:\r\n\r\nx",                        /* empty */
        GET "Content-Length: 18446744073709551617\r\n\r\nx",   /* over 2^64 */
        GET "Content-Length: 9223372036854775808\r\n\r\nx",    /* no offset */
        GET "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", /* both, 6.1 */
        GET "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", /* both */
        GET "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        GET "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        GET "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        GET "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        GET "Transfer-Encoding: identity\r\n\r\n",
        GET "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        GET "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
        GET "Transfer-Encoding:\r\n\r\n",
        GET "Transfer-Encoding: \x0b"
            "chunked\r\n\r\n0\r\n\r\n",
        "PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", /* 6.1 */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_story(HTTP1_REQUEST, false, span_of(rows[i]), "ERROR\n");
    check_story(HTTP1_REQUEST, false, span_bytes("GET /\0", 6), "ERROR\n");
    check_story(HTTP1_REQUEST, false, span_bytes(GET "x: a\0b\r\n\r\n", sizeof(GET) + 10),
                "ERROR\n");
}

static void responses(void **state)
{
#define OK "HTTP/1.1 200 OK\r\n"
    static const struct row rows[] = {
        {OK "Content-Length: 2\r\n\r\nhi",
         "HEAD 200  1.1 keep length=2\n Content-Length=2\nBODY hi\nDONE\nEND\n"},
        {"HTTP/1.1 503\r\nContent-Length: 0\r\n\r\n",
         "HEAD 503  1.1 keep length=0\n Content-Length=0\nDONE\nEND\n"},
        {"HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n",
         "HEAD 503  1.1 keep length=0\n Content-Length=0\nDONE\nEND\n"},
        {"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n",
         "HEAD 404  1.0 length=0\n Content-Length=0\nDONE\nEND\n"},
        {OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
         "HEAD 200  1.1 keep chunked\n Transfer-Encoding=chunked\nBODY hi\nDONE\nEND\n"},
        {OK "\r\nuntil the end\r\n\r\n", "HEAD 200  1.1\nBODY until the end\r\n\r\n\nDONE\n"},
        {OK "\r\n", "HEAD 200  1.1\nDONE\n"},
        {"HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 0\r\n\r\n",
         "HEAD 100  1.1 keep\nDONE\nHEAD 200  1.1 keep length=0\n Content-Length=0\nDONE\nEND\n"},
        {"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
         "HEAD 101  1.1 keep\n Connection=upgrade\n Upgrade=x\nDONE\nEND\n"},
        {"HTTP/1.1 204 No Content\r\n\r\n" OK "Content-Length: 0\r\n\r\n",
         "HEAD 204  1.1 keep\nDONE\nHEAD 200  1.1 keep length=0\n Content-Length=0\nDONE\nEND\n"},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
         "HEAD 304  1.1 keep length=9\n Content-Length=9\nDONE\nEND\n"},
        {OK "Content-Length: 9\r\n\r\nhi",
         "HEAD 200  1.1 keep length=9\n Content-Length=9\nBODY hi\nERROR\n"},
        {"HTTP/1.1 200 O", "ERROR\n"},
    };
    (void)state;
    check_rows(HTTP1_RESPONSE, rows, COUNT(rows));
}

static void refused_responses(void **state)
{
    static const char *const rows[] = {
        "GET / HTTP/1.1\r\n" HOST "\r\n",
        "\r\n" OK "\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "RTSP/1.0 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        OK "Transfer-Encoding: gzip\r\n\r\nx",
        OK "Transfer-Encoding: chunked\t\r\nContent-Length: 1\r\n\r\nx",
        OK "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_story(HTTP1_RESPONSE, false, span_of(rows[i]), "ERROR\n");
}

static void the_response_to_head_has_no_body(void **state)
{
    (void)state;
    check_story(HTTP1_RESPONSE, true,
                span_of("HTTP/1.1 103 Early Hints\r\n\r\n" /* the answer is still to come */
                        OK "Content-Length: 9\r\n\r\n"     /* this one has no body */
                        OK "Content-Length: 2\r\n\r\nhi"), /* the next one has */
                "HEAD 103  1.1 keep\nDONE\n"
                "HEAD 200  1.1 keep length=9\n Content-Length=9\nDONE\n"
                "HEAD 200  1.1 keep length=2\n Content-Length=2\nBODY hi\nDONE\nEND\n");
    check_story(HTTP1_RESPONSE, true, span_of(OK "Transfer-Encoding: chunked\r\n\r\n"),
                "HEAD 200  1.1 keep chunked\n Transfer-Encoding=chunked\nDONE\nEND\n");
    check_story(HTTP1_RESPONSE, true, span_of(OK "\r\n"), "HEAD 200  1.1 keep\nDONE\nEND\n");
}

/* A request with a header of `n` bytes of value, or with `n` headers. */
static struct buf large_request(size_t n_value, size_t n_headers)
{
    struct buf b = {0};
    buf_text(&b, "GET / HTTP/1.1\r\nHost: ");
    buf_reserve(&b, n_value);
    memset(b.p + b.len, 'h', n_value);
    b.len += n_value;
    buf_text(&b, "\r\n");
    for (size_t i = 1; i < n_headers; i++)
        buf_text(&b, "x: y\r\n");
    buf_text(&b, "\r\n");
    return b;
}

static enum http1_event feed_all(struct http1 *h, const struct buf *b)
{
    size_t used;
    struct span body;
    return http1_feed(h, buf_span(b), &used, &body);
}

static void heads_are_bounded(void **state)
{
    enum { FIXED = sizeof("GET / HTTP/1.1\r\nHost: \r\n\r\n") - 1 };
    static const struct {
        size_t n_value, n_headers;
        enum http1_event event;
    } rows[] = {
        {HTTP1_MAX_HEAD - FIXED, 1, HTTP1_HEAD},
        {HTTP1_MAX_HEAD - FIXED + 1, 1, HTTP1_ERROR},
        {1, HTTP1_MAX_HEADERS, HTTP1_HEAD},
        {1, HTTP1_MAX_HEADERS + 1, HTTP1_ERROR},
    };
    (void)state;
    struct http1 *h = http1_new(HTTP1_REQUEST);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b = large_request(rows[i].n_value, rows[i].n_headers);
        http1_reset(h);
        assert_int_equal(feed_all(h, &b), rows[i].event);
        assert_int_equal(http1_too_large(h), rows[i].event == HTTP1_ERROR);
        assert_int_equal(http1_head(h)->n_headers <= HTTP1_MAX_HEADERS, true);
        buf_fini(&b);
    }
    http1_free(h);
}

static void chunk_extensions_and_trailers_are_bounded(void **state)
{
    static const char *const starts[] = {CHUNKED "2;x=", CHUNKED "2\r\nhi\r\n0\r\nx: "};
    static const char *const stories[] = {CHUNKED_HEAD "ERROR\n", CHUNKED_HEAD "BODY hi\nERROR\n"};
    (void)state;
    for (size_t i = 0; i < COUNT(starts); i++) {
        struct buf b = {0};
        buf_text(&b, starts[i]);
        while (b.len < 2 * HTTP1_MAX_HEAD)
            buf_text(&b, "yyyyyyyy");
        buf_text(&b, "\r\nhi\r\n0\r\n\r\n");
        check_story(HTTP1_REQUEST, false, buf_span(&b), stories[i]);
        buf_fini(&b);
    }
}

static void many_small_chunks_are_not_overhead(void **state)
{
    struct buf in = {0}, story = {0};
    (void)state;
    buf_text(&in, CHUNKED);
    buf_text(&story, CHUNKED_HEAD "BODY ");
    for (int i = 0; i < HTTP1_MAX_HEAD; i++) {
        buf_text(&in, "1\r\nx\r\n");
        buf_text(&story, "x");
    }
    buf_text(&in, "0\r\n\r\n");
    buf_text(&story, "\nDONE\nEND\n");
    check_story(HTTP1_REQUEST, false, buf_span(&in), buf_cstr(&story));
    buf_fini(&in);
    buf_fini(&story);
}

static void errors_say_why_and_last(void **state)
{
    struct http1 *h = http1_new(HTTP1_REQUEST);
    struct buf bad = {0}, good = {0};
    (void)state;
    buf_text(&bad, GET "x: a\n");
    buf_text(&good, GET "\r\n");
    assert_int_equal(feed_all(h, &bad), HTTP1_ERROR);
    assert_string_equal(http1_reason(h), "a line of the head that does not end with CRLF");
    assert_false(http1_too_large(h));
    assert_int_equal(feed_all(h, &good), HTTP1_ERROR);
    assert_int_equal(http1_eof(h), HTTP1_ERROR);
    http1_reset(h);
    assert_int_equal(feed_all(h, &good), HTTP1_HEAD);
    http1_free(h);
    buf_fini(&bad);
    buf_fini(&good);
}

static void feed_stops_behind_each_event(void **state)
{
    struct span body, in = span_of("PUT / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nhiGET");
    struct http1 *h = http1_new(HTTP1_REQUEST);
    size_t used;
    (void)state;
    assert_int_equal(http1_feed(h, in, &used, &body), HTTP1_HEAD);
    assert_int_equal(used, in.len - 5);
    in = span_skip(in, used);
    assert_int_equal(http1_feed(h, in, &used, &body), HTTP1_BODY);
    assert_true(span_is(body, "hi") && body.p == in.p && used == 2);
    in = span_skip(in, used);
    assert_int_equal(http1_feed(h, in, &used, &body), HTTP1_DONE);
    assert_int_equal(used, 0);
    assert_true(span_is(http1_head(h)->method, "PUT")); /* until the next message begins */
    assert_int_equal(http1_feed(h, in, &used, &body), HTTP1_MORE);
    http1_free(h);
}

static void find_is_of_any_case_and_counts(void **state)
{
    struct http1 *h = http1_new(HTTP1_REQUEST);
    struct buf b = {0};
    size_t n;
    (void)state;
    buf_text(&b, GET "X-A: 1\r\nx-a: 2\r\nx-empty:\r\n\r\n");
    assert_int_equal(feed_all(h, &b), HTTP1_HEAD);
    assert_true(span_is(http1_find(http1_head(h), "x-A", &n), "1"));
    assert_int_equal(n, 2);
    assert_non_null(http1_find(http1_head(h), "x-empty", NULL).p);
    assert_null(http1_find(http1_head(h), "x-b", &n).p);
    assert_int_equal(n, 0);
    http1_free(h);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),
        cmocka_unit_test(pipelined_requests),
        cmocka_unit_test(upgrades_are_ordinary_requests),
        cmocka_unit_test(chunked_bodies),
        cmocka_unit_test(refused_requests),
        cmocka_unit_test(responses),
        cmocka_unit_test(refused_responses),
        cmocka_unit_test(the_response_to_head_has_no_body),
        cmocka_unit_test(heads_are_bounded),
        cmocka_unit_test(chunk_extensions_and_trailers_are_bounded),
        cmocka_unit_test(many_small_chunks_are_not_overhead),
        cmocka_unit_test(errors_say_why_and_last),
        cmocka_unit_test(feed_stops_behind_each_event),
        cmocka_unit_test(find_is_of_any_case_and_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
