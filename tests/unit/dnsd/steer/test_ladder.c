/* test_ladder.c - the answer is never empty: who answers, rung by rung (contract, "Never empty").
 */
#include "tests/unit/dnsd/steer/steer_answer.h"

static const char *const three[] = {"a=10.0.0.1", "b=10.0.0.2", "c=10.0.0.3", NULL};

static const struct row {
    const char *rule, *situations;
    size_t min_nodes;
    const char *answer;
} rows[] = {
    {"all eligible answer", "up up going_down", 1, "a b c ttl=5"},
    {"an eligible one is enough", "suspect up full/100", 1, "b ttl=5"},
    {"suspect before full", "suspect full/10 drain", 1, "a ttl=1"},
    {"all suspect together", "suspect suspect full/1", 1, "a b ttl=1"},
    {"full before draining", "drain full/100 going_up", 1, "b ttl=1"},
    {"full ones together, not only the least loaded", "full/100 full/1 full/50", 1, "a b c ttl=1"},
    {"draining before going up", "going_up drain unchecked", 1, "b ttl=1"},
    {"going up before unchecked", "going_up unchecked down/1", 1, "a ttl=1"},
    {"unchecked before down", "down/1 unchecked down/1", 1, "b ttl=1"},
    {"down: those last seen well within ten seconds", "down/1 down/10 down/12", 1, "a b ttl=1"},
    {"down: alone if the others fell long before", "down/40 down/1 down/60", 1, "b ttl=1"},
    {"the worst of the three axes counts: suspect and full", "suspect+full/5 suspect drain", 1,
     "b ttl=1"},
    {"the worst of the three axes counts: full and draining", "drain+full/5 drain full/50", 1,
     "c ttl=1"},
    {"the worst of the three axes counts: draining and down", "drain+down/1 going_up drain+down/1",
     1, "b ttl=1"},
    {"maintenance is never answered", "maint down/1 maint", 1, "b ttl=1"},
    {"only maintenance is left", "maint maint maint", 1, "SERVFAIL"},
    {"min_nodes tops up with the least loaded full one", "up full/90 full/60", 2, "a c ttl=1"},
    {"min_nodes tops up with suspect ones first", "up full/1 suspect", 2, "a c ttl=1"},
    {"min_nodes takes all that serve", "up full/1 suspect", 9, "a b c ttl=1"},
    {"min_nodes never adds a dead one", "up down/1 down/1", 2, "a ttl=5"},
    {"min_nodes never undoes a drain", "up drain drain", 2, "a ttl=5"},
    {"min_nodes never adds one in maintenance", "up maint maint", 3, "a ttl=5"},
    {"min_nodes fulfilled adds nobody", "up up full/1", 2, "a b ttl=5"},
    {"min_nodes 0 does not empty the answer", "full/1 down/1 down/1", 0, "a ttl=1"},
};

static void every_rung(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[256];
        struct stage *s = stage_open(three);
        s->pool.min_nodes = rows[i].min_nodes;
        stage_configure(s);
        stage_put_all(s, rows[i].situations);
        if (strcmp(stage_answer(s, FAMILY_V4, got), rows[i].answer) != 0)
            fail_msg("%s: %s: got %s", rows[i].rule, rows[i].situations, got);
        stage_close(s);
    }
}

/* The order of arrival makes no difference: the same rows, reported backwards and twice. */
static void order_of_reports(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stage *s = stage_open(three);
        s->pool.min_nodes = rows[i].min_nodes;
        stage_configure(s);
        stage_put_all(s, "down/0 up full/7");
        stage_put_all(s, "up up up");
        stage_put_all(s, rows[i].situations);
        ASSERT_ANSWER(s, FAMILY_V4, rows[i].answer);
        stage_close(s);
    }
}

static void families_have_their_own_ladder(void **state)
{
    static const char *const mixed[] = {"a=10.0.0.1", "b=10.0.0.2,2001:db8::2", "c=2001:db8::3",
                                        NULL};
    (void)state;
    struct stage *s = stage_open(mixed);
    stage_put_all(s, "up up up");
    ASSERT_ANSWER(s, FAMILY_V4, "a b ttl=5");
    ASSERT_ANSWER(s, FAMILY_V6, "b c ttl=5");
    stage_put_all(s, "down/1 full/90 up");
    ASSERT_ANSWER(s, FAMILY_V4, "b ttl=1");
    ASSERT_ANSWER(s, FAMILY_V6, "c ttl=5");
    assert_true(stage_put(s, 1, 1, "down/1")); /* its load is of the node: v4 is back */
    ASSERT_ANSWER(s, FAMILY_V4, "b ttl=5");
    ASSERT_ANSWER(s, FAMILY_V6, "c ttl=5");
    stage_put_all(s, "up maint maint");
    ASSERT_ANSWER(s, FAMILY_V4, "a ttl=5");
    ASSERT_ANSWER(s, FAMILY_V6, "SERVFAIL");
    stage_close(s);
}

static void a_family_that_does_not_exist(void **state)
{
    (void)state;
    struct stage *s = stage_open(three);
    stage_put_all(s, "maint maint maint");
    ASSERT_ANSWER(s, FAMILY_V6, "NODATA");
    stage_close(s);
}

static void every_address_of_a_node_counts(void **state)
{
    static const char *const twins[] = {"a=10.0.0.1,10.0.1.1", "b=10.0.0.2", NULL};
    (void)state;
    struct stage *s = stage_open(twins);
    stage_put_all(s, "up up");
    ASSERT_ANSWER(s, FAMILY_V4, "a a b ttl=5");
    assert_true(stage_put(s, 0, 1, "down/1"));
    ASSERT_ANSWER(s, FAMILY_V4, "a b ttl=5");
    assert_int_equal(stage_state(s, 0), NODE_UP);
    assert_true(stage_put(s, 0, 0, "down/1"));
    ASSERT_ANSWER(s, FAMILY_V4, "b ttl=5");
    assert_int_equal(stage_state(s, 0), NODE_DOWN);
    stage_close(s);
}

static void no_more_picks_than_an_image_holds(void **state)
{
    enum { MANY = LADDER_MAX_PICKS + 5 };
    (void)state;
    struct addr *addrs = NEW_ARRAY(struct addr, MANY);
    for (uint32_t i = 0; i < MANY; i++)
        addrs[i] = (struct addr){.family = AF_INET,
                                 .ip = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}};
    const struct probe_conf probe = {.port = 1, .interval_ms = 1000, .rise = 1, .fall = 1};
    const struct steer_node node = {"a", addrs, MANY};
    const struct steer_pool pool = {.name = "s3", .probe = &probe, .nodes = &node, .n_nodes = 1};
    struct zones *zones = zones_new();
    struct steer *s = steer_new(1, NULL, NULL);
    steer_configure(s, &(struct steer_conf){&pool, 1}, 0, 0);
    struct world *w = steer_world(s, zones);
    assert_int_equal(w->services[0]->families[FAMILY_V4].image->nodes, LADDER_MAX_PICKS);
    world_free(w);
    steer_free(s);
    zones_release(zones);
    free(addrs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rung),
        cmocka_unit_test(order_of_reports),
        cmocka_unit_test(families_have_their_own_ladder),
        cmocka_unit_test(a_family_that_does_not_exist),
        cmocka_unit_test(every_address_of_a_node_counts),
        cmocka_unit_test(no_more_picks_than_an_image_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
