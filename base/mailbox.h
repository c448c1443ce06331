/* mailbox.h - messages between control threads: any thread posts, one thread takes.
 * A mutex and an eventfd; never used by answering threads. Messages are heap blocks that change
 * owner. */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include "base/span.h"

struct mailbox;

/** First member of every message. */
struct mail {
    struct mail *next;
};

struct mailbox *mailbox_new(void);

/** Frees the box and, with free(), what nobody took. */
void mailbox_free(struct mailbox *m);

/** Hands `mail` over; wakes the taker. */
void mailbox_post(struct mailbox *m, struct mail *mail);

/** All messages in the order posted, linked by `next`, and clears the wake-up; NULL when there are
 * none. */
struct mail *mailbox_take(struct mailbox *m);

/** Becomes readable when a message waits: for the taker's loop. */
int mailbox_fd(const struct mailbox *m);

#endif
