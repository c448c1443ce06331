#include "base/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/conf.h"
#include "base/mem.h"
#include "version.h"

/* What every program has behind its own rows. */
static const struct option_row common[] = {
    {"help", NULL, "print this text and exit"},
    {"version", NULL, "print the version and exit"},
};

struct options {
    const char *program, *usage;
    struct option_row *rows; /* the program's, then the common ones, then the end */
    size_t n_own;
    struct option_value *values; /* n_own */
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void options_fail(const char *program, const char *fmt, ...)
{
    va_list args;
    fprintf(stderr, "%s: ", base_name(program));
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fprintf(stderr, "\nTry '%s --help'.\n", base_name(program));
    exit(EXIT_USAGE);
}

static struct option_row *join_rows(const struct option_row *own, size_t n)
{
    struct option_row *all = NEW_ARRAY(struct option_row, n + COUNT(common) + 1);
    if (n > 0)
        memcpy(all, own, n * sizeof *own);
    memcpy(all + n, common, sizeof common);
    return all;
}

static int left_width(const struct option_row *row)
{
    return (int)(strlen(row->name) + (row->value ? strlen(row->value) + 1 : 0));
}

static void print_help(const struct options *o)
{
    int width = 0;
    for (const struct option_row *r = o->rows; r->name; r++)
        width = left_width(r) > width ? left_width(r) : width;
    size_t len = strlen(o->usage);
    while (len > 0 && o->usage[len - 1] == '\n')
        len--;
    printf("%.*s\n\nOptions:\n", (int)len, o->usage);
    for (const struct option_row *r = o->rows; r->name; r++)
        printf("  --%s%s%s%*s  %s\n", r->name, r->value ? " " : "", r->value ? r->value : "",
               width - left_width(r), "", r->help);
}

static void print_version(const struct options *o)
{
    printf("%s %s (%s)\n", base_name(o->program), S3POOL_VERSION, S3POOL_GIT_HASH);
}

/* The two rows that end the program at once. */
static void run_common(const struct options *o, size_t which)
{
    static void (*const print[])(const struct options *) = {print_help, print_version};
    print[which](o);
    exit(fflush(stdout) == 0 ? EXIT_GOOD : EXIT_FAILED);
}

static const char *name_at(const void *rows, size_t i)
{
    return ((const struct option_row *)rows)[i].name;
}

/* Ends the program if no row has the name. */
static size_t find_row(const struct options *o, struct span name)
{
    for (size_t i = 0; o->rows[i].name; i++)
        if (span_is(name, o->rows[i].name))
            return i;
    const char *near = conf_nearest(name, name_at, o->rows);
    options_fail(o->program, "unknown option --%.*s%s%s%s", (int)name.len, name.p,
                 near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

/* Reads one option; `next` is the word behind it or NULL. @return how many words it took */
static int parse_option(struct options *o, const char *word, const char *next)
{
    struct span name, rest = span_of(word + 2);
    span_split(&rest, '=', &name);
    size_t i = find_row(o, name);
    const struct option_row *row = &o->rows[i];
    if (!row->value && rest.p)
        options_fail(o->program, "option --%s takes no value", row->name);
    if (i >= o->n_own)
        run_common(o, i - o->n_own);
    bool separate = row->value && !rest.p;
    if (separate && (!next || strncmp(next, "--", 2) == 0))
        options_fail(o->program, "option --%s needs a value: --%s %s", row->name, row->name,
                     row->value);
    o->values[i].text = separate ? next : rest.p ? rest.p : "";
    return separate ? 2 : 1;
}

void options_parse(int argc, char **argv, const char *usage, const struct option_row *rows,
                   struct option_value *values, int *n_words)
{
    struct options o = {.program = argv[0], .usage = usage, .values = values};
    while (rows[o.n_own].name)
        values[o.n_own++] = (struct option_value){NULL};
    o.rows = join_rows(rows, o.n_own);
    int i = 1, words = 0;
    while (i < argc && strcmp(argv[i], "--") != 0) {
        if (strncmp(argv[i], "--", 2) == 0)
            i += parse_option(&o, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
        else if (argv[i][0] == '-' && argv[i][1] != '\0')
            options_fail(o.program, "unknown option %s", argv[i]);
        else
            argv[++words] = argv[i++];
    }
    for (i++; i < argc; i++)
        argv[++words] = argv[i];
    *n_words = words;
    free(o.rows);
}
