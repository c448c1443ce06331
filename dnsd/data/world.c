#include "dnsd/data/world.h"

#include <stdlib.h>

#include "base/mem.h"

struct service_view *service_view_new(void)
{
    struct service_view *v = NEW(struct service_view);
    v->refs = 1;
    return v;
}

void service_view_release(struct service_view *v)
{
    if (!v || --v->refs > 0)
        return;
    for (int i = 0; i < FAMILIES; i++)
        free(v->families[i].image);
    free(v);
}

struct world *world_new(struct zones *zones, struct service_view *const *services, size_t n,
                        uint64_t number)
{
    struct world *w = mem_alloc(1, sizeof *w + n * sizeof *services);
    zones_hold(zones);
    w->zones = zones;
    w->number = number;
    w->n_services = n;
    for (size_t i = 0; i < n; i++) {
        w->services[i] = services[i];
        w->services[i]->refs++;
    }
    return w;
}

void world_free(void *world)
{
    struct world *w = world;
    if (!w)
        return;
    for (size_t i = 0; i < w->n_services; i++)
        service_view_release(w->services[i]);
    zones_release(w->zones);
    free(w);
}
