/* build.c - the present state as a world for the answering threads. */
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/steer/model.h"

enum { TYPE_OF_V4 = 1, TYPE_OF_V6 = 28 };

/* A pool that answers from the ladder is in trouble: clients should come back soon. */
static struct family_view family_build(const struct steer *s, const struct pool *pool,
                                       size_t service, int family)
{
    const struct picks *picks = &pool->picks[family];
    if (!picks->family_exists)
        return (struct family_view){FAMILY_NODATA, NULL};
    if (picks->n == 0)
        return (struct family_view){FAMILY_SERVFAIL, NULL};
    uint32_t ttl_s = picks->topped_up ? pool->conf->ttl_min_s : pool->conf->ttl_s;
    uint64_t seed = s->seed + service * FAMILIES + (uint64_t)family;
    return (struct family_view){
        FAMILY_IMAGE, image_build(family == FAMILY_V4 ? TYPE_OF_V4 : TYPE_OF_V6, picks->addrs,
                                  picks->n, pool->conf->answers, ttl_s, seed)};
}

static struct service_view *view_build(const struct steer *s, const struct pool *pool,
                                       size_t service)
{
    struct service_view *view = service_view_new();
    for (int f = 0; f < FAMILIES; f++)
        view->families[f] = family_build(s, pool, service, f);
    return view;
}

struct world *steer_world(struct steer *s, struct zones *zones)
{
    struct service_view **views = NEW_ARRAY(struct service_view *, s->n_pools);
    for (size_t p = 0; p < s->n_pools; p++) {
        struct pool *pool = &s->pools[p];
        if (!pool->view)
            pool->view = view_build(s, pool, p);
        views[p] = pool->view;
    }
    struct world *world = world_new(zones, views, s->n_pools, ++s->world_number);
    free(views);
    return world;
}
