/* answer_name.c - the search of RFC 1034 4.3.2: look up, follow CNAMEs inside our zones, end with
 * an RRset, addresses of a pool, a referral or a negative answer. */
#include "dnsd/answer/flow.h"
#include "dnsd/wire/record.h"
#include "dnsd/wire/rrtype.h"

enum { CHAIN_MAX = 8, SOA_NUMBERS = 20 /* bytes: five numbers, the serial first */ };

/* CNAMEs followed so far. */
struct chain {
    struct name at; /* the target now looked at */
    size_t n;
    const uint8_t *targets[CHAIN_MAX]; /* rdata of each, uncompressed */
};

static bool been_there(const struct flow *f, const struct chain *c)
{
    const struct name *asked = &f->query.name;
    if (name_equal(c->at.wire, c->at.len, asked->wire, asked->len))
        return true;
    for (size_t i = 0; i + 1 < c->n; i++) {
        size_t len = name_check(c->targets[i], NAME_WIRE);
        if (name_equal_nocase(c->targets[i], len, c->at.wire, c->at.len))
            return true;
    }
    return false;
}

/* Adds the CNAME and moves to its target. @return false where the chain ends: too long, a loop, or
 * no room */
static bool follow(struct flow *f, struct chain *c, struct owner owner, const struct rrset *cname)
{
    answer_rrset(f, owner, cname);
    if (c->n == CHAIN_MAX || f->reply.flags & FLAG_TC)
        return false;
    const uint8_t *target = cname->records + RECORD_HEAD;
    c->targets[c->n++] = target;
    c->at.len = (uint8_t)(cname->len - RECORD_HEAD);
    name_lower(c->at.wire, target, c->at.len);
    return !been_there(f, c);
}

/* The name exists, or a wildcard stands for it. @return true if a CNAME leads on */
static bool answer_node(struct flow *f, struct chain *c, struct owner owner,
                        const struct lookup *found)
{
    const struct zone_node *node = found->node;
    uint16_t type = f->query.type;
    if (answer_is_pool_type(node, type)) {
        answer_pool(f, owner, found);
        return false;
    }
    /* ANY gets one RRset, whichever comes first (RFC 8482 4.1). */
    const struct rrset *set = type == TYPE_ANY ? node->rrsets : node_rrset(node, type);
    const struct rrset *cname = set ? NULL : node_rrset(node, TYPE_CNAME);
    if (cname)
        return follow(f, c, owner, cname);
    if (set)
        answer_rrset(f, owner, set);
    else
        answer_negative(f, found->apex, RCODE_NOERROR);
    return false;
}

/* A delegated name: not ours, but for the DS at the cut itself (RFC 4035 3.1.4.1). Behind a CNAME
 * the referral stands beside the answer (RFC 1034 4.3.2, 3b). */
static bool answer_cut(struct flow *f, struct chain *c, struct owner owner,
                       const struct lookup *found)
{
    if (f->query.type == TYPE_DS && owner.len == found->node->name_len)
        return answer_node(f, c, owner, found);
    answer_referral(f, found->node);
    return false;
}

/* One round for one name. Behind a CNAME the rcode is that of the last name (RFC 6604), and a name
 * that is not ours ends the answer where it is. @return true if a CNAME leads on */
static bool answer_found(struct flow *f, struct chain *c, struct owner owner,
                         const struct lookup *found)
{
    switch (found->kind) {
    case LOOKUP_NODE:
        return answer_node(f, c, owner, found);
    case LOOKUP_DELEGATION:
        return answer_cut(f, c, owner, found);
    case LOOKUP_NXDOMAIN:
        answer_negative(f, found->apex, RCODE_NXDOMAIN);
        return false;
    case LOOKUP_REFUSED:
        if (c->n == 0)
            answer_refuse(f, RCODE_REFUSED, EDE_NOT_AUTHORITATIVE, NULL);
        return false;
    }
    return false;
}

/* RFC 9660: the serial that this answer is from, so that a server left behind can be told. It is
 * that of the zone of the question, also when the answer is a referral out of it. */
static void tell_version(struct flow *f, const struct zone_node *apex)
{
    const struct rrset *soa = apex->negative;
    uint8_t labels = 0;
    for (const uint8_t *label = apex->name; *label; label += 1 + *label)
        labels++;
    reply_zone_version(&f->reply, labels, get_u32(soa->records + soa->len - SOA_NUMBERS));
}

void answer_name(struct flow *f)
{
    struct chain c;
    c.n = 0;
    struct owner owner = {f->query.name.wire, f->query.name.len};
    struct lookup found = zones_find(f->world->zones, owner.wire, owner.len);
    if (f->query.edns.zone_version && found.apex)
        tell_version(f, found.apex);
    if (answer_status(f, &found))
        return;
    while (answer_found(f, &c, owner, &found)) {
        owner = (struct owner){c.at.wire, c.at.len};
        found = zones_find(f->world->zones, owner.wire, owner.len);
    }
}
