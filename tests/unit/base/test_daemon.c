/* Signals as events, sd_notify(3) datagrams, and command lines as a person meets them: the program
 * runs in a child, what it prints and its exit status are compared. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/daemon.h"
#include "tests/unit/test.h"
#include "version.h"

static int next_signal(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&ready, 1, 5000), 1);
    return daemon_next_signal(fd);
}

static void signals_become_events(void **state)
{
    static const int signals[] = {SIGHUP, SIGTERM, SIGINT, SIGUSR2};
    (void)state;
    int fd = daemon_signals();
    assert_int_equal(daemon_next_signal(fd), 0);
    for (size_t i = 0; i < COUNT(signals); i++) {
        kill(getpid(), signals[i]);
        assert_int_equal(next_signal(fd), signals[i]);
    }
    raise(SIGPIPE); /* ignored, or the test ends here */
    assert_int_equal(daemon_next_signal(fd), 0);
    close(fd);
}

static int bind_datagram(const char *name, size_t len)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    memcpy(at.sun_path, name, len);
    assert_int_equal(
        bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
        0);
    return fd;
}

static void assert_received(int fd, const char *text)
{
    char got[64] = "";
    ssize_t n = recv(fd, got, sizeof got - 1, 0);
    assert_int_equal(n, (ssize_t)strlen(text));
    assert_string_equal(got, text);
}

static void notify_by_path(void **state)
{
    char folder[] = "/tmp/test_daemon.XXXXXX", path[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/notify", folder);
    int fd = bind_datagram(path, strlen(path) + 1);
    setenv("NOTIFY_SOCKET", path, 1);
    daemon_notify("READY=1");
    assert_received(fd, "READY=1");
    close(fd);
    unlink(path);
    rmdir(folder);
}

static void notify_by_abstract_name(void **state)
{
    char name[64];
    (void)state;
    snprintf(name, sizeof name, "@test_daemon.%d", (int)getpid());
    setenv("NOTIFY_SOCKET", name, 1);
    name[0] = '\0';
    int fd = bind_datagram(name, 1 + strlen(name + 1));
    daemon_notify("STATUS=12 nodes up");
    assert_received(fd, "STATUS=12 nodes up");
    close(fd);
}

static void notify_without_a_listener_is_silent(void **state)
{
    static const char *const names[] = {"/nowhere/at/all", "@nobody.listens.here", "relative", "@",
                                        ""};
    char too_long[200];
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        daemon_notify("READY=1");
    }
    memset(too_long, '/', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = '\0';
    setenv("NOTIFY_SOCKET", too_long, 1);
    daemon_notify("READY=1");
    unsetenv("NOTIFY_SOCKET");
    daemon_notify("READY=1");
}

static const struct option_row rows[] = {
    {"config", "FILE", "read FILE (default /etc/s3pool/dnsd.yaml)"},
    {"check", NULL, "print every error and exit"},
    {NULL, NULL, NULL},
};

enum { MAX_WORDS = 8 };

/* What the program of these tests does with its command line, in one line. */
static void program(int argc, char **argv)
{
    struct option_value values[2];
    int n_words;
    options_parse(argc, argv, "Usage: dnsd [OPTION]...\n\nAnswers DNS.", rows, values, &n_words);
    printf("config=%s check=%s", values[0].text ? values[0].text : "-",
           values[1].text ? "yes" : "no");
    for (int i = 1; i <= n_words; i++)
        printf(" %s", argv[i]);
    exit(fflush(stdout) == 0 ? EXIT_GOOD : EXIT_FAILED);
}

static size_t read_all(int fd, char *to, size_t size)
{
    size_t len = 0;
    for (ssize_t n; len < size - 1 && (n = read(fd, to + len, size - 1 - len)) > 0;)
        len += (size_t)n;
    to[len] = '\0';
    close(fd);
    return len;
}

/* Runs the program with the words of `line`; `where` is the stream that is caught, into `text`.
 * @return the exit status */
static int run(const char *line, int where, char *text, size_t size)
{
    char words[256], *argv[MAX_WORDS + 2] = {NULL}, *rest;
    int argc = 0, ends[2], status;
    snprintf(words, sizeof words, "/usr/sbin/dnsd %s", line);
    for (char *w = strtok_r(words, " ", &rest); w && argc <= MAX_WORDS;
         w = strtok_r(NULL, " ", &rest))
        argv[argc++] = w;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], where);
        program(argc, argv);
    }
    close(ends[1]);
    read_all(ends[0], text, size);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void good_command_lines(void **state)
{
    static const char *const lines[][2] = {
        {"", "config=- check=no"},
        {"--config a --check", "config=a check=yes"},
        {"--config=a=b", "config=a=b check=no"},
        {"--config=", "config= check=no"},
        {"--config a --config b", "config=b check=no"},
        {"one --check two", "config=- check=yes one two"},
        {"--config - -", "config=- check=no -"},
        {"x -- --check -y", "config=- check=no x --check -y"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        char text[512];
        assert_int_equal(run(lines[i][0], STDOUT_FILENO, text, sizeof text), 0);
        assert_string_equal(text, lines[i][1]);
    }
}

static void bad_command_lines_exit_2_and_say_why(void **state)
{
#define TRY "\nTry 'dnsd --help'.\n"
    static const char *const lines[][2] = {
        {"--chek", "dnsd: unknown option --chek; did you mean --check?" TRY},
        {"--Config=x", "dnsd: unknown option --Config; did you mean --config?" TRY},
        {"--versoin", "dnsd: unknown option --versoin; did you mean --version?" TRY},
        {"--entirely-else", "dnsd: unknown option --entirely-else" TRY},
        {"-c", "dnsd: unknown option -c" TRY},
        {"--check=yes", "dnsd: option --check takes no value" TRY},
        {"--help=yes", "dnsd: option --help takes no value" TRY},
        {"--config", "dnsd: option --config needs a value: --config FILE" TRY},
        {"--config --check", "dnsd: option --config needs a value: --config FILE" TRY},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        char text[512];
        assert_int_equal(run(lines[i][0], STDERR_FILENO, text, sizeof text), 2);
        assert_string_equal(text, lines[i][1]);
    }
}

static void help_is_a_table(void **state)
{
    char text[1024];
    (void)state;
    assert_int_equal(run("--check --help --nonsense", STDOUT_FILENO, text, sizeof text), 0);
    assert_string_equal(text, "Usage: dnsd [OPTION]...\n\nAnswers DNS.\n\nOptions:\n"
                              "  --config FILE  read FILE (default /etc/s3pool/dnsd.yaml)\n"
                              "  --check        print every error and exit\n"
                              "  --help         print this text and exit\n"
                              "  --version      print the version and exit\n");
}

static void version_has_the_hash(void **state)
{
    char text[256];
    (void)state;
    assert_int_equal(run("--version", STDOUT_FILENO, text, sizeof text), 0);
    assert_string_equal(text, "dnsd " S3POOL_VERSION " (" S3POOL_GIT_HASH ")\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_command_lines),
        cmocka_unit_test(bad_command_lines_exit_2_and_say_why),
        cmocka_unit_test(help_is_a_table),
        cmocka_unit_test(version_has_the_hash),
        cmocka_unit_test(signals_become_events),
        cmocka_unit_test(notify_by_path),
        cmocka_unit_test(notify_by_abstract_name),
        cmocka_unit_test(notify_without_a_listener_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
