/* main.c - the command line of dnsd. */
#include <stdio.h>

#include "base/daemon.h"
#include "base/log.h"
#include "dnsd/dnsd.h"
#include "dnsd/paths.h"

enum { OPT_CONFIG, OPT_CHECK, OPT_SHOW, OPTIONS };

static const struct option_row options[] = {
    [OPT_CONFIG] = {"config", "FILE", "configuration (default " DNSD_CONFIG_PATH ")"},
    [OPT_CHECK] = {"check", NULL, "report every error of the configuration and exit"},
    [OPT_SHOW] = {"show-config", NULL, "print the values in force, defaults included, and exit"},
    [OPTIONS] = {NULL, NULL, NULL},
};

static const char usage[] =
    "dnsd [options]\n\nAn authoritative DNS daemon that answers the name of a pool of S3 "
    "servers\nwith the nodes that are healthy and have room.\n";

static int show_config(const struct generation *g)
{
    struct buf out = {0};
    dnsd_conf_show(&g->conf, &out);
    fputs(buf_cstr(&out), stdout);
    buf_fini(&out);
    return EXIT_GOOD;
}

static int check(const char *path, const struct generation *g)
{
    struct buf text = {0};
    errs_print(&g->warnings, stderr);
    generation_describe(g, &text);
    printf("%s: good: %s\n", path, buf_cstr(&text));
    buf_fini(&text);
    return EXIT_GOOD;
}

static void log_warnings(const struct errs *warnings)
{
    char line[ERR_FILE + ERR_TEXT + 32];
    for (size_t i = 0; i < warnings->n; i++)
        log_warn("%s", err_format(&warnings->items[i], line, sizeof line));
}

static int start(const char *path, struct generation *g, int signals)
{
    log_warnings(&g->warnings);
    return dnsd_run(path, g, signals);
}

int main(int argc, char **argv)
{
    struct option_value given[OPTIONS];
    struct errs errs = {0};
    int words;
    options_parse(argc, argv, usage, options, given, &words);
    if (words > 0) {
        fprintf(stderr, "dnsd: \"%s\" is no option; `dnsd --help` lists them\n", argv[1]);
        return EXIT_USAGE;
    }
    const char *path = given[OPT_CONFIG].text ? given[OPT_CONFIG].text : DNSD_CONFIG_PATH;
    bool run = !given[OPT_CHECK].text && !given[OPT_SHOW].text;
    int signals = run ? daemon_signals() : -1; /* a SIGHUP while we read is kept, not deadly */
    struct generation *g = generation_load(path, &errs);
    errs_print(&errs, stderr);
    errs_fini(&errs);
    if (!g)
        return EXIT_FAILED;
    if (run)
        return start(path, g, signals);
    int code = given[OPT_SHOW].text ? show_config(g) : check(path, g);
    generation_free(g);
    return code;
}
