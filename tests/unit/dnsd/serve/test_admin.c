/* test_admin.c - the read-only HTTP side with real connections. */
#include <signal.h>

#include "dnsd/serve/admin.h"
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
        .statuses = f->statuses, .ready = &f->ready, .worlds = &f->worlds};
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

/* Sends a request that asks for the connection to be closed. @return the whole reply */
static const char *fetch(const struct fixture *f, const char *method, const char *path,
                         struct buf *out)
{
    struct buf request = {0};
    buf_printf(&request, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method, path);
    int fd = dial(&f->at, SOCK_STREAM);
    send_all(fd, request.p, request.len);
    buf_fini(&request);
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
        expect(f, methods[i], "/live", 501, "");
}

static void what_is_no_http_is_refused(void **state)
{
    static const char *const requests[] = {"hello\r\n\r\n", "GET\r\n\r\n",
                                           "GET http://[::1/x HTTP/1.1\r\nHost: x\r\n\r\n"};
    const struct fixture *f = *state;
    char reply[512];
    for (size_t i = 0; i < COUNT(requests); i++) {
        int fd = dial(&f->at, SOCK_STREAM);
        send_all(fd, requests[i], strlen(requests[i]));
        ssize_t n = recv(fd, reply, sizeof reply - 1, 0);
        reply[n > 0 ? n : 0] = '\0';
        assert_non_null(strstr(reply, " 400 "));
        close(fd);
    }
    char *endless = NEW_ARRAY(char, 100001);
    memset(endless, 'x', 100000);
    int fd = dial(&f->at, SOCK_STREAM);
    send_all(fd, "GET /live HTTP/1.1\r\nA: ", 23);
    (void)!send(fd, endless, 100000, MSG_NOSIGNAL);
    ssize_t n = recv(fd, reply, sizeof reply - 1, 0);
    assert_true(n <= 0 || !strncmp(reply, "HTTP/1.1 4", 10));
    close(fd);
    free(endless);
    expect(f, "GET", "/live", 200, "ok");
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
    assert_int_equal(count_threads(), threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(before_and_after_the_first_round, setup, teardown),
        cmocka_unit_test_setup_teardown(head_has_a_length_and_no_body, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_can_be_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_http_is_refused, setup, teardown),
        cmocka_unit_test(nothing_stays_open),
    };
    signal(SIGPIPE, SIG_IGN); /* as base/daemon.h does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
