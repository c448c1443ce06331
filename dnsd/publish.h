/* publish.h - from a change to the answering threads: the first change goes out at once, later ones
 * at most 100 times a second; pictures for people at most once a second. On the control thread. */
#ifndef DNSD_PUBLISH_H
#define DNSD_PUBLISH_H

#include "base/metrics.h"
#include "base/publish.h"
#include "dnsd/steer/steer.h"

struct answer_settings;
struct event_base;
struct publisher;

enum {
    PUBLISH_INTERVAL_MS = 10,
    PICTURE_INTERVAL_MS = 1000,
    PUBLISH_MAX_WAITING = 16, /* old worlds kept for readers; with more, new ones wait as well */
};

/** `readers` slots for whoever pins worlds and pictures. `steer` is borrowed. */
struct publisher *publisher_new(struct event_base *base, struct steer *steer, unsigned readers);

/** No reader may be pinned any more. */
void publisher_free(struct publisher *p);

/** The zones of the worlds from now on; takes a reference. */
void publisher_set_zones(struct publisher *p, struct zones *zones);

/** What answering threads obey besides the world, from now on; one heap block, taken over. */
void publisher_set_settings(struct publisher *p, struct answer_settings *settings);

/** No world and no picture is published before this call; it publishes both at once. */
void publisher_open(struct publisher *p);

/** The answers changed: publishes now, or when 10 ms have passed since the last time. */
void publisher_changed(struct publisher *p);

/** Something that people see changed: a new picture now, or when a second has passed since the last
 * one. */
void publisher_picture(struct publisher *p);

struct publish *publisher_worlds(struct publisher *p);
struct publish *publisher_statuses(struct publisher *p);
struct publish *publisher_settings(struct publisher *p);
counter *publisher_count(struct publisher *p);   /* worlds published */
counter *publisher_waiting(struct publisher *p); /* old worlds that a reader still holds: a gauge */

#endif
