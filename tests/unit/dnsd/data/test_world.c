/* Reference counts: the leak checker of the asan build is the judge of what is freed. */
#include "dnsd/data/world.h"
#include "dnsd/wire/rrtype.h"
#include "tests/unit/dnsd/cmocka_all.h"
#include "tests/unit/dnsd/zone_test.h"

static void world_shares_and_gives_back(void **state)
{
    (void)state;
    struct addr node = {.family = AF_INET, .ip = {10, 0, 0, 1}};
    struct zones *zones = zones_new();
    zone_test_must_add(zones, "s3.test", NULL);
    zones_finish(zones);
    struct service_view *kept = service_view_new(), *replaced = service_view_new();
    struct service_view *views[] = {kept, replaced};
    kept->families[FAMILY_V4] =
        (struct family_view){FAMILY_IMAGE, image_build(TYPE_A, &node, 1, 1, 5, 1)};
    assert_int_equal(replaced->families[FAMILY_V6].kind, FAMILY_NODATA);

    struct world *first = world_new(zones, views, 2, 1);
    service_view_release(replaced);
    views[1] = service_view_new();
    struct world *second = world_new(zones, views, 2, 2);
    service_view_release(views[1]);
    service_view_release(kept);
    zones_release(zones);

    assert_int_equal(first->services[0]->refs, 2);
    world_free(first);
    assert_int_equal(second->number, 2);
    assert_int_equal(second->services[0]->refs, 1);
    assert_int_equal(second->services[0]->families[FAMILY_V4].image->nodes, 1);
    assert_int_equal(zones_find(second->zones, (const uint8_t *)"\2s3\4test", 9).kind, LOOKUP_NODE);
    world_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(world_shares_and_gives_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
