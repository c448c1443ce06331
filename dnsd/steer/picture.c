/* picture.c - the present state as rows for people. */
#include "base/buf.h"
#include "base/clock.h"
#include "dnsd/data/status_text.h"
#include "dnsd/steer/model.h"

static const char *load_words(enum load_state state)
{
    static const char *const words[] = {
        [LOAD_UNKNOWN] = "unknown", [LOAD_NORMAL] = "normal", [LOAD_FULL] = "full"};
    return words[state];
}

static struct status_node picture_node(struct arena *a, const struct node *node)
{
    const struct load *load = &node->load;
    bool known = load->state != LOAD_UNKNOWN && load->last.given;
    return (struct status_node){
        .name = arena_text(a, span_of(node->conf->name)),
        .addrs = arena_copy(a, node->conf->addrs, node->conf->n_addrs * sizeof *node->conf->addrs),
        .n_addrs = node->conf->n_addrs,
        .state = node->state,
        .op = words_best_spot(node)->health.suspect ? "suspect"
                                                    : op_word(words_best_spot(node)->health.op),
        .admin = words_admin(node),
        .load_state = load_words(load->state),
        .load = known ? load->last.value : -1,
        .limit = known ? load->last.limit : 0,
        .since_wall_ms = node->since_wall_ms,
        .reason = arena_text(a, span_of(node->reason)),
        .answered = node->answered,
    };
}

/* What is wrong with the pool as a whole, or NULL. */
static const char *picture_warning(struct arena *a, const struct pool *pool)
{
    size_t eligible = 0, n = pool->conf->n_nodes;
    for (size_t i = 0; i < n; i++)
        eligible += ladder_node_eligible(&pool->nodes[i]);
    if (pool->picks[FAMILY_V4].n + pool->picks[FAMILY_V6].n == 0)
        return arena_printf(a, "every node is in maintenance: there is no answer but SERVFAIL");
    if (eligible == 0)
        return arena_printf(
            a, "no node of %zu is eligible: the answers fall back to the best that is left", n);
    if (eligible < pool->conf->min_nodes)
        return arena_printf(
            a, "%zu of %zu nodes eligible, fewer than min_nodes %zu: full ones answer too",
            eligible, n, pool->conf->min_nodes);
    return NULL;
}

static struct status_pool picture_pool(struct arena *a, const struct pool *pool, size_t service)
{
    const struct steer_pool *conf = pool->conf;
    struct status_node *nodes = ARENA_ARRAY(a, struct status_node, conf->n_nodes);
    const char **names = ARENA_ARRAY(a, const char *, conf->n_names);
    struct status_pool out = {.name = arena_text(a, span_of(conf->name)),
                              .names = names,
                              .n_names = conf->n_names,
                              .service = (int32_t)service,
                              .warning = picture_warning(a, pool),
                              .nodes = nodes,
                              .n_nodes = conf->n_nodes};
    for (size_t i = 0; i < conf->n_names; i++)
        names[i] = arena_text(a, span_of(conf->names[i]));
    for (size_t i = 0; i < conf->n_nodes; i++) {
        nodes[i] = picture_node(a, &pool->nodes[i]);
        out.by_state[nodes[i].state]++;
    }
    return out;
}

struct status *steer_status(const struct steer *s, int64_t now_ms, int64_t wall_ms)
{
    (void)now_ms;
    struct arena *a = arena_new();
    struct status *status = ARENA_NEW(a, struct status);
    struct status_pool *pools = ARENA_ARRAY(a, struct status_pool, s->n_pools);
    for (size_t p = 0; p < s->n_pools; p++)
        pools[p] = picture_pool(a, &s->pools[p], p);
    *status = (struct status){
        .arena = a, .built_wall_ms = wall_ms, .pools = pools, .n_pools = s->n_pools};
    status_text_build(status);
    return status;
}
