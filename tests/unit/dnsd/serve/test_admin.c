/* test_admin.c - the read-only HTTP side with real connections. */
#include <signal.h>

#include "dnsd/serve/admin.h"
#include "dnsd/serve/http.h"
#include "tests/unit/dnsd/serve/serve_test.h"

struct fixture {
    struct publish *statuses;
    _Atomic bool ready;
    counter worlds;
    struct admin *admin;
    struct addr at;
};

static int setup(void **state)
{
    struct err err;
    struct fixture *f = NEW(struct fixture);
    const struct addr any = loopback("127.0.0.1", 0);
    f->statuses = publish_new(1, status_free);
    const struct admin_source source = {
        .statuses = f->statuses, .ready = &f->ready, .worlds = &f->worlds, .waiting = &f->worlds};
    f->admin = admin_start(&any, &source, &err);
    assert_non_null(f->admin);
    f->at = loopback("127.0.0.1", admin_port(f->admin));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    admin_stop(f->admin);
    publish_free(f->statuses);
    free(f);
    return 0;
}

static void show_something(struct fixture *f)
{
    struct arena *a = arena_new();
    struct status *s = ARENA_NEW(a, struct status);
    *s = (struct status){.arena = a};
    publish_set(f->statuses, s);
}

/* Everything that comes until the end; "" if it was a reset. */
static const char *talk(const struct fixture *f, struct span request, struct buf *out)
{
    int fd = dial(&f->at, SOCK_STREAM);
    (void)!send(fd, request.p, request.len, MSG_NOSIGNAL);
    buf_clear(out);
    for (ssize_t n = 1; n > 0; out->len += n > 0 ? (size_t)n : 0) {
        buf_reserve(out, 4096);
        n = recv(fd, out->p + out->len, 4096, 0);
        if (n < 0 && errno == EAGAIN)
            fail_msg("nothing came for %d s", PATIENCE_S);
    }
    buf_text(out, "");
    close(fd);
    return buf_cstr(out);
}

/* Sends a request that asks for the connection to be closed. @return the whole reply */
static const char *fetch(const struct fixture *f, const char *method, const char *path,
                         struct buf *out)
{
    struct buf request = {0};
    buf_printf(&request, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method, path);
    talk(f, buf_span(&request), out);
    buf_fini(&request);
    return buf_cstr(out);
}

static void expect(const struct fixture *f, const char *method, const char *path, int code,
                   const char *type)
{
    char status[32];
    struct buf out = {0};
    const char *reply = fetch(f, method, path, &out);
    snprintf(status, sizeof status, "HTTP/1.1 %d ", code);
    if (strncmp(reply, status, strlen(status)) != 0 || !strstr(reply, type))
        fail_msg("%s %s: %s", method, path, reply);
    buf_fini(&out);
}

static void before_and_after_the_first_round(void **state)
{
    static const struct {
        const char *path;
        int before, after;
        const char *type;
    } rows[] = {
        {"/live", 200, 200, "text/plain"},
        {"/ready", 503, 200, "text/plain"},
        {"/", 503, 200, "text/html"},
        {"/?x=1", 503, 200, "text/html"},
        {"/api/v1/pools", 503, 200, "application/json"},
        {"/metrics", 503, 200, "text/plain; version=0.0.4"},
        {"/none", 404, 404, "text/plain"},
        {"/live/", 404, 404, "text/plain"},
        {"//live", 404, 404, "text/plain"},
        {"/../live", 404, 404, "text/plain"},
        {"http://x.example:8053/live?a=b", 200, 200, "text/plain"},
        {"http://x.example", 404, 404, "text/plain"},
        {"*", 404, 404, "text/plain"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect(f, "GET", rows[i].path, rows[i].before, "Content-Type: text/plain");
    show_something(f);
    /* `ready` stays false for /metrics, which then needs no answering threads */
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(rows[i].path, "/ready") != 0)
            expect(f, "GET", rows[i].path, rows[i].after, rows[i].type);
    atomic_store(&f->ready, true);
    expect(f, "GET", "/ready", 200, "text/plain");
}

/* RFC 9110 9.3.2: the same headers as GET, and no body. */
static void head_has_a_length_and_no_body(void **state)
{
    struct fixture *f = *state;
    struct buf get = {0}, head = {0};
    show_something(f);
    fetch(f, "GET", "/", &get);
    fetch(f, "HEAD", "/", &head);
    const char *end = strstr(buf_cstr(&head), "\r\n\r\n");
    assert_non_null(end);
    assert_int_equal(strlen(end), 4);
    const char *length = strstr(buf_cstr(&head), "Content-Length: ");
    assert_non_null(length);
    assert_int_equal(atoi(length + 16), strlen(strstr(buf_cstr(&get), "\r\n\r\n") + 4));
    buf_fini(&get);
    buf_fini(&head);
}

static void nothing_can_be_changed(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"};
    const struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(methods); i++)
        expect(f, methods[i], "/live", 405, "Allow: GET, HEAD\r\n");
}

