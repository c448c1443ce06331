/* options.h - command lines: one table of options per program makes the parser and the help. Prints
 * and exits by itself where a person asked or erred, so it is for main only. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base/span.h"

enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* One option of a command; a table of these ends with a row whose name is NULL. */
struct option_row {
    const char *name;  /* without `--` */
    const char *value; /* what the value is called in the help; NULL for a switch */
    const char *help;
};

struct option_value {
    const char *text; /* the value, "" for a switch that was given, NULL when not given */
};

/** Reads `--name value`, `--name=value` and switches by the table; `values[i]` belongs to row i and
 * the last one given counts; words that are no options (and all behind `--`) are left in
 * `argv[1..]` and counted in `*n_words`. `--help` prints `usage` (synopsis and what the program
 * does), then the table; `--version` prints `NAME VERSION (HASH)`; both exit 0. An unknown option
 * prints a suggestion, an option without its value what it needs; both exit 2. */
void options_parse(int argc, char **argv, const char *usage, const struct option_row *rows,
                   struct option_value *values, int *n_words);

/** Says on stderr what is wrong with the command line and where the help is, and exits 2: for what
 * a table of options cannot express. `program` is argv[0]. */
_Noreturn void options_fail(const char *program, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
