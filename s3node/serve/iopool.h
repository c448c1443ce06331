/* iopool.h - a few threads for what may block: disk, network filesystems, hashing of large pieces.
 * Jobs run in the order posted, each to its end; a loop has at most one job of a connection here,
 * so every connection gets its turn. */
#ifndef S3NODE_SERVE_IOPOOL_H
#define S3NODE_SERVE_IOPOOL_H

#include "base/mailbox.h"

struct iopool;

/* One piece of work; part of a larger struct that outlives it. */
struct job {
    struct mail mail;           /* the way home */
    struct job *next;           /* the way there */
    struct mailbox *home;       /* where `done` is to be called; NULL: nowhere */
    void (*run)(struct job *);  /* on a pool thread; may block */
    void (*done)(struct job *); /* on the thread that takes from `home` */
};

struct iopool *iopool_new(unsigned threads);

/** Runs what is still queued, then ends the threads. */
void iopool_free(struct iopool *p);

/** Any thread; never blocks. */
void iopool_post(struct iopool *p, struct job *job);

/** Calls `done` of every job that came home. */
void iopool_collect(struct mailbox *home);

#endif
