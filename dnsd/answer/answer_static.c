/* answer_static.c - answers out of the zones alone. */
#include "dnsd/answer/flow.h"
#include "dnsd/wire/rrtype.h"

static struct run run_of(const struct rrset *set)
{
    return (struct run){set->records, set->len, set->count};
}

static struct owner owner_of(const struct zone_node *node)
{
    return (struct owner){node->name, node->name_len};
}

void answer_rrset(struct flow *f, struct owner owner, const struct rrset *set)
{
    f->reply.flags |= FLAG_AA;
    if (!reply_add(&f->reply, SECTION_ANSWER, owner, run_of(set)))
        reply_truncate(&f->reply);
}

void answer_negative(struct flow *f, const struct zone_node *apex, enum rcode rcode)
{
    f->reply.flags |= FLAG_AA;
    f->reply.rcode = rcode;
    if (!reply_add(&f->reply, SECTION_AUTHORITY, owner_of(apex), run_of(apex->negative)))
        reply_truncate(&f->reply);
}

/* @return false if a record that the referral needs does not fit */
static bool add_glue(struct reply *r, const struct zone_glue *glue)
{
    static const uint16_t types[] = {TYPE_A, TYPE_AAAA};
    for (size_t i = 0; i < COUNT(types); i++) {
        const struct rrset *set = node_rrset(glue->node, types[i]);
        if (set && !reply_add(r, SECTION_ADDITIONAL, owner_of(glue->node), run_of(set)) &&
            glue->required)
            return false;
    }
    return true;
}

void answer_referral(struct flow *f, const struct zone_node *cut)
{
    const struct rrset *ns = node_rrset(cut, TYPE_NS);
    bool whole = reply_add(&f->reply, SECTION_AUTHORITY, owner_of(cut), run_of(ns));
    for (const struct zone_glue *g = cut->glue; whole && g; g = g->next)
        whole = add_glue(&f->reply, g);
    if (!whole)
        reply_truncate(&f->reply);
}
