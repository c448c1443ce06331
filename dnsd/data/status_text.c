#include "dnsd/data/status_text.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "dnsd/wire/record.h"
#include "dnsd/wire/rrtype.h"

enum { STRING_MAX = 255 };

struct pool_text {
    struct rrset all;    /* the summary and the first nodes */
    struct rrset *nodes; /* each points into the same bytes, where `all` goes on */
};

struct status_text {
    struct pool_text *pools; /* as in struct status */
};

/* The order of the counts in a summary: what serves first. */
static const enum node_state summary_order[] = {
    NODE_UP,         NODE_FULL,  NODE_DOWN,  NODE_GOING_UP,
    NODE_GOING_DOWN, NODE_DRAIN, NODE_MAINT, NODE_UNCHECKED,
};
_Static_assert(COUNT(summary_order) == NODE_STATES, "every state is counted");

/* A value in quotes; what would end it or confuse a terminal is replaced. */
static void add_quoted(struct buf *b, const char *key, const char *text)
{
    buf_printf(b, " %s=\"", key);
    for (const char *p = text; *p; p++) {
        char c = *p == '"' ? '\'' : (unsigned char)*p < ' ' || *p == 127 ? ' ' : *p;
        buf_add(b, &c, 1);
    }
    buf_text(b, "\"");
}

static void summary_text(struct buf *b, const struct status_pool *p)
{
    buf_printf(b, "pool=%s", p->name);
    for (size_t i = 0; i < COUNT(summary_order); i++)
        buf_printf(b, " %s=%zu", node_state_words[summary_order[i]], p->by_state[summary_order[i]]);
    buf_printf(b, " nodes=%zu", p->n_nodes);
    if (p->warning)
        add_quoted(b, "warning", p->warning);
}

static void load_text(struct buf *b, const struct status_node *n)
{
    if (n->load < 0)
        buf_text(b, " load=-");
    else if (n->limit > 0)
        buf_printf(b, " load=%.0f/%.0f", n->load, n->limit);
    else
        buf_printf(b, " load=%.0f", n->load);
}

static void node_text(struct buf *b, const struct status_node *n)
{
    char since[CLOCK_TEXT];
    buf_printf(b, "node=%s state=%s", n->name, node_state_words[n->state]);
    load_text(b, n);
    buf_printf(b, " since=%s", clock_rfc3339(n->since_wall_ms, since));
    add_quoted(b, "reason", n->reason ? n->reason : "");
}

/* Appends a TXT record with TTL 0: the text in strings of at most 255 bytes (RFC 1035 3.3.14).
 * @return its length */
static size_t add_record(struct buf *out, struct span text)
{
    text = span_first(text, STATUS_MAX_LEN / 4);
    size_t strings = text.len ? (text.len + STRING_MAX - 1) / STRING_MAX : 1;
    size_t len = RECORD_HEAD + text.len + strings;
    buf_reserve(out, len);
    uint8_t *p = (uint8_t *)out->p + out->len;
    p = record_head(p, TYPE_TXT, CLASS_IN, 0, text.len + strings);
    while (strings--) {
        struct span part = span_first(text, STRING_MAX);
        *p++ = (uint8_t)part.len;
        memcpy(p, part.p, part.len);
        p += part.len;
        text = span_skip(text, part.len);
    }
    out->len += len;
    return len;
}

static struct rrset txt_set(size_t count, size_t len)
{
    return (struct rrset){.type = TYPE_TXT, .count = (uint16_t)count, .len = len};
}

/* Writes all records of a pool behind one another. */
static void pool_text_build(struct pool_text *t, const struct status_pool *p, struct arena *arena)
{
    struct buf records = {0}, text = {0};
    t->nodes = ARENA_ARRAY(arena, struct rrset, p->n_nodes);
    summary_text(&text, p);
    t->all = txt_set(1, add_record(&records, buf_span(&text)));
    for (size_t i = 0; i < p->n_nodes; i++) {
        buf_clear(&text);
        node_text(&text, &p->nodes[i]);
        t->nodes[i] = txt_set(1, add_record(&records, buf_span(&text)));
        if (i < STATUS_MAX_NODES && t->all.count == i + 1 && records.len <= STATUS_MAX_LEN)
            t->all = txt_set(i + 2, records.len);
    }
    const uint8_t *at = arena_copy(arena, records.p, records.len);
    t->all.records = at;
    at += record_len(at);
    for (size_t i = 0; i < p->n_nodes; at += t->nodes[i++].len)
        t->nodes[i].records = at;
    buf_fini(&records);
    buf_fini(&text);
}

void status_text_build(struct status *s)
{
    s->text = ARENA_NEW(s->arena, struct status_text);
    s->text->pools = ARENA_ARRAY(s->arena, struct pool_text, s->n_pools);
    for (size_t i = 0; i < s->n_pools; i++)
        pool_text_build(&s->text->pools[i], &s->pools[i], s->arena);
}

static const struct status_pool *pool_of(const struct status *s, int32_t service)
{
    for (size_t i = 0; s->text && i < s->n_pools; i++)
        if (s->pools[i].service == service)
            return &s->pools[i];
    return NULL;
}

const struct rrset *status_text_find(const struct status *s, int32_t service, struct span node)
{
    const struct status_pool *p = pool_of(s, service);
    if (!p)
        return NULL;
    const struct pool_text *t = &s->text->pools[p - s->pools];
    if (node.len == 0)
        return &t->all;
    for (size_t i = 0; i < p->n_nodes; i++)
        if (span_is_nocase(node, p->nodes[i].name))
            return &t->nodes[i];
    return NULL;
}

bool status_text_above(const struct status *s, int32_t service, struct span tail)
{
    const struct status_pool *p = pool_of(s, service);
    for (size_t i = 0; p && i < p->n_nodes; i++) {
        struct span name = span_of(p->nodes[i].name);
        if (name.len > tail.len && name.p[name.len - tail.len - 1] == '.' &&
            strncasecmp(name.p + name.len - tail.len, tail.p, tail.len) == 0)
            return true;
    }
    return false;
}
