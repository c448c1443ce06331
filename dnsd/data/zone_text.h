/* zone_text.h - a master file as entries: comments gone, parentheses joined, each with the line on
 * which it begins (RFC 1035 5.1). Knows nothing of what an entry means. Set-up only; the caller
 * owns the stream and the struct. */
#ifndef DNSD_DATA_ZONE_TEXT_H
#define DNSD_DATA_ZONE_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

enum { ZONE_ENTRY_MAX = 60000 }; /* characters of an entry: no record of a message needs more */

struct zone_text {
    FILE *from;
    uint64_t max_bytes; /* of the whole file */
    uint64_t bytes;     /* read so far */
    int line;           /* where reading stands */
    int entry_line;     /* where the last entry began */
    struct buf entry;   /* its text; a blank in front means: no owner */
};

enum zone_text_read {
    ZONE_TEXT_ENTRY, /* see entry */
    ZONE_TEXT_BAD,   /* this entry is wrong; the next one may be good */
    ZONE_TEXT_STOP,  /* the file cannot be read any further */
    ZONE_TEXT_END,
};

/** Starts at line 1 of `from`. */
void zone_text_init(struct zone_text *t, FILE *from, uint64_t max_bytes);
void zone_text_fini(struct zone_text *t);

/** Reads the next entry that is not empty. Memory is bounded by ZONE_ENTRY_MAX, whatever the file
 * holds. @return what came; with BAD and STOP `err` has the sentence, without a place */
enum zone_text_read zone_text_next(struct zone_text *t, struct err *err);

#endif
