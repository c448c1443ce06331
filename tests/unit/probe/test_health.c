/* The verdict machine: every transition once, then a long random walk beside an independent model.
 */

#include "base/rand.h"
#include "probe/health.h"
#include "tests/unit/test.h"

static const struct health_rule rule = {.rise = 2, .fall = 3};

/* --- transitions ------------------------------------------------------------------------------ */

struct step {
    enum op from;
    uint8_t count;
    bool suspect;
    enum reason reason;
    enum word word;
    enum op to;
    uint8_t to_count;
    bool to_suspect;
};

static const struct step steps[] = {
    /* one result settles an address that was never checked */
    {OP_UNCHECKED, 0, false, REASON_OK, WORD_NONE, OP_UP, 0, false},
    {OP_UNCHECKED, 0, false, REASON_RESPONSE_TIMEOUT, WORD_NONE, OP_DOWN, 0, false},
    {OP_UNCHECKED, 0, false, REASON_REFUSED, WORD_NONE, OP_DOWN, 0, false},
    {OP_UNCHECKED, 0, false, REASON_LOCAL, WORD_NONE, OP_UNCHECKED, 0, false},
    /* fall: soft failures in a row, one success forgives */
    {OP_UP, 0, false, REASON_OK, WORD_NONE, OP_UP, 0, false},
    {OP_UP, 0, false, REASON_RESPONSE_TIMEOUT, WORD_NONE, OP_GOING_DOWN, 1, false},
    {OP_GOING_DOWN, 1, false, REASON_STATUS, WORD_NONE, OP_GOING_DOWN, 2, false},
    {OP_GOING_DOWN, 2, false, REASON_BAD_REPLY, WORD_NONE, OP_DOWN, 0, false},
    {OP_GOING_DOWN, 2, false, REASON_OK, WORD_NONE, OP_UP, 0, false},
    /* a hard failure withdraws at once and still needs to be confirmed */
    {OP_UP, 0, false, REASON_REFUSED, WORD_NONE, OP_GOING_DOWN, 1, true},
    {OP_UP, 0, false, REASON_RESET, WORD_NONE, OP_GOING_DOWN, 1, true},
    {OP_UP, 0, false, REASON_UNREACHABLE, WORD_NONE, OP_GOING_DOWN, 1, true},
    {OP_GOING_DOWN, 1, true, REASON_REFUSED, WORD_NONE, OP_GOING_DOWN, 2, true},
    {OP_GOING_DOWN, 2, true, REASON_REFUSED, WORD_NONE, OP_DOWN, 0, false},
    {OP_GOING_DOWN, 2, true, REASON_OK, WORD_NONE, OP_UP, 0, false},
    {OP_GOING_DOWN, 1, true, REASON_RESPONSE_TIMEOUT, WORD_NONE, OP_GOING_DOWN, 2, true},
    {OP_UP, 0, true, REASON_OK, WORD_NONE, OP_UP, 0, false},
    /* rise */
    {OP_DOWN, 0, false, REASON_OK, WORD_NONE, OP_GOING_UP, 1, false},
    {OP_GOING_UP, 1, false, REASON_OK, WORD_NONE, OP_UP, 0, false},
    {OP_GOING_UP, 1, false, REASON_RESPONSE_TIMEOUT, WORD_NONE, OP_DOWN, 0, false},
    {OP_GOING_UP, 1, false, REASON_REFUSED, WORD_NONE, OP_DOWN, 0, false},
    {OP_DOWN, 0, false, REASON_REFUSED, WORD_NONE, OP_DOWN, 0, false},
    /* our own trouble is never counted */
    {OP_UP, 0, false, REASON_LOCAL, WORD_NONE, OP_UP, 0, false},
    {OP_GOING_DOWN, 2, true, REASON_LOCAL, WORD_NONE, OP_GOING_DOWN, 2, true},
    {OP_GOING_UP, 1, false, REASON_LOCAL, WORD_NONE, OP_GOING_UP, 1, false},
    {OP_DOWN, 0, false, REASON_LOCAL, WORD_NONE, OP_DOWN, 0, false},
    /* the node's own word: alive, or out at once */
    {OP_UP, 0, false, REASON_STATUS, WORD_FULL, OP_UP, 0, false},
    {OP_GOING_DOWN, 2, false, REASON_STATUS, WORD_DRAIN, OP_UP, 0, false},
    {OP_DOWN, 0, false, REASON_STATUS, WORD_MAINT, OP_GOING_UP, 1, false},
    {OP_UP, 0, false, REASON_NODE_SAYS, WORD_FAILED, OP_DOWN, 0, false},
    {OP_UP, 0, true, REASON_NODE_SAYS, WORD_STARTING, OP_DOWN, 0, false},
    {OP_GOING_UP, 1, false, REASON_NODE_SAYS, WORD_STARTING, OP_DOWN, 0, false},
};

