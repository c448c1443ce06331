/* test_random.c - random reports, orders, ticks and reloads; what must always hold is checked after
 * each. A seed as the first argument repeats one run. */
#include "base/rand.h"
#include "tests/unit/dnsd/steer/steer_answer.h"

enum { RUNS = 40, EVENTS = 400 };

static const char *const cast[] = {"a=10.0.0.1",
                                   "b=10.0.0.2,2001:db8::2",
                                   "c=2001:db8::3",
                                   "d=10.0.0.4,10.0.1.4",
                                   "e=10.0.0.5,2001:db8::5,2001:db8::6",
                                   NULL};

static const char *const ops[] = {"up",   "up",       "up",        "going_down", "suspect",
                                  "down", "going_up", "unchecked", "down/20"};
static const char *const extras[] = {"", "", "", "+full/50", "+full/99", "+drain", "+maint"};
static const char *const patterns[] = {"a", "b", "c", "d", "e", "[ab]", "*", "10.0.*", "s3/e"};

#define PICK(r, array) ((array)[rand_below((r), COUNT(array))])

/* --- events --- */

static void random_report(struct stage *s, struct rand *r)
{
    char situation[64];
    size_t node = rand_below(r, (uint32_t)s->pool.n_nodes);
    const char *op = PICK(r, ops), *extra = PICK(r, extras);
    snprintf(situation, sizeof situation, "%s%s", op, extra);
    (void)stage_put(s, node, rand_below(r, (uint32_t)s->nodes[node].n_addrs), situation);
}

static void random_order(struct stage *s, struct rand *r)
{
    size_t matched;
    bool changed;
    struct steer_request order = {.node = PICK(r, patterns),
                                  .order = (enum steer_order)rand_below(r, 3),
                                  .reason = rand_below(r, 2) ? "at random" : NULL,
                                  .force = rand_below(r, 2)};
    if (rand_below(r, 2))
        order.until_ms = s->now_ms + rand_below(r, 20000);
    (void)steer_order(s->steer, &order, s->now_ms, STAGE_WALL, &matched, &changed);
}

static void random_event(struct stage *s, struct rand *r)
{
    switch (rand_below(r, 8)) {
    case 0:
        random_order(s, r);
        break;
    case 1:
        s->now_ms += rand_below(r, 3000);
        if (steer_tick(s->steer, s->now_ms, STAGE_WALL))
            s->n_changes++;
        break;
    case 2:
        s->pool.n_nodes = 3 + rand_below(r, 3);
        s->pool.min_nodes = rand_below(r, 4);
        stage_configure(s);
        break;
    default:
        random_report(s, r);
    }
}

/* --- what must hold, judged without the ladder's own code --- */

struct census { /* addresses of one family */
    size_t all, in_maint, eligible, serving;
    size_t picked, picked_in_maint, picked_eligible, picked_serving;
};

static bool is_eligible(const struct node *n, const struct spot *spot)
{
    return health_eligible(&spot->health) && n->admin.order == ORDER_NONE &&
           n->admin.said == WORD_NONE && n->load.state != LOAD_FULL;
}

/* Eligible, suspect or full: what may top up. */
static bool is_serving(const struct node *n, const struct spot *spot)
{
    bool op = spot->health.op == OP_UP || spot->health.op == OP_GOING_DOWN;
    return op && n->admin.order == ORDER_NONE && n->admin.said == WORD_NONE;
}

static bool is_in_maint(const struct node *n)
{
    return n->admin.order == ORDER_MAINT || n->admin.said == WORD_MAINT;
}

static bool contains(const struct picks *p, const struct addr *ip)
{
    for (size_t i = 0; i < p->n; i++)
        if (addr_equal_ip(&p->addrs[i], ip))
            return true;
    return false;
}

static struct census count(const struct pool *pool, int family)
{
    struct census c = {0};
    for (size_t i = 0; i < pool->conf->n_nodes; i++)
        for (size_t k = 0; k < pool->nodes[i].conf->n_addrs; k++) {
            const struct node *n = &pool->nodes[i];
            const struct spot *spot = &n->spots[k];
            if ((spot->ip.family == AF_INET) != (family == FAMILY_V4))
                continue;
            bool picked = contains(&pool->picks[family], &spot->ip);
            c.all++;
            c.in_maint += is_in_maint(n);
            c.eligible += is_eligible(n, spot);
            c.serving += is_serving(n, spot);
            c.picked += picked;
            c.picked_in_maint += picked && is_in_maint(n);
            c.picked_eligible += picked && is_eligible(n, spot);
            c.picked_serving += picked && is_serving(n, spot);
        }
    return c;
}

static void check_family(const struct pool *pool, int family)
{
    struct census c = count(pool, family);
    assert_int_equal(pool->picks[family].n, c.picked);
    assert_int_equal(pool->picks[family].family_exists, c.all > 0);
    assert_int_equal(c.picked_in_maint, 0);
    assert_int_equal(c.picked == 0, c.all == c.in_maint);
    assert_int_equal(c.picked_eligible, c.eligible);
    if (c.eligible == 0)
        return;
    assert_int_equal(c.picked_serving, c.picked);
    size_t wanted = c.serving < pool->conf->min_nodes ? c.serving : pool->conf->min_nodes;
    assert_int_equal(c.picked, c.eligible > wanted ? c.eligible : wanted);
    assert_int_equal(pool->picks[family].topped_up, c.picked > c.eligible);
}

static void check(struct stage *s)
{
    char text[256];
    const struct pool *pool = &s->steer->pools[0];
    for (int f = 0; f < FAMILIES; f++)
        check_family(pool, f);
    for (size_t i = 0; i < pool->conf->n_nodes; i++) {
        bool in = false;
        const struct node *n = &pool->nodes[i];
        for (size_t k = 0; k < n->conf->n_addrs; k++)
            in |= contains(&pool->picks[FAMILY_V4], &n->conf->addrs[k]) ||
                  contains(&pool->picks[FAMILY_V6], &n->conf->addrs[k]);
        assert_int_equal(n->answered, in);
        assert_non_null(n->reason);
        assert_int_equal(n->state, words_state(n));
    }
    for (int f = 0; f < FAMILIES; f++) { /* the world says what the picks say */
        (void)stage_answer(s, f, text);
        assert_int_equal(strcmp(text, "NODATA") == 0, !pool->picks[f].family_exists);
        assert_int_equal(strcmp(text, "SERVFAIL") == 0,
                         pool->picks[f].family_exists && pool->picks[f].n == 0);
    }
}

static void run(uint64_t seed)
{
    struct rand r = {seed};
    struct stage *s = stage_open(cast);
    size_t n_all = s->pool.n_nodes;
    for (int i = 0; i < EVENTS; i++) {
        random_event(s, &r);
        check(s);
    }
    s->pool.n_nodes = n_all;
    stage_configure(s);
    check(s);
    stage_close(s);
}

static void whatever_happens(void **state)
{
    uint64_t seed = *state ? strtoull(*state, NULL, 0) : rand_seed();
    for (int i = 0; i < (*state ? 1 : RUNS); i++, seed++) {
        print_message("seed %#llx\n", (unsigned long long)seed);
        run(seed);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(whatever_happens, argc > 1 ? argv[1] : NULL),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
