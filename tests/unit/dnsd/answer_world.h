/* answer_world.h - a small world to ask: for the tests, the fuzzer and the bench of the answer
 * path. The zone s3.example.com with static records of every kind, four services, and their status.
 */
#ifndef TESTS_UNIT_DNSD_ANSWER_WORLD_H
#define TESTS_UNIT_DNSD_ANSWER_WORLD_H

#include "base/mem.h"
#include "dnsd/answer/answer.h"
#include "dnsd/data/status_text.h"
#include "tests/unit/dnsd/zone_test.h"

enum { SERVICE_MANY, SERVICE_ONE, SERVICE_ALL, SERVICE_MAINT, SERVICES };
enum { MANY_NODES = 40, MANY_ANSWERS = 8, ALL_NODES = 60 };

static const char answer_world_zone[] =
    "$TTL 300\n"
    "@ TXT \"the apex\"\n"
    "www A 192.0.2.1\n"
    "alias CNAME www\n"
    "Mixed CNAME Alias\n"
    "topool CNAME one\n"
    "tomaint CNAME maint\n"
    "away CNAME www.example.net.\n"
    "tocut CNAME www.sub\n"
    "nowhere CNAME no.www\n"
    "nodata CNAME mail\n"
    "mail MX 10 www\n"
    "loop1 CNAME loop2\n"
    "loop2 CNAME loop1\n"
    "self CNAME self\n"
    "*.w CNAME a.w\n"
    "c1 CNAME c2\nc2 CNAME c3\nc3 CNAME c4\nc4 CNAME c5\nc5 CNAME c6\nc6 CNAME c7\n"
    "c7 CNAME c8\nc8 CNAME c9\nc9 CNAME c10\nc10 CNAME www\n"
    "x.ent TXT below\n"
    "*.wild TXT wild\n"
    "*.wild A 192.0.2.9\n"
    "b.wild A 192.0.2.8\n"
    "odd TYPE65280 \\# 4 0a0b0c0d\n"
    "sub NS ns.sub\n"
    "sub NS ns.other\n"
    "sub NS far.example.net.\n"
    "sub DS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
    "ns.sub A 192.0.2.60\n"
    "ns.sub AAAA 2001:db8::60\n"
    "other NS ns.other\n"
    "ns.other A 192.0.2.61\n"
    "one TXT \"text beside a pool\"\n";

struct answer_world {
    struct world *world;
    struct status *status;
    struct prefix inspect;
    struct answer_settings settings;
    struct answer_ctx *ctx;
    struct addr from; /* inside `inspect` */
};

/* `n` addresses 10.0.0.1, 10.0.0.2, ... or 2001:db8::1, ... */
static inline struct image *answer_world_image(uint16_t type, size_t n, size_t answers)
{
    struct addr *nodes = NEW_ARRAY(struct addr, n);
    for (size_t i = 0; i < n; i++) {
        nodes[i] = type == 1 ? (struct addr){.family = AF_INET, .ip = {10}}
                             : (struct addr){.family = AF_INET6, .ip = {0x20, 1, 0xd, 0xb8}};
        nodes[i].ip[type == 1 ? 2 : 14] = (uint8_t)((i + 1) >> 8);
        nodes[i].ip[type == 1 ? 3 : 15] = (uint8_t)(i + 1);
    }
    struct image *image = image_build(type, nodes, n, answers, 5, 1);
    free(nodes);
    return image;
}

static inline void answer_world_family(struct service_view *v, int family, struct image *image)
{
    v->families[family] = (struct family_view){FAMILY_IMAGE, image};
}

static inline struct zones *answer_world_zones(void)
{
    static const struct {
        const char *name;
        int32_t service;
    } names[] = {{"s3.example.com", SERVICE_MANY},
                 {"*.s3.example.com", SERVICE_MANY},
                 {"one.s3.example.com", SERVICE_ONE},
                 {"all.s3.example.com", SERVICE_ALL},
                 {"maint.s3.example.com", SERVICE_MAINT}};
    struct err err;
    struct zones *z = zones_new();
    zone_test_must_add(z, "s3.example.com", answer_world_zone);
    for (size_t i = 0; i < COUNT(names); i++)
        if (!zones_bind(z, names[i].name, names[i].service, &err))
            abort();
    zones_finish(z);
    return z;
}

static inline struct world *answer_world_build(void)
{
    struct service_view *views[SERVICES];
    for (int i = 0; i < SERVICES; i++)
        views[i] = service_view_new();
    answer_world_family(views[SERVICE_MANY], FAMILY_V4,
                        answer_world_image(1, MANY_NODES, MANY_ANSWERS));
    answer_world_family(views[SERVICE_ONE], FAMILY_V4, answer_world_image(1, 1, 8));
    answer_world_family(views[SERVICE_ONE], FAMILY_V6, answer_world_image(28, 1, 8));
    answer_world_family(views[SERVICE_ALL], FAMILY_V4, answer_world_image(1, ALL_NODES, 0));
    views[SERVICE_MAINT]->families[FAMILY_V4].kind = FAMILY_SERVFAIL;
    struct zones *z = answer_world_zones();
    struct world *w = world_new(z, views, SERVICES, 1);
    zones_release(z);
    for (int i = 0; i < SERVICES; i++)
        service_view_release(views[i]);
    return w;
}

/* The pool s3 with two nodes; the other services have no status. */
static inline struct status *answer_world_status(void)
{
    struct arena *a = arena_new();
    struct status *s = ARENA_NEW(a, struct status);
    struct status_pool *p = ARENA_NEW(a, struct status_pool);
    struct status_node *n = ARENA_ARRAY(a, struct status_node, 2);
    n[0] = (struct status_node){.name = "10.0.0.11",
                                .state = NODE_UP,
                                .load = 512,
                                .limit = 1536,
                                .since_wall_ms = 1795165923000,
                                .reason = "3 checks in a row passed"};
    n[1] = (struct status_node){.name = "C",
                                .state = NODE_DOWN,
                                .load = -1,
                                .since_wall_ms = 1795165923000,
                                .reason = "said \"no\""};
    *p = (struct status_pool){.name = "s3", .service = SERVICE_MANY, .nodes = n, .n_nodes = 2};
    p->by_state[NODE_UP] = p->by_state[NODE_DOWN] = 1;
    *s = (struct status){.arena = a, .pools = p, .n_pools = 1};
    status_text_build(s);
    return s;
}

/** Fills `w`; its settings know the identity ns1.example.net and let 127.0.0.0/8 inspect. */
static inline void answer_world_init(struct answer_world *w)
{
    *w = (struct answer_world){.world = answer_world_build(), .status = answer_world_status()};
    if (!prefix_parse(span_of("127.0.0.0/8"), &w->inspect) ||
        !addr_parse_ip(span_of("127.0.0.1"), &w->from))
        abort();
    w->from.port = 40000;
    w->settings = (struct answer_settings){.identity = "ns1.example.net",
                                           .inspect = &w->inspect,
                                           .n_inspect = 1,
                                           .cookies = {1, {"0123456789abcde"}}};
    w->ctx = NEW(struct answer_ctx);
    w->ctx->settings = &w->settings;
}

static inline void answer_world_fini(struct answer_world *w)
{
    world_free(w->world);
    status_free(w->status);
    free(w->ctx);
}

#endif
