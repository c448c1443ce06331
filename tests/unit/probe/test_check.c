/* One check against everything that a node may do to it (RFC 9110, 9112), by way of a set. */
#include <stdio.h>

#include "probe/preset.h"
#include "probe/probe.h"
#include "tests/unit/probe/bench.h"
#include "tests/unit/test.h"

#define HEAD_200  "HTTP/1.1 200 OK\r\n"
#define REPLY_200 HEAD_200 "Content-Length: 2\r\n\r\nok"
#define REPLY_503 "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"

static const char fast[] = "{timeout_response: 900ms}";

/* --- replies ---------------------------------------------------------------------------------- */

struct reply_row {
    const char *name;
    const char *conf; /* NULL: `fast` */
    struct fake_script script;
    enum reason reason;
    const char *evidence;
};

static const struct reply_row replies[] = {
    {"passes", NULL, {.reply = REPLY_200}, REASON_OK, "200 from GET /-/ready"},
    {"HTTP/1.0, closed",
     NULL,
     {.reply = "HTTP/1.0 200 OK\r\n\r\nhello", .after = FIN},
     REASON_OK,
     "200 from GET /-/ready"},
    {"chunked",
     NULL,
     {.reply = HEAD_200 "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
     REASON_OK,
     "200 from GET /-/ready"},
    {"chunked with trailer",
     NULL,
     {.reply = HEAD_200 "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n"},
     REASON_OK,
     "200 from GET /-/ready"},
    {"100 before it",
     NULL,
     {.reply = "HTTP/1.1 100 Continue\r\n\r\n" REPLY_200},
     REASON_OK,
     "200 from GET /-/ready"},
    {"204 has no body",
     "{expect_status: 204}",
     {.reply = "HTTP/1.1 204 No Content\r\n\r\n"},
     REASON_OK,
     "204 from GET /-/ready"},
    {"HEAD has no body",
     "{method: HEAD}",
     {.reply = HEAD_200 "Content-Length: 99999\r\n\r\n"},
     REASON_OK,
     "200 from HEAD /-/ready"},
    {"other status expected",
     "{expect_status: [401, 403]}",
     {.reply = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"},
     REASON_OK,
     "403 from GET /-/ready"},
    {"bytes behind the reply",
     NULL,
     {.reply = REPLY_200 "HTTP/1.1 500 no\r\n"},
     REASON_OK,
     "200 from GET /-/ready"},

    {"503 without a word",
     NULL,
     {.reply = REPLY_503 "\r\n"},
     REASON_STATUS,
     "503 from GET /-/ready"},
    {"429 without a word",
     NULL,
     {.reply = "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n"},
     REASON_STATUS,
     "429 from GET /-/ready"},
    {"404",
     NULL,
     {.reply = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"},
     REASON_STATUS,
     "404 from GET /-/ready"},
    {"301 is not followed",
     NULL,
     {.reply = "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"},
     REASON_STATUS,
     "301 from GET /-/ready"},
    {"204 where 200 is expected",
     NULL,
     {.reply = "HTTP/1.1 204 No Content\r\n\r\n"},
     REASON_STATUS,
     "204 from GET /-/ready"},
    {"101",
     NULL,
     {.reply = "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"},
     REASON_BAD_REPLY,
     "bad reply: 101 Switching Protocols was not asked for"},

    {"closed at accept",
     NULL,
     {.close_at_accept = true, .after = FIN},
     REASON_CLOSED_EARLY,
     "connection closed before a whole reply"},
    {"reset at accept", NULL, {.close_at_accept = true, .after = RST}, REASON_RESET, ""},
    {"closed after the request",
     NULL,
     {.after = FIN},
     REASON_CLOSED_EARLY,
     "connection closed before a whole reply"},
    {"reset after the request",
     NULL,
     {.after = RST},
     REASON_RESET,
     "connection reset before a whole reply"},

    {"silence", "{timeout_response: 20ms}", {0}, REASON_RESPONSE_TIMEOUT, "no reply within 20 ms"},
    {"silence, whole time",
     "{timeout: 20ms}",
     {0},
     REASON_RESPONSE_TIMEOUT,
     "no reply within 20 ms"},
    {"silence after the head",
     "{timeout: 20ms}",
     {.reply = HEAD_200 "Content-Length: 2\r\n\r\n"},
     REASON_RESPONSE_TIMEOUT,
     "no whole reply within 20 ms"},
    {"a byte now and then",
     "{timeout_response: 50ms, timeout: 60ms}",
     {.reply = REPLY_200, .slowly = true},
     REASON_RESPONSE_TIMEOUT,
     "no whole reply within 60 ms"},

    {"not HTTP", NULL, {.reply = "SSH-2.0-OpenSSH_9.2\r\n\r\n"}, REASON_BAD_REPLY, "bad reply: "},
    {"HTTP/0.9",
     NULL,
     {.reply = "<html>hello</html>\r\n\r\n", .after = FIN},
     REASON_BAD_REPLY,
     "bad reply: "},
    {"HTTP/2", NULL, {.reply = "HTTP/2 200\r\n\r\n"}, REASON_BAD_REPLY, "bad reply: "},
    {"endless headers",
     NULL,
     {.reply = HEAD_200, .endless = true, .more = "X-Y: z\r\n"},
     REASON_BAD_REPLY,
     "bad reply: "},
    {"one endless header",
     NULL,
     {.reply = HEAD_200 "X: ", .endless = true, .more = "yyyyyyyyyy"},
     REASON_BAD_REPLY,
     "bad reply: "},
    {"endless chunks",
     NULL,
     {.reply = HEAD_200 "Transfer-Encoding: chunked\r\n\r\n",
      .endless = true,
      .more = "a\r\n0123456789\r\n"},
     REASON_BAD_REPLY,
     "bad reply: a body of more than 4096 bytes"},
    {"endless small chunks",
     NULL,
     {.reply = HEAD_200 "Transfer-Encoding: chunked\r\n\r\n",
      .endless = true,
      .more = "000000000000001;extension=a-long-value-that-is-of-no-use\r\nx\r\n"},
     REASON_BAD_REPLY,
     "bad reply: more than 64 KiB"},
    {"endless trailer",
     NULL,
     {.reply = HEAD_200 "Transfer-Encoding: chunked\r\n\r\n0\r\n",
      .endless = true,
      .more = "X: y\r\n"},
     REASON_BAD_REPLY,
     "bad reply: "},
    {"endless body until close",
     NULL,
     {.reply = "HTTP/1.0 200 OK\r\n\r\n", .endless = true, .more = "0123456789"},
     REASON_BAD_REPLY,
     "bad reply: a body of more than 4096 bytes"},
    {"1 GiB announced and sent",
     NULL,
     {.reply = HEAD_200 "Content-Length: 1073741824\r\n\r\n",
      .endless = true,
      .more = "0123456789"},
     REASON_BAD_REPLY,
     "bad reply: a body of more than 4096 bytes"},
    {"chunk size overflows",
     NULL,
     {.reply = HEAD_200 "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"},
     REASON_BAD_REPLY,
     "bad reply: "},
    {"length twice",
     NULL,
     {.reply = HEAD_200 "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"},
     REASON_BAD_REPLY,
     "bad reply: "},
    {"length below zero",
     NULL,
     {.reply = HEAD_200 "Content-Length: -1\r\n\r\n"},
     REASON_BAD_REPLY,
     "bad reply: "},
    {"a storm of 100 Continue",
     NULL,
     {.reply = "", .endless = true, .more = "HTTP/1.1 100 Continue\r\n\r\n"},
     REASON_BAD_REPLY,
     "bad reply: more than 8 interim replies"},
};

static void whatever_a_node_replies(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(replies); i++) {
        const struct reply_row *row = &replies[i];
        struct bench b;
        bench_start(&b, row->conf ? row->conf : fast, &row->script);
        bench_run(&b, 1);
        const struct probe_report *r = &b.reports[0];
        if (r->health.reason != row->reason || !span_starts(span_of(r->evidence), row->evidence))
            fail_msg("%s: %s, %s", row->name, reasons[r->health.reason].word, r->evidence);
        assert_int_equal(r->health.op, row->reason == REASON_OK ? OP_UP : OP_DOWN);
        assert_int_equal(r->checks, 1);
        bool whole = row->reason == REASON_OK || row->reason == REASON_STATUS;
        assert_true(!whole || r->rtt_us > 0);
        bench_stop(&b);
    }
}

static void cut_off_after_every_byte(void **state)
{
    (void)state;
    static const struct {
        enum fake_after after;
        enum reason reason;
    } ways[] = {{FIN, REASON_CLOSED_EARLY}, {RST, REASON_RESET}};
    static const char *const whole[] = {REPLY_200, HEAD_200
                                        "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"};
    for (size_t w = 0; w < COUNT(ways); w++) {
        for (size_t k = 0; k < COUNT(whole); k++) {
            for (size_t n = 1; n < strlen(whole[k]); n++) {
                struct fake_script script = {.reply = whole[k], .len = n, .after = ways[w].after};
                struct bench b;
                bench_start(&b, fast, &script);
                bench_run(&b, 1);
                if (b.reports[0].health.reason != ways[w].reason)
                    fail_msg("%zu bytes of '%s': %s", n, whole[k], b.reports[0].evidence);
                bench_stop(&b);
            }
        }
    }
}

/* --- words and loads -------------------------------------------------------------------------- */

static void explicit_words_of_the_node(void **state)
{
    (void)state;
    static const struct {
        const char *reply;
        enum word word;
        enum reason reason;
        double value; /* below 0: no load */
        const char *evidence;
    } rows[] = {
        {REPLY_503 "X-Node-State: full\r\n\r\n", WORD_FULL, REASON_OK, -1,
         "503 from GET /-/ready, node says full"},
        {REPLY_503 "X-Node-State: drain\r\n\r\n", WORD_DRAIN, REASON_OK, -1,
         "503 from GET /-/ready, node says drain"},
        {REPLY_503 "X-Node-State: maint\r\n\r\n", WORD_MAINT, REASON_OK, -1,
         "503 from GET /-/ready, node says maint"},
        {REPLY_503 "X-Node-State: starting\r\n\r\n", WORD_STARTING, REASON_NODE_SAYS, -1,
         "503 from GET /-/ready, node says starting"},
        {REPLY_503 "X-Node-State: failed\r\n\r\n", WORD_FAILED, REASON_NODE_SAYS, -1,
         "503 from GET /-/ready, node says failed"},
        {REPLY_503 "X-Node-State: ready\r\n\r\n", WORD_NONE, REASON_STATUS, -1,
         "503 from GET /-/ready"},
        {REPLY_503 "X-Node-State: dancing\r\n\r\n", WORD_NONE, REASON_STATUS, -1,
         "503 from GET /-/ready"},
        {REPLY_503 "x-node-state:full\r\nx-node-load: conns=1540;limit=1536\r\n\r\n", WORD_FULL,
         REASON_OK, 1540, "503 from GET /-/ready, node says full"},
        {HEAD_200 "Content-Length: 0\r\nX-Node-Load: boot=5f;seq=3;state=ready;conns=512\r\n\r\n",
         WORD_READY, REASON_OK, 512, "200 from GET /-/ready, node says ready"},
        {HEAD_200 "Content-Length: 0\r\nX-Node-Load: conns=512;state=drain\r\n\r\n", WORD_DRAIN,
         REASON_OK, 512, "200 from GET /-/ready, node says drain"},
        {HEAD_200 "Content-Length: 0\r\nX-Node-Load: conns=7\r\n\r\n", WORD_NONE, REASON_OK, 7,
         "200 from GET /-/ready"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bench b;
        bench_start(&b, fast, &(struct fake_script){.reply = rows[i].reply});
        bench_run(&b, 1);
        const struct probe_report *r = &b.reports[0];
        assert_string_equal(r->evidence, rows[i].evidence);
        assert_int_equal(r->word, rows[i].word);
        assert_int_equal(r->load.word, rows[i].word);
        assert_int_equal(r->health.reason, rows[i].reason);
        assert_int_equal(r->load.given, rows[i].value >= 0);
        assert_true(!r->load.given || r->load.value == rows[i].value);
        assert_false(r->load_refused);
        bench_stop(&b);
    }
}

static void a_load_that_cannot_be_read_does_not_hurt_the_verdict(void **state)
{
    (void)state;
    static const char *const rows[] = {
        HEAD_200 "Content-Length: 0\r\nX-Node-Load: conns=NaN\r\n\r\n",
        HEAD_200 "Content-Length: 0\r\nX-Node-Load:\r\n\r\n",
        HEAD_200 "Content-Length: 0\r\nX-Node-Load: conns=1\r\nX-Node-Load: conns=2\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bench b;
        bench_start(&b, fast, &(struct fake_script){.reply = rows[i]});
        bench_run(&b, 1);
        assert_int_equal(b.reports[0].health.op, OP_UP);
        assert_false(b.reports[0].load.given);
        assert_true(b.reports[0].load_refused);
        bench_stop(&b);
    }
}

static void preset_http_reads_no_words(void **state)
{
    (void)state;
    struct bench b;
    bench_start(&b, "{preset: http}",
                &(struct fake_script){.reply = REPLY_503 "X-Node-State: full\r\n\r\n"});
    bench_run(&b, 1);
    assert_int_equal(b.reports[0].health.reason, REASON_STATUS);
    assert_string_equal(b.reports[0].evidence, "503 from GET /");
    bench_stop(&b);
}

/* --- connecting ------------------------------------------------------------------------------- */

static void refused(void **state)
{
    (void)state;
    static const char *const confs[] = {"{}", "{preset: tcp, port: 1}"};
    for (size_t i = 0; i < COUNT(confs); i++) {
        struct bench b;
        char at[ADDR_TEXT], want[PROBE_EVIDENCE];
        bench_start(&b, confs[i], &(struct fake_script){0});
        fake_stop_listening(&b.node);
        bench_run(&b, 1);
        snprintf(want, sizeof want, "connect to %s: connection refused", addr_text(&b.node.at, at));
        assert_string_equal(b.reports[0].evidence, want);
        assert_int_equal(b.reports[0].health.reason, REASON_REFUSED);
        assert_int_equal(b.reports[0].rtt_us, 0);
        bench_stop(&b);
    }
}

static void tcp_passes_when_it_connects(void **state)
{
    (void)state;
    struct bench b;
    bench_start(&b, "{preset: tcp, port: 1, interval: 10ms}", &(struct fake_script){0});
    bench_run(&b, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(b.reports[i].health.op, OP_UP);
        assert_true(b.reports[i].rtt_us > 0);
    }
    bench_run_until_accepted(&b, 3); /* every check is a connect of its own */
    assert_int_equal(b.node.requests, 0);
    bench_stop(&b);
}

static void no_answer_to_the_connect(void **state)
{
    (void)state;
    struct bench b;
    char at[ADDR_TEXT], want[PROBE_EVIDENCE];
    bench_start(&b, "{timeout_connect: 30ms}", &(struct fake_script){0});
    bench_fill_backlog(&b);
    bench_run(&b, 1);
    snprintf(want, sizeof want, "connect to %s: no answer within 30 ms", addr_text(&b.node.at, at));
    assert_string_equal(b.reports[0].evidence, want);
    assert_int_equal(b.reports[0].health.reason, REASON_CONNECT_TIMEOUT);
    bench_stop(&b);
}

static void no_descriptor_left_is_our_own_trouble(void **state)
{
    (void)state;
    struct bench b;
    bench_start(&b, "{fastinter: 10ms}", &(struct fake_script){.reply = REPLY_200});
    struct rlimit before = bench_limit_files();
    bench_run(&b, 2);
    assert_int_equal(b.reports[1].health.op, OP_UNCHECKED);
    assert_false(b.reports[1].changed);
    assert_int_equal(b.reports[1].reason, REASON_LOCAL);
    assert_non_null(strstr(b.reports[1].evidence, "Too many open files"));
    setrlimit(RLIMIT_NOFILE, &before);
    while (b.last.health.op == OP_UNCHECKED)
        bench_run(&b, b.n + 1);
    assert_int_equal(b.last.health.op, OP_UP);
    bench_stop(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_node_replies),
        cmocka_unit_test(cut_off_after_every_byte),
        cmocka_unit_test(explicit_words_of_the_node),
        cmocka_unit_test(a_load_that_cannot_be_read_does_not_hurt_the_verdict),
        cmocka_unit_test(preset_http_reads_no_words),
        cmocka_unit_test(refused),
        cmocka_unit_test(tcp_passes_when_it_connects),
        cmocka_unit_test(no_answer_to_the_connect),
        cmocka_unit_test(no_descriptor_left_is_our_own_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
