/* thread.h - a thread that runs one libevent loop until it is told to stop. */
#ifndef DNSD_SERVE_THREAD_H
#define DNSD_SERVE_THREAD_H

#include <pthread.h>

#include "base/err.h"

struct event;
struct event_base;

/* In the owner's storage. The owner adds its events to `base` between thread_init and thread_start.
 */
struct thread {
    struct event_base *base;
    const char *name;
    struct event *wake; /* readable when it shall stop */
    int wake_fd;
    void (*at_end)(struct event_base *base,
                   void *arg); /* in the thread, after its loop: free the events */
    void *arg;
    pthread_t id;
};

/** A loop for one thread, without libevent's own locks; waiting for 10 ms means 10 ms, not a tick
 * of the kernel more. @return NULL without memory or descriptors */
struct event_base *thread_loop(void);

/** Makes the loop. `name` (at most 15 bytes) shows in `top -H`. @return false with `err`, and
 * nothing to free */
NODISCARD bool thread_init(struct thread *t, const char *name,
                           void (*at_end)(struct event_base *base, void *arg), void *arg,
                           struct err *err);

/** Starts running it. @return false with `err` */
NODISCARD bool thread_start(struct thread *t, struct err *err);

/** Frees the loop of a thread that was never started; the owner's events must be gone. */
void thread_fini(struct thread *t);

/** Ends the loop, runs `at_end`, waits for the thread, frees the loop. */
void thread_stop(struct thread *t);

#endif
