/* The pages under /-/: contract, "Reserved paths". */
#include "s3node/serve/health.h"
#include "tests/unit/test.h"

static enum health_page page_of(const char *method, const char *target, const char *authorization)
{
    struct http1_head head = {.method = span_of(method), .target = span_of(target)};
    if (authorization) {
        head.headers[0] = (struct http1_header){span_of("Authorization"), span_of(authorization)};
        head.n_headers = 1;
    }
    return health_page(&head);
}

static void paths(void **state)
{
    (void)state;
    static const struct {
        const char *method, *target, *authorization;
        enum health_page want;
    } cases[] = {
        {"GET", "/-/live", NULL, HEALTH_LIVE},
        {"HEAD", "/-/ready", NULL, HEALTH_READY},
        {"GET", "/-/ready?x=1", NULL, HEALTH_READY},
        {"POST", "/-/ready", NULL, HEALTH_READY},
        {"GET", "/-/load", NULL, HEALTH_LOAD},
        {"GET", "/-/metrics", NULL, HEALTH_METRICS},
        {"GET", "/-/watch", NULL, HEALTH_UNKNOWN},
        {"GET", "/-/", NULL, HEALTH_UNKNOWN},
        {"GET", "/-", NULL, HEALTH_NONE},
        {"GET", "/", NULL, HEALTH_NONE},
        {"GET", "/bucket/-/ready", NULL, HEALTH_NONE},
        {"GET", "/minio/health/live", NULL, HEALTH_MINIO_LIVE},
        {"HEAD", "/minio/health/ready", NULL, HEALTH_MINIO_READY},
        {"GET", "/minio/health/cluster?maintenance=true", NULL, HEALTH_MINIO_READY},
        {"GET", "/minio/health/cluster/read", NULL, HEALTH_MINIO_READY},
        /* keys of a bucket `minio` */
        {"PUT", "/minio/health/live", NULL, HEALTH_NONE},
        {"GET", "/minio/health/live", "AWS4-HMAC-SHA256 Credential=...", HEALTH_NONE},
        {"GET", "/minio/health/live?X-Amz-Signature=00", NULL, HEALTH_NONE},
        {"GET", "/minio/health/live/", NULL, HEALTH_NONE},
        {"GET", "/minio/health/other", NULL, HEALTH_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("%s %s\n", cases[i].method, cases[i].target);
        assert_int_equal(page_of(cases[i].method, cases[i].target, cases[i].authorization),
                         cases[i].want);
    }
}

static struct health_view view_in(enum node_state state)
{
    return (struct health_view){
        .boot = "5f1c",
        .store = "abc",
        .seq = 123,
        .accepts = 99812,
        .state = state,
        .conns = 512,
        .inflight = 40,
        .limit = 1536,
        .resume = 1024,
    };
}

static bool has(const struct reply *r, const char *text)
{
    return r->headers.p && strstr(r->headers.p, text);
}

static void ready_says_its_state(void **state)
{
    (void)state;
    static const struct {
        enum node_state state;
        int status;
        const char *word;
    } cases[] = {
        {NODE_STARTING, 503, "starting"}, {NODE_READY, 200, "ready"}, {NODE_FULL, 503, "full"},
        {NODE_DRAIN, 503, "drain"},       {NODE_MAINT, 503, "maint"}, {NODE_FAILED, 503, "failed"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char load[120], word[40];
        struct health_view view = view_in(cases[i].state);
        struct reply r;
        reply_init(&r);
        health_reply(HEALTH_READY, &view, &r);
        snprintf(load, sizeof load,
                 "X-Node-Load: boot=5f1c;seq=123;state=%s;conns=512;limit=1536\r\n", cases[i].word);
        snprintf(word, sizeof word, "X-Node-State: %s\r\n", cases[i].word);
        assert_int_equal(r.status, cases[i].status);
        assert_true(has(&r, load));
        assert_int_equal(has(&r, word), cases[i].status == 503);
        reply_fini(&r);
    }
}

static void load_is_the_json_of_the_contract(void **state)
{
    (void)state;
    struct health_view view = view_in(NODE_READY);
    struct reply r;
    reply_init(&r);
    health_reply(HEALTH_LOAD, &view, &r);
    assert_int_equal(r.status, 200);
    assert_string_equal(buf_cstr(&r.body),
                        "{\"v\":1,\"boot\":\"5f1c\",\"seq\":123,\"store\":\"abc\",\"state\":"
                        "\"ready\",\"conns\":512,\"inflight\":40,\"limit\":1536,\"resume\":1024,"
                        "\"accepts\":99812}\n");
    reply_fini(&r);
}

static void minio_says_offline_only_when_it_is(void **state)
{
    (void)state;
    static const struct {
        enum health_page page;
        enum node_state state;
        int status;
    } cases[] = {
        {HEALTH_MINIO_LIVE, NODE_READY, 200},
        {HEALTH_MINIO_LIVE, NODE_DRAIN, 200},
        {HEALTH_MINIO_READY, NODE_READY, 200},
        {HEALTH_MINIO_READY, NODE_FULL, 503},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct health_view view = view_in(cases[i].state);
        struct reply r;
        reply_init(&r);
        health_reply(cases[i].page, &view, &r);
        assert_int_equal(r.status, cases[i].status);
        assert_int_equal(has(&r, "x-minio-server-status: offline"), cases[i].status == 503);
        reply_fini(&r);
    }
}

static void only_numbers_are_restricted(void **state)
{
    (void)state;
    assert_false(health_restricted(HEALTH_LIVE));
    assert_false(health_restricted(HEALTH_READY));
    assert_false(health_restricted(HEALTH_MINIO_LIVE));
    assert_true(health_restricted(HEALTH_LOAD));
    assert_true(health_restricted(HEALTH_METRICS));
    assert_true(health_restricted(HEALTH_UNKNOWN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),
        cmocka_unit_test(ready_says_its_state),
        cmocka_unit_test(load_is_the_json_of_the_contract),
        cmocka_unit_test(minio_says_offline_only_when_it_is),
        cmocka_unit_test(only_numbers_are_restricted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
