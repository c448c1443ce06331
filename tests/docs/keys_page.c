/* keys_page.c - the manual page of a configuration file, from the rows that read it:
 * `keys_page dnsd` and `keys_page s3node` print docs/man/dnsd.yaml.5 and docs/man/s3node.yaml.5. */
#include <stdio.h>

#include "base/buf.h"
#include "dnsd/dnsd_conf.h"
#include "s3node/s3_conf.h"

static const struct page {
    const char *program, *title, *what;
    const struct conf_field *rows;
} pages[] = {
    {"dnsd", "DNSD.YAML", "configuration of dnsd", dnsd_conf_rows},
    {"s3node", "S3NODE.YAML", "configuration of s3node", s3_conf_rows},
};

static void print_head(const struct page *page)
{
    printf(".\\\" Made by tests/docs/keys_page.c from the table of keys: change the table.\n"
           ".Dd November 20, 2026\n.Dt %s 5\n.Os\n.Sh NAME\n.Nm %s.yaml\n.Nd %s\n"
           ".Sh DESCRIPTION\n"
           "A YAML file, read by one table of keys: unknown keys are errors with a suggestion.\n"
           "Durations are\n.Ql 250ms ,\n.Ql 5s ,\n.Ql 2m ,\n.Ql 1h ;\nsizes\n.Ql 64KiB ,\n"
           ".Ql 5GiB .\nInside values\n.Ql ${VAR}\nand\n.Ql ${VAR:-default}\nexpand,\n"
           ".Ql ${file:/path}\nreads a secret, and\n.Ql $$\nis a dollar.\n"
           ".Ic %s --check\nreports every error of a file with line and column.\n"
           ".Sh KEYS\n.Bl -tag -width 4n\n",
           page->title, page->program, page->what, page->program);
}

/* One text line a key: macros would take quotes for their own. */
static void print_key(void *arg, const char *path, const struct conf_field *row)
{
    struct buf takes = {0};
    (void)arg;
    if (row->kind == CONF_LATER)
        return;
    conf_describe(row, &takes);
    printf(".It Ic %s\n%s\n.br\nValue: %s", path, row->help, buf_cstr(&takes));
    if (row->dflt == CONF_REQUIRED)
        printf("; must be given");
    else if (row->dflt)
        printf("; default %s", row->dflt);
    printf("%s.\n", row->restart ? "; a change needs a restart" : "");
    buf_fini(&takes);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < COUNT(pages); i++) {
        if (strcmp(argv[1], pages[i].program) != 0)
            continue;
        print_head(&pages[i]);
        conf_walk(pages[i].rows, print_key, NULL);
        printf(".El\n.Sh SEE ALSO\n.Xr %s 8\n", pages[i].program);
        return 0;
    }
    fprintf(stderr, "usage: keys_page dnsd|s3node\n");
    return 2;
}
