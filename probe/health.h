/* health.h - folds single check results into a steady verdict on one address.
 * Pure: no I/O, no clock, no allocation; time is an argument. One owner thread per struct.
 * The axis `op` of docs/design.md; HAProxy's rise and fall, counted in a row. */
#ifndef PROBE_HEALTH_H
#define PROBE_HEALTH_H

#include <stdint.h>

#include "base/span.h"

/* The verdict on one address. GOING_DOWN still answers, GOING_UP does not yet. */
enum op { OP_UNCHECKED, OP_UP, OP_GOING_DOWN, OP_DOWN, OP_GOING_UP };

/* Whose fault a failure is, and how sure it is. */
enum fault {
    FAULT_NONE,  /* the check passed */
    FAULT_HARD,  /* the host said no: refused, reset; proves that our network works */
    FAULT_SOFT,  /* silence, an error status, an unusable reply */
    FAULT_LOCAL, /* our own trouble (descriptors, memory, no route at all): inconclusive, never
                    counted */
};

/* What a node says of itself: X-Node-State, a watch event, a preset's status. Acts at once. */
enum word { WORD_NONE, WORD_READY, WORD_FULL, WORD_DRAIN, WORD_MAINT, WORD_STARTING, WORD_FAILED };

/* Why a check ended as it did: rows of one table give fault, short word and sentence. */
enum reason {
    REASON_OK,
    REASON_REFUSED,
    REASON_RESET,
    REASON_UNREACHABLE,
    REASON_CONNECT_TIMEOUT,
    REASON_RESPONSE_TIMEOUT,
    REASON_CLOSED_EARLY, /* the peer closed before a whole reply */
    REASON_BAD_REPLY,    /* not HTTP, or over a bound */
    REASON_STATUS,       /* a status that was not expected */
    REASON_CONTENT,      /* body or header expected and missing, or forbidden and there */
    REASON_NODE_SAYS,    /* the node's own word: starting, failed */
    REASON_LOCAL,        /* our fault */
    REASON_COUNT
};

struct reason_row {
    enum fault fault;
    const char *word;     /* "refused": JSON, metrics labels */
    const char *sentence; /* "connection refused": status pages and logs */
};
extern const struct reason_row reasons[REASON_COUNT];

/** The reason behind the errno of a socket call. */
enum reason reason_of_errno(int error);

struct health_rule {
    uint8_t rise, fall; /* results in a row, 1..64 */
};

struct health_timing { /* milliseconds, from the start of one check to the start of the next */
    int64_t interval, fastinter, downinter;
    int64_t confirm_delay; /* after a hard failure */
    int64_t down_after;    /* `downinter` counts only after this long in DOWN */
};

struct health {
    enum op op;
    bool suspect;       /* withdrawn at once on a hard sign, not yet confirmed */
    uint8_t count;      /* results in a row towards the next state */
    enum reason reason; /* of the last check that was counted */
    int64_t changed_ms; /* monotonic; last change of op or suspect */
    int64_t success_ms; /* last passed check; 0 never */
};

/** Folds one finished check into `h`. A hard failure of a node that answers also makes it suspect
 * at once. WORD_STARTING and WORD_FAILED take it down at once; the other words count as a passed
 * check.
 *  @return true if `op` or `suspect` changed and must be published */
NODISCARD bool health_feed(struct health *h, struct health_rule rule, enum reason reason,
                           enum word word, int64_t now_ms);

/** The idle connection broke with a reset, or a confirming connect after FIN found silence: suspect
 * at once.
 *  @return true if it changed */
NODISCARD bool health_suspect(struct health *h, int64_t now_ms);

/** Milliseconds from the start of the last check to the start of the next one. */
int64_t health_delay(const struct health *h, const struct health_timing *t, int64_t now_ms);

/** True if the address may be given out as far as `op` goes: UP or GOING_DOWN, and not suspect. */
static inline bool health_eligible(const struct health *h)
{
    return (h->op == OP_UP || h->op == OP_GOING_DOWN) && !h->suspect;
}

const char *op_word(enum op op);       /* "up", "going_down", ... */
const char *word_text(enum word word); /* "ready", "full", ... */

#endif