static void every_transition(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(steps); i++) {
        const struct step *s = &steps[i];
        struct health h = {
            .op = s->from, .count = s->count, .suspect = s->suspect, .changed_ms = 500};
        bool changed = health_feed(&h, rule, s->reason, s->word, 1000);
        if (h.op != s->to || h.count != s->to_count || h.suspect != s->to_suspect)
            fail_msg("step %zu: %s/%u%s, want %s/%u%s", i, op_word(h.op), h.count,
                     h.suspect ? " suspect" : "", op_word(s->to), s->to_count,
                     s->to_suspect ? " suspect" : "");
        assert_int_equal(changed, s->from != s->to || s->suspect != s->to_suspect);
        assert_int_equal(h.changed_ms, changed ? 1000 : 500);
    }
}

static void the_reason_is_of_the_last_counted_check(void **state)
{
    (void)state;
    struct health h = {0};
    assert_true(health_feed(&h, rule, REASON_REFUSED, WORD_NONE, 1));
    assert_false(health_feed(&h, rule, REASON_LOCAL, WORD_NONE, 2));
    assert_int_equal(h.reason, REASON_REFUSED);
    assert_int_equal(h.success_ms, 0);
    assert_true(health_feed(&h, rule, REASON_STATUS, WORD_FULL, 3)); /* alive: 1 of rise 2 */
    assert_int_equal(h.reason, REASON_OK);
    assert_int_equal(h.success_ms, 3);
    assert_true(health_feed(&h, rule, REASON_STATUS, WORD_FAILED, 4));
    assert_int_equal(h.reason, REASON_NODE_SAYS);
    assert_int_equal(h.success_ms, 3);
}

static void rise_and_fall_of_one_act_at_once(void **state)
{
    (void)state;
    struct health_rule one = {1, 1};
    struct health h = {.op = OP_UP};
    assert_true(health_feed(&h, one, REASON_REFUSED, WORD_NONE, 1));
    assert_int_equal(h.op, OP_DOWN);
    assert_false(h.suspect);
    assert_true(health_feed(&h, one, REASON_OK, WORD_NONE, 2));
    assert_int_equal(h.op, OP_UP);
}

static void a_reload_may_lower_fall_below_the_count(void **state)
{
    (void)state;
    struct health h = {.op = OP_GOING_DOWN, .count = 9};
    assert_true(health_feed(&h, rule, REASON_STATUS, WORD_NONE, 1));
    assert_int_equal(h.op, OP_DOWN);
}

/* --- suspicion -------------------------------------------------------------------------------- */

