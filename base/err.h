/* err.h - what went wrong while setting something up: a place and one sentence with the remedy.
 * Values in the caller's storage. Set-up code fills one and returns false; only the top prints it.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdio.h>

#include "base/span.h"

enum { ERR_TEXT = 400, ERR_FILE = 256 };

struct err {
    char file[ERR_FILE]; /* "" when no file is concerned */
    int line, col;       /* 1-based; 0 when unknown */
    char text[ERR_TEXT];
};

/** Fills `e` without a place; the arguments may be parts of `e`, so that
 * `err_set(e, "pool s3: %s", e->text)` puts words before. @return false always, so that `return
 * err_set(...)` reads well */
bool err_set(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** Fills `e` with a place in a file. @return false always */
bool err_at(struct err *e, const char *file, int line, int col, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/** Writes `file:line:col: text` (without the parts that are unknown) into `out`. @return `out` */
const char *err_format(const struct err *e, char *out, size_t size);

/* Several errors of one file, in the order found. */
struct errs {
    struct err *items;
    size_t n;
};

struct err *errs_add(struct errs *list); /* a new, empty entry to fill */
void errs_fini(struct errs *list);
void errs_print(const struct errs *list, FILE *to); /* one line each */

#endif
