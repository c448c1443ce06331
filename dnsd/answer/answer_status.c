/* answer_status.c - `_pool.NAME` and `NODE._pool.NAME`: the state of a pool as TXT, for those who
 * may look. */
#include "dnsd/answer/flow.h"
#include "dnsd/data/status_text.h"
#include "dnsd/wire/rrtype.h"

static const uint8_t pool_label[] = {5, '_', 'p', 'o', 'o', 'l'};

/* What a `_pool` name is about. */
struct subject {
    int32_t service;
    struct span node; /* the labels before `_pool` joined by dots; empty: the pool itself */
    char text[NAME_WIRE];
};

/* The labels before byte `end` of the name, joined by dots. */
static struct span join_labels(const struct name *name, size_t end, char *out)
{
    if (end == 0)
        return (struct span){NULL, 0};
    memcpy(out, name->wire + 1, end - 1);
    for (size_t at = 1u + name->wire[0]; at < end; at += 1u + name->wire[at])
        out[at - 1] = '.';
    return span_bytes(out, end - 1);
}

/* True if what stands behind the label at `at` is a name bound to a service, not only covered by
 * one. */
static bool bound_behind(const struct flow *f, size_t at, int32_t *service)
{
    const struct name *name = &f->query.name;
    size_t behind = at + sizeof pool_label;
    struct lookup l = zones_find(f->world->zones, name->wire + behind, name->len - behind);
    if (l.kind != LOOKUP_NODE || l.wildcard)
        return false;
    *service = l.node->service;
    return *service != NO_SERVICE;
}

static bool is_pool_label(const uint8_t *label)
{
    return *label == pool_label[0] && memcmp(label, pool_label, sizeof pool_label) == 0;
}

static bool find_subject(const struct flow *f, struct subject *s)
{
    const struct name *name = &f->query.name;
    for (size_t at = 0; name->wire[at]; at += 1u + name->wire[at]) {
        if (!is_pool_label(name->wire + at) || !bound_behind(f, at, &s->service))
            continue;
        s->node = join_labels(name, at, s->text);
        return true;
    }
    return false;
}

static bool may_inspect(const struct flow *f)
{
    const struct answer_settings *settings = f->ctx->settings;
    for (size_t i = 0; i < settings->n_inspect; i++)
        if (prefix_contains(&settings->inspect[i], &f->in->from))
            return true;
    return false;
}

static void answer_subject(struct flow *f, const struct subject *s, const struct zone_node *apex)
{
    const struct rrset *txt = status_text_find(f->status, s->service, s->node);
    struct owner owner = {f->query.name.wire, f->query.name.len};
    bool wants_txt = f->query.type == TYPE_TXT || f->query.type == TYPE_ANY;
    if (txt && wants_txt)
        answer_rrset(f, owner, txt);
    else if (txt || status_text_above(f->status, s->service, s->node))
        answer_negative(f, apex, RCODE_NOERROR);
    else
        answer_negative(f, apex, RCODE_NXDOMAIN);
}

bool answer_status(struct flow *f, const struct lookup *found)
{
    struct subject s;
    bool exists = found->kind == LOOKUP_NODE && !found->wildcard;
    if (exists || found->kind == LOOKUP_REFUSED || !find_subject(f, &s))
        return false;
    if (!may_inspect(f)) {
        answer_negative(f, found->apex, RCODE_NOERROR);
        f->reply.edns.ede = EDE_PROHIBITED;
        f->reply.edns.ede_text = span_of("`inspect:` does not list your address");
    } else if (!f->status) {
        answer_refuse(f, RCODE_SERVFAIL, EDE_NOT_READY, "the status of the pools is not there yet");
    } else {
        answer_subject(f, &s, found->apex);
    }
    return true;
}
