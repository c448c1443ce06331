#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/data/image.h"
#include "dnsd/wire/cursor.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"

enum { MOST = 32, TTL_S = 5 };

/* Node i has the address 10.0.i/256.i%256, or 2001:db8::i. */
static struct addr *make_nodes(uint16_t type, size_t n)
{
    struct addr *nodes = NEW_ARRAY(struct addr, n);
    for (size_t i = 0; i < n; i++) {
        nodes[i].family = type == TYPE_A ? AF_INET : AF_INET6;
        put_u16(nodes[i].ip + addr_ip_len(&nodes[i]) - 2, (uint16_t)i);
    }
    return nodes;
}

static struct image *make_image(uint16_t type, size_t n, size_t answers)
{
    struct addr *nodes = make_nodes(type, n);
    struct image *image = image_build(type, nodes, n, answers, TTL_S, 42);
    free(nodes);
    return image;
}

/* The number of the node whose address record `i` of the set holds. */
static unsigned node_at(const struct image *image, const struct image_set *set, size_t i)
{
    const uint8_t *record = image_records(image, set) + i * image->rr_len;
    return get_u16(record + image->rr_len - 2);
}

static void record_is_ready_to_copy(void **state)
{
    (void)state;
    static const uint8_t a[] = {0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, TTL_S, 0, 4, 0, 0, 0, 0};
    static const uint8_t aaaa[28] = {0xc0, 0x0c, 0, 28, 0, 1, 0, 0, 0, TTL_S, 0, 16};
    static const struct {
        uint16_t type;
        const uint8_t *want;
        size_t len;
    } cases[] = {{TYPE_A, a, sizeof a}, {TYPE_AAAA, aaaa, sizeof aaaa}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct image *image = make_image(cases[i].type, 1, 8);
        const struct image_set *set = image_turn(image, 7);
        assert_int_equal(set->count, 1);
        assert_int_equal(image->rr_len, cases[i].len);
        assert_memory_equal(image_records(image, set), cases[i].want, cases[i].len);
        free(image);
    }
}

static void set_holds_distinct_nodes_and_no_more_than_asked(void **state)
{
    (void)state;
    static const struct {
        size_t n, answers, count;
        bool all;
    } cases[] = {{1, 1, 1, false}, {5, 3, 3, false},    {5, 8, 5, false},      {6, 0, 6, true},
                 {7, 7, 7, false}, {250, 0, 100, true}, {300, 100, 100, false}};
    for (size_t c = 0; c < COUNT(cases); c++) {
        struct image *image = make_image(TYPE_A, cases[c].n, cases[c].answers);
        assert_int_equal(image->all, cases[c].all);
        for (uint32_t turn = 0; turn < (uint32_t)image->nodes * image->variants; turn++) {
            const struct image_set *set = image_turn(image, turn);
            bool seen[300] = {false};
            assert_int_equal(set->count, cases[c].count);
            assert_true(set->off + (uint32_t)set->count * image->rr_len <= image->size);
            for (size_t i = 0; i < set->count; i++) {
                unsigned node = node_at(image, set, i);
                assert_in_range(node, 0, cases[c].n - 1);
                assert_false(seen[node]);
                seen[node] = true;
            }
        }
        free(image);
    }
}

static void each_node_comes_once_in_n_turns_at_every_place(void **state)
{
    (void)state;
    for (size_t n = 1; n <= MOST; n++) {
        struct image *image = make_image(TYPE_A, n, n);
        for (size_t place = 0; place < n; place++) {
            unsigned count[MOST] = {0};
            for (uint32_t turn = 0; turn < n * image->variants; turn++) {
                unsigned node = node_at(image, image_turn(image, turn), place);
                assert_int_equal(count[node], turn / n); /* once in each round */
                count[node]++;
            }
        }
        free(image);
    }
}

/* Clients of a dead node go on to the next address of the answer that they hold. `start` is the
 * place of the address that they had chosen: 0 for those who take the first. */
static void check_survivors(size_t n, size_t answers, size_t start)
{
    struct image *image = make_image(TYPE_A, n, answers);
    uint32_t cycle = (uint32_t)n * image->variants;
    for (unsigned dead = 0; dead < n; dead++) {
        unsigned takes[MOST] = {0}, total = 0;
        for (uint32_t turn = 0; turn < cycle; turn++) {
            const struct image_set *set = image_turn(image, turn);
            if (node_at(image, set, start) != dead)
                continue;
            takes[node_at(image, set, start + 1)]++;
            total++;
        }
        for (unsigned node = 0; node < n; node++) /* takes <= 1.5 * total / (n - 1) */
            assert_true(takes[node] * 2 * (n - 1) <= 3 * total);
        if (n % 2)
            assert_int_equal(takes[dead ? 0 : 1] * (n - 1), total);
    }
    free(image);
}

static void clients_of_a_dead_node_spread_over_all_survivors(void **state)
{
    (void)state;
    for (size_t n = 2; n <= MOST; n++) {
        check_survivors(n, 2, 0);
        check_survivors(n, 8, 0);
        for (size_t start = 1; start + 1 < 8 && start + 1 < n; start++)
            check_survivors(n, 8, start);
    }
}

static void large_pools_stay_small_and_still_spread(void **state)
{
    (void)state;
    static const struct {
        uint16_t type;
        size_t n, answers, most;
    } cases[] = {{TYPE_A, 64, 8, 1 << 20},
                 {TYPE_AAAA, 1000, 8, 1 << 20},
                 {TYPE_A, 10000, 100, 4 << 20},
                 {TYPE_AAAA, 10000, 100, 4 << 20}};
    for (size_t c = 0; c < COUNT(cases); c++) {
        struct image *image = make_image(cases[c].type, cases[c].n, cases[c].answers);
        assert_in_range(image->size, 1, cases[c].most);
        unsigned first = node_at(image, image_turn(image, 0), 0), followers[256], n = 0;
        for (uint32_t round = 0; round < image->variants; round++) {
            const struct image_set *set = image_turn(image, round * image->nodes);
            assert_int_equal(node_at(image, set, 0), first);
            unsigned next = node_at(image, set, 1), i = 0;
            while (i < n && followers[i] != next)
                i++;
            if (i == n)
                followers[n++] = next;
        }
        assert_true(n >= 7 && n + 1 >= image->variants / 2);
        free(image);
    }
}

static void seed_fixes_the_order(void **state)
{
    (void)state;
    struct addr *nodes = make_nodes(TYPE_A, 20);
    struct image *a = image_build(TYPE_A, nodes, 20, 4, TTL_S, 1);
    struct image *b = image_build(TYPE_A, nodes, 20, 4, TTL_S, 1);
    struct image *c = image_build(TYPE_A, nodes, 20, 4, TTL_S, 2);
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a, b, a->size);
    assert_int_equal(a->size, c->size);
    assert_memory_not_equal(a, c, a->size);
    free(a);
    free(b);
    free(c);
    free(nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_is_ready_to_copy),
        cmocka_unit_test(set_holds_distinct_nodes_and_no_more_than_asked),
        cmocka_unit_test(each_node_comes_once_in_n_turns_at_every_place),
        cmocka_unit_test(clients_of_a_dead_node_spread_over_all_survivors),
        cmocka_unit_test(large_pools_stay_small_and_still_spread),
        cmocka_unit_test(seed_fixes_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
