/* steer_answer.h - who is in the answers of a stage's world. */
#ifndef TESTS_UNIT_DNSD_STEER_STEER_ANSWER_H
#define TESTS_UNIT_DNSD_STEER_STEER_ANSWER_H

#include "tests/unit/dnsd/steer/steer_test.h"

/* The node of an address. */
static inline const char *stage_owner(const struct stage *s, const uint8_t *ip, size_t len)
{
    for (size_t i = 0; i < s->pool.n_nodes; i++)
        for (size_t k = 0; k < s->nodes[i].n_addrs; k++)
            if (addr_ip_len(&s->addrs[i][k]) == len && memcmp(s->addrs[i][k].ip, ip, len) == 0)
                return s->nodes[i].name;
    return "?";
}

static inline int stage_by_letter(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/** Who is in a world's answer for one family: "a b ttl=5", "SERVFAIL" or "NODATA". */
static inline const char *stage_answer(struct stage *s, int family, char out[256])
{
    struct world *w = steer_world(s->steer, s->zones);
    const struct family_view *v = &w->services[0]->families[family];
    size_t at = (size_t)snprintf(out, 256, "%s", v->kind == FAMILY_NODATA ? "NODATA" : "SERVFAIL");
    if (v->kind == FAMILY_IMAGE) {
        const struct image_set *set = image_turn(v->image, 0);
        const uint8_t *rr = image_records(v->image, set);
        const char *names[STAGE_NODES * STAGE_ADDRS];
        for (size_t i = 0; i < set->count; i++)
            names[i] =
                stage_owner(s, rr + i * v->image->rr_len + 12, (size_t)v->image->rr_len - 12);
        qsort(names, set->count, sizeof *names, stage_by_letter);
        for (size_t i = at = 0; i < set->count; i++)
            at += (size_t)snprintf(out + at, 256 - at, "%s ", names[i]);
        snprintf(out + at, 256 - at, "ttl=%u", rr[9]);
    }
    world_free(w);
    return out;
}

#define ASSERT_ANSWER(s, family, want)                                                             \
    do {                                                                                           \
        char got_[256];                                                                            \
        assert_string_equal(stage_answer((s), (family), got_), (want));                            \
    } while (0)

#endif
