/* answer_pool.c - the addresses of a service: one copy out of an image. */
#include <assert.h>

#include "dnsd/answer/flow.h"
#include "dnsd/wire/rrtype.h"

bool answer_is_pool_type(const struct zone_node *node, uint16_t type)
{
    return node->service != NO_SERVICE && (type == TYPE_A || type == TYPE_AAAA || type == TYPE_ANY);
}

static uint32_t next_turn(struct answer_ctx *ctx, int32_t service, int family)
{
    return ctx->rotation[((uint32_t)service * FAMILIES + (uint32_t)family) % ROTATION_SLOTS]++;
}

/* The family to answer with; ANY takes the first that has something to say (RFC 8482 4.1). */
static int family_for(const struct service_view *v, uint16_t type)
{
    if (type == TYPE_A)
        return FAMILY_V4;
    if (type == TYPE_AAAA)
        return FAMILY_V6;
    return v->families[FAMILY_V4].kind == FAMILY_NODATA ? FAMILY_V6 : FAMILY_V4;
}

static void add_set(struct flow *f, struct owner owner, const struct image *image, uint32_t turn)
{
    const struct image_set *set = image_turn(image, turn);
    uint16_t count = set->count;
    if (!image->all)
        count = reply_fit(&f->reply, owner, count, image->rr_len);
    struct run run = {image_records(image, set), (size_t)count * image->rr_len, count};
    f->reply.flags |= FLAG_AA;
    if (count == 0 || !reply_add(&f->reply, SECTION_ANSWER, owner, run))
        reply_truncate(&f->reply);
    counter_add(&f->ctx->counts[COUNT_POOL], 1);
}

/* A pool without addresses of any family still may have other data for ANY. */
static void nothing(struct flow *f, struct owner owner, const struct lookup *found)
{
    if (f->query.type == TYPE_ANY && found->node->rrsets)
        answer_rrset(f, owner, found->node->rrsets);
    else
        answer_negative(f, found->apex, RCODE_NOERROR);
}

void answer_pool(struct flow *f, struct owner owner, const struct lookup *found)
{
    int32_t service = found->node->service;
    assert((size_t)service < f->world->n_services);
    const struct service_view *v = f->world->services[service];
    int family = family_for(v, f->query.type);
    switch (v->families[family].kind) {
    case FAMILY_NODATA:
        nothing(f, owner, found);
        return;
    case FAMILY_SERVFAIL:
        answer_refuse(f, RCODE_SERVFAIL, EDE_NOT_READY, "every node of the pool is in maintenance");
        return;
    case FAMILY_IMAGE:
        add_set(f, owner, v->families[family].image, next_turn(f->ctx, service, family));
        return;
    }
}
