/* load.h - what a node reports of its load, and the latch that takes a full node out and lets it
 * back in. Pure; one owner thread per struct. Limits as docs/contract: out at `stop` or more, back
 * below `resume`. */
#ifndef PROBE_LOAD_H
#define PROBE_LOAD_H

#include <stdint.h>

#include "base/span.h"
#include "probe/health.h"

struct load_report {
    bool given;     /* a load was reported; without one `word` may still be there */
    uint64_t boot;  /* identity of the node's process, hashed; 0 none */
    uint64_t seq;   /* rises with every report of one boot */
    enum word word; /* the node's own state, WORD_NONE if it gives a bare number */
    double value;   /* connections; finite, never negative */
    double limit;   /* the node's own limit, 0 unknown */
};

/** Reads the value of X-Node-Load: `boot=5f1c;seq=123;state=ready;conns=512;limit=1536`.
 *  Only `conns` must be there. Unknown keys are ignored; a malformed number (a sign, hex, NaN, a
 *  comma), a key given twice or anything that is no `key=value` makes the whole report unusable.
 *  @return false with `*out` zeroed if it is not usable */
NODISCARD bool load_parse_header(struct span value, struct load_report *out);

/** Reads an X-Node-State value. @return WORD_NONE if it is none of the known words */
enum word word_parse(struct span text);

struct load_rule {
    double stop, resume; /* for sources that give a bare number */
    int64_t expire_ms;   /* a report older than this is no longer known */
};

enum load_state { LOAD_UNKNOWN, LOAD_NORMAL, LOAD_FULL };

struct load {
    enum load_state state;
    struct load_report last; /* newest accepted report */
    int64_t at_ms;           /* when it was accepted, monotonic */
    int64_t changed_ms;
};

/** Folds one report in. A node that says `ready` or `full` owns its latch, with or without a
 * number; a bare number goes through stop and resume, one report being enough both ways, and a new
 * boot starts with an open latch. A number above 2^53 is absurd and closes the latch: the safe
 * side. A report whose seq did not rise within one boot is not a new one.
 *  @return true if the state changed */
NODISCARD bool load_feed(struct load *l, const struct load_rule *rule, const struct load_report *r,
                         int64_t now_ms);

/** Ages the report: a frozen or silent reporter is unknown, never idle. @return true if the state
 * changed to LOAD_UNKNOWN */
NODISCARD bool load_age(struct load *l, const struct load_rule *rule, int64_t now_ms);

#endif
