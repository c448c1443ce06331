/* test_control.c - the socket of dnsctl: one JSON object a line in, one out. The test is the loop's
 * thread and all the clients at once. */
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "dnsd/serve/control.h"
#include "tests/unit/dnsd/serve/serve_test.h"

struct fixture {
    char dir[64], path[128];
    struct event_base *base;
    struct control *control;
    unsigned asked;
    bool may_change, later;
    struct control_client *waiting; /* for a reply that comes later */
};

/* --- what stands behind the socket: gives back the request; refuses to "change" on demand --- */

static struct json *reply_to(const struct fixture *f, const struct json *request)
{
    struct json *reply = json_new_object();
    const char *say = json_get_text(request, "say", "");
    json_set_text(reply, "heard", say);
    if (strcmp(say, "large") == 0) {
        char *large = NEW_ARRAY(char, 2000001);
        memset(large, 'x', 2000000);
        json_set_text(reply, "large", large);
        free(large);
    }
    json_set_bool(reply, "ok", f->may_change || strcmp(say, "change") != 0);
    return reply;
}

static void answer(void *arg, const struct json *request, bool may_change,
                   struct control_client *client)
{
    struct fixture *f = arg;
    f->asked++;
    assert_true(may_change); /* the asker is this process: our own user */
    if (f->later)
        f->waiting = client;
    else
        control_reply(client, reply_to(f, request));
}