static void what_is_no_request_is_refused(void **state)
{
    static const struct {
        const char *request;
        int status;
    } rows[] = {
        {"hello\r\n\r\n", 400},
        {"GET\r\n\r\n", 400},
        {"GET /live HTTP/1.1\nHost: x\n\n", 400},
        {"GET /live HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 413},
        {"POST /live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413},
    };
    const struct fixture *f = *state;
    struct buf out = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char want[32];
        snprintf(want, sizeof want, "HTTP/1.1 %d ", rows[i].status);
        const char *got = talk(f, span_of(rows[i].request), &out);
        if (strncmp(got, want, strlen(want)) != 0 || !strstr(got, "Connection: close"))
            fail_msg("%s: %s", rows[i].request, got);
    }
    struct buf endless = {0};
    buf_text(&endless, "GET /live HTTP/1.1\r\nA: ");
    while (endless.len < 100000)
        buf_text(&endless, "xxxxxxxxxxxxxxxx");
    const char *got = talk(f, buf_span(&endless), &out);
    assert_true(*got == '\0' || !strncmp(got, "HTTP/1.1 431 ", 13));
    buf_fini(&endless);
    buf_fini(&out);
    expect(f, "GET", "/live", 200, "ok");
}

static void one_connection_many_requests(void **state)
{
    static const char requests[] = "GET /live HTTP/1.1\r\nHost: x\r\n\r\n"
                                   "HEAD /live HTTP/1.1\r\nHost: x\r\n\r\n"
                                   "GET /none HTTP/1.1\r\nHost: x\r\n\r\n"
                                   "GET /live HTTP/1.0\r\n\r\n";
    const struct fixture *f = *state;
    struct buf out = {0};
    const char *at = talk(f, span_of(requests), &out);
    for (int i = 0; i < 4; i++) {
        assert_non_null(at = strstr(at, "HTTP/1.1 "));
        assert_int_equal(atoi(at + 9), i == 2 ? 404 : 200);
        at++;
    }
    assert_non_null(strstr(at, "Connection: close"));
    buf_fini(&out);
}

/* Asks on `fd` and reads the reply. @return false if the server has closed it */
static bool alive(int fd)
{
    static const char request[] = "GET /live HTTP/1.1\r\nHost: x\r\n\r\n";
    char reply[1024];
    return send(fd, request, sizeof request - 1, MSG_NOSIGNAL) > 0 &&
           recv(fd, reply, sizeof reply, 0) > 0;
}

/* Over the bound the connection whose last request is oldest gives way; half a request is none. */
static void too_many_connections(void **state)
{
    const struct fixture *f = *state;
    int fds[HTTP_MAX_CONNECTIONS + 1];
    for (size_t i = 0; i < HTTP_MAX_CONNECTIONS; i++) {
        fds[i] = dial(&f->at, SOCK_STREAM);
        assert_true(alive(fds[i]));
    }
    assert_true(alive(fds[0]));
    send_all(fds[1], "GET ", 4);
    fds[HTTP_MAX_CONNECTIONS] = dial(&f->at, SOCK_STREAM);
    assert_true(alive(fds[HTTP_MAX_CONNECTIONS]));
    assert_false(alive(fds[1]));
    for (size_t i = 0; i <= HTTP_MAX_CONNECTIONS; i++) {
        if (i != 1)
            assert_true(alive(fds[i]));
        close(fds[i]);
    }
}

static void nothing_stays_open(void **state)
{
    (void)state;
    void *own;
    struct err err;
    size_t fds = count_fds(), threads = count_threads();
    setup(&own);
    const struct fixture *f = own;
    int idle = dial(&f->at, SOCK_STREAM);
    expect(f, "GET", "/live", 200, "ok");
    assert_null(admin_start(&f->at, &(struct admin_source){0}, &err));
    assert_non_null(strstr(err.text, "in use"));
    teardown(&own);
    close(idle);
    assert_int_equal(count_fds(), fds);
    expect_threads(threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(before_and_after_the_first_round, setup, teardown),
        cmocka_unit_test_setup_teardown(head_has_a_length_and_no_body, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_can_be_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_request_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(one_connection_many_requests, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_connections, setup, teardown),
        cmocka_unit_test(nothing_stays_open),
    };
    signal(SIGPIPE, SIG_IGN); /* as base/daemon.h does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
