/* conf.h - YAML text into a C struct by one table of rows, with every error at file:line:col.
 *
 * One row per key says its type, bounds, default, help and whether a reload applies it; the same
 * rows parse, print `--show-config`, write the error texts, and are checked against the man page.
 * Defaults are text, read by the same parser as the file. Unknown and repeated keys are errors,
 * the former with a suggestion. `${VAR}`, `${VAR:-default}`, `$$` and `${file:/path}` expand inside
 * scalar values only. Everything read lives in the caller's arena. Set-up only; any thread, no
 * state between calls (but the environment, through getenv). */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

enum conf_kind {
    CONF_END,
    CONF_BOOL,     /* bool; yes no true false on off */
    CONF_INT,      /* int64_t; min..max */
    CONF_DURATION, /* int64_t milliseconds: 250ms 5s 2m 1h; min..max */
    CONF_SIZE,     /* int64_t bytes: 512 64KiB 5GiB; min..max */
    CONF_ENUM,     /* int; `words` */
    CONF_TEXT,     /* const char *, UTF-8 without control characters; min..max bytes */
    CONF_ADDR,     /* struct addr (base/net.h) without port */
    CONF_ENDPOINT, /* struct addr with port */
    CONF_PREFIX,   /* struct prefix */
    CONF_MAP,      /* a struct described by `sub`, embedded at `offset` */
    CONF_LIST,     /* struct conf_list of `elem`: a scalar kind, or CONF_MAP with `sub`; one value
                      instead of a list is a list of one */
    CONF_DICT,     /* struct conf_list of structs: names of the file's choosing -> CONF_MAP with
                      `sub`; the first member of each struct is its `const char *name` */
    CONF_LATER,    /* a key of a later version: an error that says so */
};

/* Where a value stood, for checks that come after parsing: 1-based. A key that the file left out
 * has the place of the map around it. 0:0 stands for a value that was wrong and is already
 * reported (or required and missing): later checks have nothing to add about it. */
struct conf_at {
    int line, col;
};

struct conf_list {
    void *items; /* n elements of `elem_size` bytes, in the order of the file */
    size_t n;
    const struct conf_at *at; /* n places, one per element */
};

struct conf_word {
    const char *word; /* NULL ends a table of words */
    int64_t value;
};

struct conf_field {
    enum conf_kind kind;
    const char *key;
    size_t offset;
    const char *dflt; /* text of a scalar, YAML of a list, map or dict; NULL: zero, an empty list,
                         a map of defaults; CONF_REQUIRED: the key must be given */
    int64_t min, max; /* bounds of the value or of each element; both 0: none */
    const struct conf_word *words; /* CONF_ENUM: the values; other scalars: words accepted besides
                                      ("all", "auto"); of a text or an address: "off", for none */
    enum conf_kind elem;           /* CONF_LIST, CONF_DICT */
    size_t elem_size;
    const struct conf_field *sub; /* rows of CONF_MAP, or of map elements */
    const char *shorthand; /* what is no map where a map is expected is the value of this key of
                              `sub` */
    const char *unit;      /* for help texts: "connections" */
    bool restart;          /* a reload cannot apply it */
    bool secret;           /* a text that --show-config prints as *** */
    const char *help;      /* one sentence for the man page */
    size_t given_offset;   /* 0, or where a bool says that the file gave this key */
    size_t at_offset;      /* 0, or where a struct conf_at of this key's value goes */
};

extern const char CONF_REQUIRED[];

enum {
    CONF_MAX_FILE = 16 << 20, /* bytes */
    CONF_MAX_DEPTH = 32,      /* lists and maps inside one another */
    CONF_MAX_VALUES = 1000000,
    CONF_MAX_ERRORS = 100, /* of one file; the last entry then says that there are more */
};

/** Reads `path` into every member of `*out` that a row names: defaults first, then the file.
 *  @return false with an entry in `errs` for every error found, in file order:
 *  `FILE:LINE:COL: path.to.key[0]: what is wrong` (elements count from 0); text that is not YAML
 *  gives a single error, and leaves the defaults without places */
NODISCARD bool conf_load(const char *path, const struct conf_field *rows, void *out,
                         struct arena *arena, struct errs *errs);

/** The same over text in memory; `name` stands in the errors. */
NODISCARD bool conf_parse(struct span text, const char *name, const struct conf_field *rows,
                          void *out, struct arena *arena, struct errs *errs);

/** Adds what a check after parsing found; `fmt` begins with the path of the key. Silent about a
 * value at 0:0 (see struct conf_at) and beyond CONF_MAX_ERRORS. Checks done, call conf_errs_sort.
 */
void conf_errs_add(struct errs *errs, const char *name, struct conf_at at, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/** Puts the errors of one file into file order; those of one place stay as they were. */
void conf_errs_sort(struct errs *errs);

struct buf;

/** Writes the effective values as YAML that conf_parse reads back to the same values (secrets as
 * ***). A key without default whose value is zero is left out, which means the same. */
void conf_show(const struct conf_field *rows, const void *in, struct buf *out);

/** Calls `visit` for every row, those of `sub` after their own, in table order; `path` is
 * `pools.NAME.nodes[].weight`. Made for man pages and for tests of the tables. */
void conf_walk(const struct conf_field *rows,
               void (*visit)(void *arg, const char *path, const struct conf_field *row), void *arg);

/** What a row accepts, in words for people: `duration, 100ms..1h`, `balanced or rotate`. */
void conf_describe(const struct conf_field *row, struct buf *out);

/** The candidate nearest to `word`, for "did you mean"; NULL if none is near. `next(arg, i)` gives
 * candidate i or NULL at the end. */
const char *conf_nearest(struct span word, const char *(*next)(const void *arg, size_t i),
                         const void *arg);

#endif