static void only_an_address_that_answers_can_be_suspect(void **state)
{
    (void)state;
    static const struct {
        enum op op;
        bool suspect;
    } rows[] = {{OP_UNCHECKED, false},
                {OP_UP, true},
                {OP_GOING_DOWN, true},
                {OP_DOWN, false},
                {OP_GOING_UP, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct health h = {.op = rows[i].op};
        assert_int_equal(health_suspect(&h, 7), rows[i].suspect);
        assert_int_equal(h.suspect, rows[i].suspect);
        assert_int_equal(h.op, rows[i].op);
        assert_false(health_suspect(&h, 8)); /* not twice */
        assert_int_equal(h.changed_ms, rows[i].suspect ? 7 : 0);
    }
}

static void eligible_is_up_or_going_down_and_not_suspect(void **state)
{
    (void)state;
    for (enum op op = OP_UNCHECKED; op <= OP_GOING_UP; op++) {
        bool answers = op == OP_UP || op == OP_GOING_DOWN;
        assert_int_equal(health_eligible(&(struct health){.op = op}), answers);
        assert_false(health_eligible(&(struct health){.op = op, .suspect = true}));
    }
}

static void our_own_trouble_cannot_keep_a_suspicion_alive(void **state)
{
    (void)state;
    struct health h = {.op = OP_UP};
    assert_true(health_suspect(&h, 1000));
    assert_false(health_feed(&h, rule, REASON_LOCAL, WORD_NONE, 1999));
    assert_true(health_feed(&h, rule, REASON_LOCAL, WORD_NONE, 2000));
    assert_false(h.suspect);
    assert_int_equal(h.op, OP_UP);
}

/* --- delays ----------------------------------------------------------------------------------- */

static void delays(void **state)
{
    (void)state;
    static const struct health_timing t = {1000, 200, 2000, 20, 60000};
    static const struct {
        struct health h;
        int64_t now, want;
    } rows[] = {
        {{.op = OP_UNCHECKED}, 0, 200},
        {{.op = OP_UP}, 0, 1000},
        {{.op = OP_UP, .suspect = true}, 0, 200},
        {{.op = OP_GOING_DOWN, .reason = REASON_STATUS}, 0, 200},
        {{.op = OP_GOING_DOWN, .reason = REASON_REFUSED, .suspect = true}, 0, 20},
        {{.op = OP_GOING_DOWN, .reason = REASON_RESPONSE_TIMEOUT, .suspect = true}, 0, 200},
        {{.op = OP_GOING_UP}, 0, 200},
        {{.op = OP_DOWN, .reason = REASON_REFUSED, .changed_ms = 5000}, 64999, 1000},
        {{.op = OP_DOWN, .reason = REASON_REFUSED, .changed_ms = 5000}, 65000, 2000},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(health_delay(&rows[i].h, &t, rows[i].now), rows[i].want);
}

static void a_refusing_node_is_out_at_once_and_down_in_fall_checks(void **state)
{
    (void)state;
    static const struct health_timing t = {1000, 200, 2000, 20, 60000};
    struct health h = {.op = OP_UP};
    int64_t now = 0;
    assert_true(health_feed(&h, rule, REASON_REFUSED, WORD_NONE, now));
    assert_false(health_eligible(&h));
    while (h.op != OP_DOWN) {
        now += health_delay(&h, &t, now);
        bool changed = health_feed(&h, rule, REASON_REFUSED, WORD_NONE, now);
        assert_int_equal(changed, h.op == OP_DOWN);
    }
    assert_int_equal(now, 40);
}

/* --- the model: HAProxy's one counter, 0..rise+fall-1, up at rise or more ----------------------
 */

struct model {
    bool checked, suspect;
    int counter;
    int64_t since; /* of the last visible change */
};

enum event { PASS, SOFT, HARD, LOCAL, WORD_ALIVE, WORD_DEAD, TRIP, EVENTS };

static bool model_up(const struct model *m, struct health_rule r)
{
    return m->checked && m->counter >= r.rise;
}

static enum op model_op(const struct model *m, struct health_rule r)
{
    if (!m->checked)
        return OP_UNCHECKED;
    if (m->counter >= r.rise)
        return m->counter == r.rise + r.fall - 1 ? OP_UP : OP_GOING_DOWN;
    return m->counter == 0 ? OP_DOWN : OP_GOING_UP;
}

static void model_success(struct model *m, struct health_rule r)
{
    int top = r.rise + r.fall - 1;
    m->counter = m->checked ? m->counter + 1 : top;
    if (m->counter >= r.rise)
        m->counter = top;
    m->checked = true;
    m->suspect = false;
}

static void model_failure(struct model *m, struct health_rule r, bool hard)
{
    m->counter = model_up(m, r) ? m->counter - 1 : 0;
    if (m->counter < r.rise)
        m->counter = 0;
    m->checked = true;
    m->suspect = m->counter > 0 && (m->suspect || hard);
}

static bool model_feed(struct model *m, struct health_rule r, enum event e, int64_t now)
{
    struct model before = *m;
    if (e == PASS || e == WORD_ALIVE)
        model_success(m, r);
    else if (e == SOFT || e == HARD)
        model_failure(m, r, e == HARD);
    else if (e == WORD_DEAD)
        *m = (struct model){.checked = true, .since = m->since};
    else if (e == TRIP)
        m->suspect = m->suspect || model_up(m, r);
    else if (e == LOCAL && now - m->since >= 1000)
        m->suspect = false;
    bool moved = model_op(m, r) != model_op(&before, r) || m->suspect != before.suspect;
    if (moved)
        m->since = now;
    return moved;
}

static bool real_feed(struct health *h, struct health_rule r, enum event e, int64_t now)
{
    switch (e) {
    case PASS:
        return health_feed(h, r, REASON_OK, WORD_NONE, now);
    case SOFT:
        return health_feed(h, r, REASON_RESPONSE_TIMEOUT, WORD_NONE, now);
    case HARD:
        return health_feed(h, r, REASON_REFUSED, WORD_NONE, now);
    case LOCAL:
        return health_feed(h, r, REASON_LOCAL, WORD_NONE, now);
    case WORD_ALIVE:
        return health_feed(h, r, REASON_OK, WORD_DRAIN, now);
    case WORD_DEAD:
        return health_feed(h, r, REASON_NODE_SAYS, WORD_STARTING, now);
    default:
        return health_suspect(h, now);
    }
}

/* Stretches of mostly one kind of event, so that every state is reached with every rule. */
static enum event draw(struct rand *rng, enum event *mood)
{
    if (rand_below(rng, 8) == 0)
        *mood = (enum event)rand_below(rng, EVENTS);
    return rand_below(rng, 4) ? *mood : (enum event)rand_below(rng, EVENTS);
}

static void a_long_random_walk_agrees_with_one_counter(void **state)
{
    (void)state;
    struct rand rng = {20260401};
    unsigned visits[OP_GOING_UP + 1][2] = {{0}};
    for (int walk = 0; walk < 100; walk++) {
        struct health_rule r = {(uint8_t)(1 + rand_below(&rng, 5)),
                                (uint8_t)(1 + rand_below(&rng, 5))};
        struct health h = {0};
        struct model m = {0};
        enum event mood = PASS;
        int64_t now = 0;
        for (int i = 0; i < 1000; i++) {
            enum event e = draw(&rng, &mood);
            now += rand_below(&rng, 400);
            bool moved = model_feed(&m, r, e, now);
            bool changed = real_feed(&h, r, e, now);
            if (h.op != model_op(&m, r) || h.suspect != m.suspect || h.changed_ms != m.since)
                fail_msg("walk %d event %d (%d): %s, the model says %s", walk, i, e, op_word(h.op),
                         op_word(model_op(&m, r)));
            assert_int_equal(changed, moved);
            visits[h.op][h.suspect]++;
        }
    }
    for (enum op op = OP_UP; op <= OP_GOING_UP; op++)
        assert_true(visits[op][0] > 0);
    assert_true(visits[OP_UP][1] > 0 && visits[OP_GOING_DOWN][1] > 0);
    assert_true(visits[OP_DOWN][1] == 0 && visits[OP_GOING_UP][1] == 0);
}

/* --- the table of reasons --------------------------------------------------------------------- */

static void every_reason_has_a_row(void **state)
{
    (void)state;
    for (int i = 0; i < REASON_COUNT; i++) {
        assert_non_null(reasons[i].word);
        assert_non_null(reasons[i].sentence);
        assert_int_equal(reasons[i].fault == FAULT_NONE, i == REASON_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition),
        cmocka_unit_test(the_reason_is_of_the_last_counted_check),
        cmocka_unit_test(rise_and_fall_of_one_act_at_once),
        cmocka_unit_test(a_reload_may_lower_fall_below_the_count),
        cmocka_unit_test(only_an_address_that_answers_can_be_suspect),
        cmocka_unit_test(eligible_is_up_or_going_down_and_not_suspect),
        cmocka_unit_test(our_own_trouble_cannot_keep_a_suspicion_alive),
        cmocka_unit_test(delays),
        cmocka_unit_test(a_refusing_node_is_out_at_once_and_down_in_fall_checks),
        cmocka_unit_test(a_long_random_walk_agrees_with_one_counter),
        cmocka_unit_test(every_reason_has_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
