#include "dnsd/publish.h"

#include <event2/event.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

/* Something published at most once per interval: at once when it was quiet, else when the interval
 * is over. */
struct paced {
    struct event *timer;
    int64_t interval_ms, last_ms;
    bool due;
    bool (*publish)(struct publisher *p); /* false: not now, try again after the interval */
    struct publisher *owner;
};

struct publisher {
    struct steer *steer;
    struct zones *zones;
    struct publish *worlds, *statuses, *settings;
    struct paced world, picture;
    struct event *sweep; /* frees what no reader sees any more */
    counter published, waiting;
    bool open;
};

enum { SWEEP_MS = 100 };

static struct timeval after_ms(int64_t ms)
{
    return (struct timeval){ms / 1000, ms % 1000 * 1000};
}

/* Frees the worlds that no reader sees any more. @return how many still wait */
static size_t reclaim_worlds(struct publisher *p)
{
    size_t waiting = publish_reclaim(p->worlds);
    atomic_store_explicit(&p->waiting, waiting, memory_order_relaxed);
    return waiting;
}

/* A reader that stands still must not cost memory without bound: the newest world waits for it. */
static bool publish_world(struct publisher *p)
{
    if (reclaim_worlds(p) >= PUBLISH_MAX_WAITING)
        return false;
    publish_set(p->worlds, steer_world(p->steer, p->zones));
    reclaim_worlds(p);
    counter_add(&p->published, 1);
    return true;
}

static bool publish_picture(struct publisher *p)
{
    if (publish_reclaim(p->statuses) >= PUBLISH_MAX_WAITING)
        return false;
    publish_set(p->statuses, steer_status(p->steer, clock_ms(), clock_wall_ms()));
    publish_reclaim(p->statuses);
    return true;
}

static bool paced_wait(struct paced *x, int64_t ms)
{
    struct timeval delay = after_ms(ms);
    x->due = ms > 0 && event_add(x->timer, &delay) == 0;
    return x->due;
}

/* Publishes, or waits for the rest of the interval. */
static void paced_go(struct paced *x)
{
    int64_t now_ms = clock_ms();
    if (paced_wait(x, x->last_ms + x->interval_ms - now_ms))
        return;
    x->last_ms = now_ms;
    if (!x->publish(x->owner))
        (void)paced_wait(x, x->interval_ms);
}

/* A timer counts from when its loop woke up, which may be early: paced_go looks at the clock. */
static void on_paced(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    paced_go(arg);
}

static void paced_request(struct paced *x)
{
    if (!x->due && x->owner->open)
        paced_go(x);
}

static void paced_init(struct paced *x, struct publisher *p, struct event_base *base,
                       int64_t interval_ms, bool (*publish)(struct publisher *p))
{
    *x = (struct paced){
        .interval_ms = interval_ms, .last_ms = -interval_ms, .publish = publish, .owner = p};
    x->timer = event_new(base, -1, 0, on_paced, x);
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
    struct publisher *p = arg;
    (void)fd, (void)what;
    reclaim_worlds(p);
    publish_reclaim(p->statuses);
    publish_reclaim(p->settings);
}

struct publisher *publisher_new(struct event_base *base, struct steer *steer, unsigned readers)
{
    struct publisher *p = NEW(struct publisher);
    p->steer = steer;
    p->worlds = publish_new(readers, world_free);
    p->statuses = publish_new(readers, status_free);
    p->settings = publish_new(readers, free);
    paced_init(&p->world, p, base, PUBLISH_INTERVAL_MS, publish_world);
    paced_init(&p->picture, p, base, PICTURE_INTERVAL_MS, publish_picture);
    p->sweep = event_new(base, -1, EV_PERSIST, on_sweep, p);
    struct timeval every = after_ms(SWEEP_MS);
    event_add(p->sweep, &every);
    return p;
}

void publisher_free(struct publisher *p)
{
    event_free(p->world.timer);
    event_free(p->picture.timer);
    event_free(p->sweep);
    publish_free(p->worlds);
    publish_free(p->statuses);
    publish_free(p->settings);
    if (p->zones)
        zones_release(p->zones);
    free(p);
}

void publisher_set_zones(struct publisher *p, struct zones *zones)
{
    zones_hold(zones);
    if (p->zones)
        zones_release(p->zones);
    p->zones = zones;
}

void publisher_set_settings(struct publisher *p, struct answer_settings *settings)
{
    publish_set(p->settings, settings);
}

void publisher_open(struct publisher *p)
{
    p->open = true;
    paced_request(&p->world);
    paced_request(&p->picture);
}

void publisher_changed(struct publisher *p)
{
    paced_request(&p->world);
    paced_request(&p->picture);
}

void publisher_picture(struct publisher *p)
{
    paced_request(&p->picture);
}

struct publish *publisher_worlds(struct publisher *p)
{
    return p->worlds;
}

struct publish *publisher_statuses(struct publisher *p)
{
    return p->statuses;
}

struct publish *publisher_settings(struct publisher *p)
{
    return p->settings;
}

counter *publisher_count(struct publisher *p)
{
    return &p->published;
}

counter *publisher_waiting(struct publisher *p)
{
    return &p->waiting;
}
