/* piece.h - memory for bytes on their way between a socket and the pool, and a tally of how much of
 * it all connections hold, so that many slow clients cannot take more than a few fast ones.
 * A piece belongs to its connection; the tally is shared by all threads. */
#ifndef S3NODE_SERVE_PIECE_H
#define S3NODE_SERVE_PIECE_H

#include <stdatomic.h>

#include "base/span.h"

enum { PIECE_HEAD = 8 * 1024 /* bytes to read a head with, and a small body */ };

typedef _Atomic size_t piece_tally;

struct piece {
    char *p;
    size_t cap;
    size_t at, len; /* the bytes p[at..len) wait to be used */
};

/** How large a piece of a body should be now: 256 KiB while less than 8 MiB are held, 64 KiB up to
 *  16 MiB, then 16 KiB. */
size_t piece_size(const piece_tally *held);

/** True if so much is held that a piece should not wait for a slow client. */
bool piece_scarce(const piece_tally *held);

/** Makes room for `cap` bytes in all; what is in it stays. */
void piece_grow(struct piece *piece, size_t cap, piece_tally *held);

/** Gives the memory back. */
void piece_drop(struct piece *piece, piece_tally *held);

static inline struct span piece_span(const struct piece *piece)
{
    return span_bytes(piece->p + piece->at, piece->len - piece->at);
}

static inline bool piece_empty(const struct piece *piece)
{
    return piece->at == piece->len;
}

#endif
