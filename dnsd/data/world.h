/* world.h - all that an answering thread reads, in one immutable value: zones and the images of
 * every service.
 *
 * Built and freed by the control thread alone, so its reference counts are plain integers; read by
 * answering threads between publish_pin and publish_unpin. Zones change only with a reload; a
 * change of one service builds only that service's images anew, the rest is shared with the world
 * before. */
#ifndef DNSD_DATA_WORLD_H
#define DNSD_DATA_WORLD_H

#include "dnsd/data/image.h"
#include "dnsd/data/zone.h"

enum { FAMILY_V4, FAMILY_V6, FAMILIES };

enum family_answer {
    FAMILY_NODATA,   /* the pool has no address of this family */
    FAMILY_SERVFAIL, /* it has, but every node is in maintenance */
    FAMILY_IMAGE,
};

struct family_view {
    enum family_answer kind;
    struct image *image; /* FAMILY_IMAGE; owned by the view */
};

/* One service as the answer path sees it. Counted; immutable. */
struct service_view {
    unsigned refs;
    struct family_view families[FAMILIES];
};

struct world {
    struct zones *zones; /* counted */
    uint64_t number;     /* rises with every world published */
    size_t n_services;   /* a zone node's service is an index into these */
    struct service_view *services[];
};

/** A view with one reference, its two families empty (FAMILY_NODATA). */
struct service_view *service_view_new(void);
void service_view_release(struct service_view *v); /* frees the images with the last reference */

/** Takes one more reference on the zones and on each view. */
struct world *world_new(struct zones *zones, struct service_view *const *services, size_t n,
                        uint64_t number);
void world_free(void *world); /* gives its references back; fits publish_new */

#endif