static int setup(void **state)
{
    struct err err;
    struct fixture *f = NEW(struct fixture);
    snprintf(f->dir, sizeof f->dir, "/tmp/test_control.XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof f->path, "%s/socket", f->dir);
    f->base = event_base_new();
    f->may_change = true;
    f->control = control_start(f->base, f->path, answer, f, &err);
    if (!f->control)
        fail_msg("%s", err.text);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    if (f->control)
        control_stop(f->control);
    assert_int_equal(access(f->path, F_OK), -1);
    assert_int_equal(rmdir(f->dir), 0);
    event_base_free(f->base);
    free(f);
    return 0;
}

/* --- a client --- */

static int dial_path(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static void pump(struct fixture *f)
{
    event_base_loop(f->base, EVLOOP_NONBLOCK);
}

static void say(struct fixture *f, int fd, const char *text)
{
    send_all(fd, text, strlen(text));
    pump(f);
}

/* The next line, or "END"; runs the loop until one of them comes. */
static const char *hear(struct fixture *f, int fd, char *out, size_t size)
{
    int64_t until = clock_ms() + PATIENCE_S * 1000;
    for (size_t n = 0; n + 1 < size;) {
        ssize_t got = recv(fd, out + n, 1, 0);
        if (got < 0 && errno == EAGAIN) {
            if (clock_ms() > until)
                fail_msg("nothing came for %d s", PATIENCE_S);
            pump(f);
            continue;
        }
        if (got <= 0)
            return "END";
        if (out[n] == '\n') {
            out[n] = '\0';
            return out;
        }
        n++;
    }
    return "TOO LONG";
}

#define EXPECT(f, fd, want)                                                                        \
    do {                                                                                           \
        char line_[1024];                                                                          \
        assert_string_equal(hear((f), (fd), line_, sizeof line_), (want));                         \
    } while (0)

/* --- requests --- */

static void one_request_a_line(void **state)
{
    struct fixture *f = *state;
    int fd = dial_path(f->path);
    say(f, fd, "{\"say\":\"hello\"}\n");
    EXPECT(f, fd, "{\"heard\":\"hello\",\"ok\":true}");
    say(f, fd, "{\"say\":");
    say(f, fd, "\"in two parts\"}");
    assert_int_equal(f->asked, 1);
    say(f, fd, "\r\n");
    EXPECT(f, fd, "{\"heard\":\"in two parts\",\"ok\":true}");
    close(fd);
}

static void several_lines_at_once_are_answered_in_order(void **state)
{
    struct fixture *f = *state;
    int fd = dial_path(f->path);
    say(f, fd, "{\"say\":\"1\"}\n{\"say\":\"2\"}\n{\"say\":\"3\"}\n");
    EXPECT(f, fd, "{\"heard\":\"1\",\"ok\":true}");
    EXPECT(f, fd, "{\"heard\":\"2\",\"ok\":true}");
    EXPECT(f, fd, "{\"heard\":\"3\",\"ok\":true}");
    close(fd);
}

/* `echo ... | socat - UNIX:...`: the last line counts though the client has closed its side. */
static void a_half_closed_client_is_answered(void **state)
{
    struct fixture *f = *state;
    int fd = dial_path(f->path);
    send_all(fd, "{\"say\":\"1\"}\n{\"say\":\"2\"}\n", 24);
    shutdown(fd, SHUT_WR);
    EXPECT(f, fd, "{\"heard\":\"1\",\"ok\":true}");
    EXPECT(f, fd, "{\"heard\":\"2\",\"ok\":true}");
    EXPECT(f, fd, "END");
    close(fd);
}

static void who_may_not_is_refused_and_goes_on(void **state)
{
    struct fixture *f = *state;
    f->may_change = false;
    int fd = dial_path(f->path);
    say(f, fd, "{\"say\":\"change\"}\n{\"say\":\"look\"}\n");
    EXPECT(f, fd, "{\"heard\":\"change\",\"ok\":false}");
    EXPECT(f, fd, "{\"heard\":\"look\",\"ok\":true}");
    close(fd);
}

static void what_is_not_json_ends_the_conversation(void **state)
{
    static const char *const lines[] = {"hello\n", "\n", "{\"say\":\"x\"} more\n", "{\"say\"\n",
                                        "GET / HTTP/1.1\r\n"};
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        int fd = dial_path(f->path);
        say(f, fd, lines[i]);
        EXPECT(f, fd, "{\"ok\":false,\"error\":\"the request is not JSON\"}");
        EXPECT(f, fd, "END");
        close(fd);
    }
    assert_int_equal(f->asked, 0);
}

/* JSON that is no object finds no keys; that is for the commands to refuse. */
static void other_json_is_passed_on(void **state)
{
    struct fixture *f = *state;
    int fd = dial_path(f->path);
    say(f, fd, "[1,2]\n5\nnull\n");
    for (int i = 0; i < 3; i++)
        EXPECT(f, fd, "{\"heard\":\"\",\"ok\":true}");
    close(fd);
}

static void a_request_without_end(void **state)
{
    struct fixture *f = *state;
    char *endless = NEW_ARRAY(char, 2 * CONTROL_MAX_REQUEST);
    memset(endless, ' ', 2 * CONTROL_MAX_REQUEST);
    int fd = dial_path(f->path);
    for (size_t sent = 0; sent < 2 * CONTROL_MAX_REQUEST; pump(f)) {
        ssize_t n = send(fd, endless + sent, 2 * CONTROL_MAX_REQUEST - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            break; /* refused and closed already */
        sent += n > 0 ? (size_t)n : 0;
    }
    EXPECT(f, fd, "{\"ok\":false,\"error\":\"the request is too long\"}");
    EXPECT(f, fd, "END");
    close(fd);
    free(endless);
}

/* A client that asks and asks and never reads gets one reply ready, not thousands. */
static void who_does_not_read_is_not_served(void **state)
{
    struct fixture *f = *state;
    int fd = dial_path(f->path);
    struct buf lines = {0};
    for (int i = 0; i < 1000; i++)
        buf_text(&lines, "{\"say\":\"large\"}\n");
    send_all(fd, lines.p, lines.len);
    buf_fini(&lines);
    for (int i = 0; i < 100; i++)
        pump(f);
    assert_int_equal(f->asked, 1);
    close(fd);
    pump(f);
}

static void a_reply_may_come_later(void **state)
{
    struct fixture *f = *state;
    f->later = true;
    int fd = dial_path(f->path);
    say(f, fd, "{\"say\":\"1\"}\n{\"say\":\"2\"}\n");
    pump(f);
    assert_int_equal(f->asked, 1); /* the second waits for the first */
    control_reply(f->waiting, json_new_object());
    EXPECT(f, fd, "{}");
    pump(f);
    assert_int_equal(f->asked, 2);
    control_reply(f->waiting, json_new_object());
    EXPECT(f, fd, "{}");
    close(fd);
}

static void who_left_before_the_reply(void **state)
{
    struct fixture *f = *state;
    f->later = true;
    int fd = dial_path(f->path);
    say(f, fd, "{\"say\":\"1\"}\n");
    pump(f);
    close(fd);
    pump(f);
    control_reply(f->waiting, json_new_object());
    pump(f);
    pump(f);
}

/* The end answers who waits, as far as that is possible. */
static void the_end_while_a_client_waits(void **state)
{
    struct fixture *f = *state;
    f->later = true;
    int answered = dial_path(f->path), abandoned = dial_path(f->path);
    say(f, answered, "{\"say\":\"1\"}\n");
    pump(f);
    struct control_client *first = f->waiting;
    say(f, abandoned, "{\"say\":\"2\"}\n");
    pump(f);
    assert_int_equal(f->asked, 2);
    control_reply(first, json_new_object());
    control_stop(f->control);
    f->control = NULL;
    control_reply(f->waiting, json_new_object());
    EXPECT(f, answered, "{}");
    EXPECT(f, answered, "END");
    EXPECT(f, abandoned, "END");
    close(answered);
    close(abandoned);
}

static void too_many_clients(void **state)
{
    struct fixture *f = *state;
    int fds[CONTROL_MAX_CLIENTS + 1];
    for (int i = 0; i <= CONTROL_MAX_CLIENTS; i++) {
        fds[i] = dial_path(f->path);
        pump(f);
    }
    EXPECT(f, fds[CONTROL_MAX_CLIENTS], "END");
    close(fds[0]);
    pump(f);
    close(fds[CONTROL_MAX_CLIENTS]);
    fds[CONTROL_MAX_CLIENTS] = dial_path(f->path);
    say(f, fds[CONTROL_MAX_CLIENTS], "{\"say\":\"x\"}\n");
    EXPECT(f, fds[CONTROL_MAX_CLIENTS], "{\"heard\":\"x\",\"ok\":true}");
    for (int i = 1; i <= CONTROL_MAX_CLIENTS; i++)
        close(fds[i]);
    pump(f);
}

/* --- the path --- */

static struct control *start_at(struct fixture *f, const char *path, struct err *err)
{
    return control_start(f->base, path, answer, f, err);
}

static void mode_0660(void **state)
{
    struct stat st;
    struct fixture *f = *state;
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
}

static void a_live_socket_is_not_taken_over(void **state)
{
    struct err err;
    struct fixture *f = *state;
    assert_null(start_at(f, f->path, &err));
    assert_non_null(strstr(err.text, "another dnsd answers on "));
    int fd = dial_path(f->path);
    say(f, fd, "{\"say\":\"still here\"}\n");
    EXPECT(f, fd, "{\"heard\":\"still here\",\"ok\":true}");
    close(fd);
}

/* One that hangs has a full queue, and is alive all the same. */
static void a_hanging_socket_is_not_taken_over(void **state)
{
    struct err err;
    struct fixture *f = *state;
    char path[256];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "%s/hangs", f->dir);
    snprintf(at.sun_path, sizeof at.sun_path, "%.100s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 0), 0);
    int queued = dial_path(path);
    assert_null(start_at(f, path, &err));
    assert_non_null(strstr(err.text, "another dnsd answers on "));
    close(queued);
    close(fd);
    unlink(path);
}

static void a_dead_socket_is_replaced(void **state)
{
    struct err err;
    struct fixture *f = *state;
    char path[256];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "%s/dead", f->dir);
    snprintf(at.sun_path, sizeof at.sun_path, "%.100s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    close(fd);
    struct control *c = start_at(f, path, &err);
    assert_non_null(c);
    control_stop(c);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_file_is_never_removed(void **state)
{
    struct err err;
    struct fixture *f = *state;
    char path[256];
    snprintf(path, sizeof path, "%s/precious", f->dir);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    close(fd);
    assert_null(start_at(f, path, &err));
    assert_non_null(strstr(err.text, "is in the way"));
    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
}

static void a_path_that_cannot_be(void **state)
{
    struct err err;
    struct fixture *f = *state;
    size_t fds = count_fds();
    char path[256];
    snprintf(path, sizeof path, "%s/none/socket", f->dir);
    assert_null(start_at(f, path, &err));
    assert_non_null(strstr(err.text, "its directory must exist"));
    memset(path, 'x', 200);
    path[200] = '\0';
    assert_null(start_at(f, path, &err));
    assert_non_null(strstr(err.text, "too long"));
    assert_int_equal(count_fds(), fds);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_request_a_line),
        TEST(several_lines_at_once_are_answered_in_order),
        TEST(a_half_closed_client_is_answered),
        TEST(who_may_not_is_refused_and_goes_on),
        TEST(what_is_not_json_ends_the_conversation),
        TEST(other_json_is_passed_on),
        TEST(a_request_without_end),
        TEST(who_does_not_read_is_not_served),
        TEST(a_reply_may_come_later),
        TEST(who_left_before_the_reply),
        TEST(the_end_while_a_client_waits),
        TEST(too_many_clients),
        TEST(mode_0660),
        TEST(a_live_socket_is_not_taken_over),
        TEST(a_hanging_socket_is_not_taken_over),
        TEST(a_dead_socket_is_replaced),
        TEST(a_file_is_never_removed),
        TEST(a_path_that_cannot_be),
    };
    signal(SIGPIPE, SIG_IGN); /* as base/daemon.h does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
