#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/data/status_text.h"
#include "dnsd/wire/record.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"

/* 2026-11-20T09:12:03Z */
enum { SERVICE = 3 };
static const int64_t since_ms = 1795165923000;

/* A status of one pool whose `n` nodes are copies of `node`, named node0, node1, ... if n > 1. */
static struct status *make_status(const struct status_node *node, size_t n)
{
    struct arena *a = arena_new();
    struct status *s = ARENA_NEW(a, struct status);
    struct status_pool *p = ARENA_NEW(a, struct status_pool);
    struct status_node *nodes = ARENA_ARRAY(a, struct status_node, n);
    for (size_t i = 0; i < n; i++) {
        nodes[i] = *node;
        if (n > 1)
            nodes[i].name = arena_printf(a, "node%zu", i);
    }
    *p = (struct status_pool){.name = "s3", .service = SERVICE, .nodes = nodes, .n_nodes = n};
    p->by_state[node->state] = n;
    *s = (struct status){.arena = a, .pools = p, .n_pools = 1};
    status_text_build(s);
    return s;
}

/* The text of the record at `p`, its strings joined. @return a heap string */
static char *text_at(const uint8_t *p)
{
    size_t len = get_u16(p + RECORD_RDLEN_AT), n = 0;
    char *text = mem_alloc(len + 1, 1);
    for (size_t at = 0; at < len; at += 1u + p[RECORD_HEAD + at]) {
        memcpy(text + n, p + RECORD_HEAD + at + 1, p[RECORD_HEAD + at]);
        n += p[RECORD_HEAD + at];
    }
    return text;
}

static void node_records(void **state)
{
    (void)state;
    static const struct {
        struct status_node node;
        const char *want;
    } rows[] = {
        {{.name = "10.0.0.11", .state = NODE_UP, .load = 512, .limit = 1536, .reason = "fine"},
         "node=10.0.0.11 state=up load=512/1536 since=2026-11-20T09:12:03Z reason=\"fine\""},
        {{.name = "c", .state = NODE_GOING_DOWN, .load = 7.4, .reason = "a \"b\"\n"},
         "node=c state=going_down load=7 since=2026-11-20T09:12:03Z reason=\"a 'b' \""},
        {{.name = "c", .state = NODE_MAINT, .load = -1},
         "node=c state=maint load=- since=2026-11-20T09:12:03Z reason=\"\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status_node node = rows[i].node;
        node.since_wall_ms = since_ms;
        struct status *s = make_status(&node, 1);
        const struct rrset *set = status_text_find(s, SERVICE, span_of(node.name));
        assert_int_equal(set->count, 1);
        assert_int_equal(set->ttl_s, 0);
        assert_int_equal(set->type, TYPE_TXT);
        assert_int_equal(record_len(set->records), set->len);
        char *text = text_at(set->records);
        assert_string_equal(text, rows[i].want);
        free(text);
        status_free(s);
    }
}

static void long_texts_are_split_at_255(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 180, 181, 182, 435, 436, 437, 1000};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        char reason[1001] = "";
        memset(reason, 'r', lengths[i]);
        struct status_node node = {.name = "c", .load = -1, .reason = reason};
        struct status *s = make_status(&node, 1);
        const struct rrset *set = status_text_find(s, SERVICE, span_of("C"));
        size_t len = set->len - RECORD_HEAD, strings = 0;
        for (size_t at = RECORD_HEAD; at < set->len; at += 1u + set->records[at], strings++)
            assert_true(at + 1 + set->records[at] <= set->len && set->records[at] > 0);
        assert_int_equal(strings, (len - strings + 254) / 255);
        char *text = text_at(set->records);
        assert_non_null(strstr(text, reason));
        free(text);
        status_free(s);
    }
}

static void summary_comes_first(void **state)
{
    (void)state;
    struct status_node node = {.state = NODE_FULL};
    struct status *s = make_status(&node, 3);
    const struct rrset *set = status_text_find(s, SERVICE, (struct span){NULL, 0});
    assert_int_equal(set->count, 4);
    char *text = text_at(set->records);
    assert_string_equal(text, "pool=s3 up=0 full=3 down=0 going_up=0 going_down=0 drain=0 maint=0 "
                              "unchecked=0 nodes=3");
    free(text);
    status_free(s);
}

static void pool_record_set_is_bounded(void **state)
{
    (void)state;
    static char reason[1000];
    memset(reason, 'r', sizeof reason - 1);
    static const struct {
        const char *reason;
        size_t n, least, most;
    } rows[] = {{"short", 300, STATUS_MAX_NODES + 1, STATUS_MAX_NODES + 1},
                {reason, 300, 50, STATUS_MAX_LEN / 1000}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status_node node = {.load = -1, .reason = rows[i].reason};
        struct status *s = make_status(&node, rows[i].n);
        const struct rrset *set = status_text_find(s, SERVICE, (struct span){NULL, 0});
        assert_in_range(set->count, rows[i].least, rows[i].most);
        assert_true(set->len <= STATUS_MAX_LEN);
        size_t len = 0;
        for (unsigned r = 0; r < set->count; r++)
            len += record_len(set->records + len);
        assert_int_equal(len, set->len);
        assert_non_null(status_text_find(s, SERVICE, span_of("node299"))); /* each alone */
        status_free(s);
    }
}

static void names_that_are_not_there(void **state)
{
    (void)state;
    struct status_node node = {.name = "10.0.0.11"};
    struct status *s = make_status(&node, 1);
    assert_null(status_text_find(s, SERVICE, span_of("10.0.0.1")));
    assert_null(status_text_find(s, SERVICE + 1, span_of("10.0.0.11")));
    assert_null(status_text_find(s, SERVICE + 1, (struct span){NULL, 0}));
    assert_true(status_text_above(s, SERVICE, span_of("0.0.11")));
    assert_true(status_text_above(s, SERVICE, span_of("11")));
    assert_false(status_text_above(s, SERVICE, span_of("1")));
    assert_false(status_text_above(s, SERVICE, span_of("10.0.0.11")));
    assert_false(status_text_above(s, SERVICE, span_of("1.10.0.0.11")));
    status_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(node_records),
        cmocka_unit_test(long_texts_are_split_at_255),
        cmocka_unit_test(summary_comes_first),
        cmocka_unit_test(pool_record_set_is_bounded),
        cmocka_unit_test(names_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
