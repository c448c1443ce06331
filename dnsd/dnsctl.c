/* dnsctl.c - looks into a running dnsd and gives it orders, through its control socket. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/daemon.h"
#include "base/json.h"
#include "dnsd/dnsctl_show.h"
#include "dnsd/dnsd_conf.h"
#include "dnsd/paths.h"

enum { OPT_SOCKET, OPT_CONFIG, OPT_JSON, OPT_REASON, OPT_FOR, OPT_FORCE, OPTIONS };

static const struct option_row options[] = {
    [OPT_SOCKET] = {"socket", "PATH", "control socket of dnsd (default /run/s3pool/dnsd.sock)"},
    [OPT_CONFIG] = {"config", "FILE", "take the socket's path from this dnsd.yaml"},
    [OPT_JSON] = {"json", NULL, "print the reply as JSON"},
    [OPT_REASON] = {"reason", "TEXT", "drain, disable: why, for the next person who looks"},
    [OPT_FOR] = {"for", "DURATION", "drain, disable: only for so long (30s, 10m, 2h)"},
    [OPT_FORCE] = {"force", NULL, "drain, disable: even if no eligible node is left"},
    [OPTIONS] = {NULL, NULL, NULL},
};

static const char usage[] =
    "dnsctl [options] COMMAND [NODE]\n"
    "\n"
    "  status         the pools and their nodes\n"
    "  why NODE       what led to the state of a node\n"
    "  drain NODE     take it out of the answers, go on checking it\n"
    "  disable NODE   maintenance: never answer it, whatever happens to the others\n"
    "  enable NODE    clear what drain or disable set, nothing else\n"
    "  reload         read the configuration again\n"
    "\n"
    "NODE is a name or an address; globs are allowed, POOL/NODE narrows.\n";

/* What a command needs and how its reply is shown. */
static const struct command {
    const char *name;
    bool node; /* takes a NODE */
    void (*show)(const struct json *reply, struct buf *out);
} commands[] = {
    {"status", false, dnsctl_show_status}, {"why", true, dnsctl_show_text},
    {"drain", true, dnsctl_show_text},     {"disable", true, dnsctl_show_text},
    {"enable", true, dnsctl_show_text},    {"reload", false, dnsctl_show_text},
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static const char *command_name(const void *arg, size_t i)
{
    (void)arg;
    return i < COUNT(commands) ? commands[i].name : NULL;
}

static int usage_error(const char *word)
{
    const char *near = word ? conf_nearest(span_of(word), command_name, NULL) : NULL;
    if (word)
        fprintf(stderr, "dnsctl: no command \"%s\"", word);
    else
        fprintf(stderr, "dnsctl: no command given");
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    fprintf(stderr, "%s\n", near ? "" : "; `dnsctl --help` lists them");
    return EXIT_USAGE;
}

/* --- the socket --- */

static int open_socket(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (strlen(path) >= sizeof at.sun_path)
        errno = ENAMETOOLONG;
    else if (fd >= 0) {
        strcpy(at.sun_path, path);
        if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
            return fd;
    }
    fprintf(
        stderr,
        "dnsctl: cannot reach dnsd at %s: %s; is it running, and is this its `control:` path?\n",
        path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool write_all(int fd, struct span data)
{
    while (data.len > 0) {
        ssize_t n = send(fd, data.p, data.len, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        data = span_skip(data, n > 0 ? (size_t)n : 0);
    }
    return true;
}

static bool read_line(int fd, struct buf *line)
{
    for (;;) {
        buf_reserve(line, 4096);
        ssize_t n = read(fd, line->p + line->len, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        line->len += (size_t)n;
        if (line->p[line->len - 1] == '\n')
            return true;
    }
}

static struct json *ask(const char *path, const struct json *request)
{
    struct buf line = {0};
    struct json *reply = NULL;
    int fd = open_socket(path);
    if (fd < 0)
        return NULL;
    json_write(request, JSON_LINE, &line);
    buf_text(&line, "\n");
    bool sent = write_all(fd, buf_span(&line));
    buf_clear(&line);
    struct err err;
    if (!sent || !read_line(fd, &line))
        fprintf(stderr, "dnsctl: dnsd closed the connection at %s without an answer; see its log\n",
                path);
    else if (!(reply = json_parse(buf_span(&line), "reply", &err)))
        fprintf(stderr, "dnsctl: dnsd's answer is not JSON: %s\n", err.text);
    close(fd);
    buf_fini(&line);
    return reply;
}

/* --- one command --- */

static struct json *make_request(const struct command *c, const char *node,
                                 const struct option_value *given)
{
    struct json *request = json_new_object();
    json_set_text(request, "command", c->name);
    if (node)
        json_set_text(request, "node", node);
    if (given[OPT_REASON].text)
        json_set_text(request, "reason", given[OPT_REASON].text);
    if (given[OPT_FOR].text)
        json_set_text(request, "for", given[OPT_FOR].text);
    json_set_bool(request, "force", given[OPT_FORCE].text != NULL);
    return request;
}

static int show(const struct command *c, const struct json *reply, bool as_json)
{
    struct buf out = {0};
    bool good = json_get_bool(reply, "ok", false);
    if (as_json)
        json_write(reply, JSON_PRETTY, &out);
    else if (good)
        c->show(reply, &out);
    else
        fprintf(stderr, "dnsctl: %s\n", json_get_text(reply, "error", "dnsd gave no reason"));
    fputs(buf_cstr(&out), stdout);
    buf_fini(&out);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

/* The path in `--socket`, else in the file of `--config`, else the default; NULL after an error was
 * printed. */
static const char *socket_path(const struct option_value *given, struct arena *arena)
{
    if (given[OPT_SOCKET].text)
        return given[OPT_SOCKET].text;
    if (!given[OPT_CONFIG].text)
        return DNSD_CONTROL_PATH;
    struct errs errs = {0};
    struct dnsd_conf *conf = ARENA_NEW(arena, struct dnsd_conf);
    bool good = dnsd_conf_load(given[OPT_CONFIG].text, conf, arena, &errs);
    errs_print(&errs, stderr);
    errs_fini(&errs);
    return good ? conf->control : NULL;
}

int main(int argc, char **argv)
{
    struct option_value given[OPTIONS];
    int words;
    options_parse(argc, argv, usage, options, given, &words);
    const struct command *c = words > 0 ? find_command(argv[1]) : NULL;
    if (!c)
        return usage_error(words > 0 ? argv[1] : NULL);
    if (words != (c->node ? 2 : 1)) {
        fprintf(stderr, "dnsctl: `%s` takes %s\n", c->name,
                c->node ? "one NODE: a name, an address or a glob" : "nothing more");
        return EXIT_USAGE;
    }
    struct arena *arena = arena_new();
    int code = EXIT_FAILED;
    const char *path = socket_path(given, arena);
    struct json *request = make_request(c, c->node ? argv[2] : NULL, given);
    struct json *reply = path ? ask(path, request) : NULL;
    if (reply)
        code = show(c, reply, given[OPT_JSON].text != NULL);
    json_free(reply);
    json_free(request);
    arena_free(arena);
    return code;
}
