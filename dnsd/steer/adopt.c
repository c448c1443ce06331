/* adopt.c - a new configuration takes over what is known of the nodes that stay. */
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/steer/model.h"

static void node_fini(struct node *node)
{
    free(node->spots);
    free(node->admin.reason);
    free(node->reason);
}

static void pool_fini(struct pool *pool)
{
    for (size_t i = 0; i < pool->conf->n_nodes; i++)
        node_fini(&pool->nodes[i]);
    free(pool->nodes);
    for (int f = 0; f < FAMILIES; f++)
        free(pool->picks[f].addrs);
    if (pool->view)
        service_view_release(pool->view);
}

void adopt_free_pools(struct pool *pools, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pool_fini(&pools[i]);
    free(pools);
}

/* What was known of a node, found by its name: names are one across the whole file. */
static struct node *find_by_name(struct pool *pools, size_t n, const char *name, struct pool **in)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < pools[i].conf->n_nodes; j++)
            if (strcmp(pools[i].nodes[j].conf->name, name) == 0) {
                *in = &pools[i];
                return &pools[i].nodes[j];
            }
    return NULL;
}

/* Another probe counts anew from the verdict that the old one had reached. */
static struct health settled(const struct health *h)
{
    struct health out = *h;
    out.count = 0;
    if (h->op == OP_GOING_DOWN)
        out.op = OP_UP;
    if (h->op == OP_GOING_UP)
        out.op = OP_DOWN;
    return out;
}

static void inherit_spots(struct node *node, const struct node *old, bool same_probe)
{
    for (size_t i = 0; i < node->conf->n_addrs; i++)
        for (size_t j = 0; j < old->conf->n_addrs; j++) {
            if (!addr_equal_ip(&node->spots[i].ip, &old->spots[j].ip))
                continue;
            struct spot *spot = &node->spots[i];
            spot->health = same_probe ? old->spots[j].health : settled(&old->spots[j].health);
            spot->checks = old->spots[j].checks;
            memcpy(spot->evidence, old->spots[j].evidence, sizeof spot->evidence);
        }
}

static void inherit(struct node *node, struct node *old, bool same_probe)
{
    node->admin = old->admin;
    old->admin.reason = NULL;
    node->load = old->load;
    node->since_wall_ms = old->since_wall_ms;
    node->state = old->state;
    inherit_spots(node, old, same_probe);
}

static void node_init(struct node *node, const struct steer_node *conf, int64_t wall_ms)
{
    *node = (struct node){.conf = conf, .state = NODE_UNCHECKED, .since_wall_ms = wall_ms};
    node->spots = NEW_ARRAY(struct spot, conf->n_addrs);
    for (size_t i = 0; i < conf->n_addrs; i++)
        node->spots[i].ip = conf->addrs[i];
}

static void add_targets(struct steer *s, uint32_t p, uint32_t n)
{
    const struct probe_conf *probe = s->pools[p].conf->probe;
    struct node *node = &s->pools[p].nodes[n];
    for (uint32_t k = 0; k < node->conf->n_addrs; k++) {
        uint32_t i = (uint32_t)s->n_targets++;
        struct addr at = node->spots[k].ip;
        at.port = (uint16_t)probe->port;
        node->spots[k].target = i;
        s->targets[i] = (struct steer_target){s->first_id + i, at, probe, node->spots[k].health};
        s->places[i] = (struct target_place){p, n, k};
    }
}

static size_t count_addresses(const struct steer_conf *conf)
{
    size_t n = 0;
    for (size_t i = 0; i < conf->n_pools; i++)
        for (size_t j = 0; j < conf->pools[i].n_nodes; j++)
            n += conf->pools[i].nodes[j].n_addrs;
    return n;
}

void steer_configure(struct steer *s, const struct steer_conf *conf, int64_t now_ms,
                     int64_t wall_ms)
{
    (void)now_ms;
    struct pool *old_pools = s->pools;
    size_t n_old = s->n_pools;
    size_t most = count_addresses(conf);

    s->first_id += (uint32_t)s->n_targets;
    s->n_targets = 0;
    s->targets = mem_resize(s->targets, (most + 1) * sizeof *s->targets);
    s->places = mem_resize(s->places, (most + 1) * sizeof *s->places);
    s->pools = NEW_ARRAY(struct pool, conf->n_pools);
    s->n_pools = conf->n_pools;
    for (uint32_t p = 0; p < conf->n_pools; p++) {
        struct pool *pool = &s->pools[p];
        pool->conf = &conf->pools[p];
        pool->nodes = NEW_ARRAY(struct node, pool->conf->n_nodes);
        for (uint32_t n = 0; n < pool->conf->n_nodes; n++) {
            struct node *node = &pool->nodes[n];
            struct pool *before = NULL;
            node_init(node, &pool->conf->nodes[n], wall_ms);
            struct node *old = find_by_name(old_pools, n_old, node->conf->name, &before);
            if (old)
                inherit(node, old, probe_conf_equal(before->conf->probe, pool->conf->probe));
            add_targets(s, p, n);
        }
        (void)steer_repick(s, pool, wall_ms);
    }
    adopt_free_pools(old_pools, n_old);
}

const struct steer_target *steer_targets(const struct steer *s, size_t *n)
{
    *n = s->n_targets;
    return s->targets;
}
