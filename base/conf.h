/* conf.h - YAML text into a C struct by one table of rows, with every error at file:line:col.
 *
 * One row per key says its type, bounds, default, help and whether a reload applies it; the same
 * rows parse, print `--show-config`, write the error texts, and are checked against the man page.
 * Defaults are YAML text, read by the same parser as the file. Unknown keys are errors with a
 * suggestion. `${VAR}`, `${VAR:-default}`, `$$` and
 * `${file:/path}` expand inside scalar values only. Everything read lives in the caller's arena.
 * Set-up only. */
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
    CONF_TEXT,     /* const char *; length min..max bytes */
    CONF_ADDR,     /* struct addr (base/net.h) without port */
    CONF_ENDPOINT, /* struct addr with port */
    CONF_PREFIX,   /* struct prefix */
    CONF_MAP,      /* a struct described by `sub`, embedded at `offset` */
    CONF_LIST, /* struct conf_list of `elem` (a scalar kind, or CONF_MAP with `sub`); a scalar is a
                  list of one */
    CONF_DICT, /* struct conf_list of structs: names of the file's choosing -> `elem` as in
                  CONF_LIST; the first member of each struct is its `const char *name` */
};

struct conf_list {
    void *items; /* n elements of `elem_size` bytes, in the order of the file */
    size_t n;
};

struct conf_word {
    const char *word;
    int64_t value;
};

/* Where a value stood, for checks that come after parsing. Every struct described by rows may have
 * one. */
struct conf_at {
    int line, col;
};

struct conf_field {
    enum conf_kind kind;
    const char *key;
    size_t offset;
    const char *dflt; /* YAML text; NULL: zero; CONF_REQUIRED: the key must be given */
    int64_t min, max; /* bounds; both 0: none */
    const struct conf_word
        *words; /* CONF_ENUM: the values; other scalars: words accepted besides ("all", "off") */
    enum conf_kind elem; /* CONF_LIST, CONF_DICT */
    size_t elem_size;
    const struct conf_field *sub; /* rows of CONF_MAP, or of map elements */
    const char *shorthand; /* a scalar where a map is expected is the value of this key of `sub` */
    const char *unit;      /* for help texts: "connections" */
    bool restart;          /* a reload cannot apply it */
    bool secret;           /* --show-config prints it as *** */
    const char *help;      /* one sentence for the man page */
    size_t given_offset;   /* 0, or where a bool says that the file gave this key */
    size_t at_offset;      /* 0, or where a struct conf_at of this key's value goes */
};

extern const char CONF_REQUIRED[];

/** Reads `path` into `*out` by `rows` (zeroes it first, then defaults, then the file).
 *  @return false with one entry in `errs` for every error found, in file order */
NODISCARD bool conf_load(const char *path, const struct conf_field *rows, void *out,
                         struct arena *arena, struct errs *errs);

/** The same over text in memory; `name` stands in the errors. */
NODISCARD bool conf_parse(struct span text, const char *name, const struct conf_field *rows,
                          void *out, struct arena *arena, struct errs *errs);

struct buf;

/** Writes the effective values as YAML that conf_parse reads back to the same values (secrets as
 * ***). */
void conf_show(const struct conf_field *rows, const void *in, struct buf *out);

/** The candidate nearest to `word`, for "did you mean"; NULL if none is near. `next(i)` gives
 * candidate i or NULL. */
const char *conf_nearest(struct span word, const char *(*next)(const void *arg, size_t i),
                         const void *arg);

#endif
