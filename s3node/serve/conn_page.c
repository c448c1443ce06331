#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "s3node/serve/conn.h"

static struct health_view view_of(struct node *node, enum health_page page)
{
    struct count_view count = count_view(&node->count);
    struct count_limits limits = count_limits(&node->count);
    return (struct health_view){
        .boot = service_boot(node->service),
        .store = store_id(service_store(node->service)),
        .seq = atomic_fetch_add(&node->seq, health_reports(page)) + health_reports(page),
        .accepts = atomic_load(&node->accepts),
        .state = node_state(node),
        .conns = count.conns,
        .inflight = atomic_load(&node->inflight),
        .limit = limits.limit,
        .resume = limits.resume,
    };
}

static bool may_inspect(struct loop *l, const struct addr *peer)
{
    const struct policy *policy = policy_pin(l);
    bool may = false;
    for (size_t i = 0; i < policy->n_inspect && !may; i++)
        may = prefix_contains(&policy->inspect[i], peer);
    policy_unpin(l);
    return may;
}

static void write_metrics(struct node *node, const struct health_view *view, struct reply *out)
{
    const struct stats **sets = NEW_ARRAY(const struct stats *, node->n_loops);
    for (size_t i = 0; i < node->n_loops; i++)
        sets[i] = node->loops[i].stats;
    stats_write(sets, node->n_loops, view,
                reply_text(out, 200, "text/plain; version=0.0.4; charset=utf-8"));
    free(sets);
}

static void begin_page(struct conn *c, bool head_only)
{
    service_request_id(c->loop->node->service, c->page_id);
    c->reply = &c->page;
    c->page.head_only = head_only;
}

static void error_page(struct conn *c, enum s3err e, struct span resource)
{
    struct reply_ids ids = {c->page_id, service_boot(c->loop->node->service)};
    reply_error(c->reply, e, resource, &ids);
}

void conn_page(struct conn *c, const struct http1_head *head, enum health_page page)
{
    struct node *node = c->loop->node;
    struct health_view view = view_of(node, page);
    bool head_only = span_is(head->method, "HEAD");
    begin_page(c, head_only);
    if (!head_only && !span_is(head->method, "GET"))
        error_page(c, S3ERR_METHOD_NOT_ALLOWED, head->target);
    else if (health_restricted(page) && !may_inspect(c->loop, &c->peer))
        error_page(c, S3ERR_ACCESS_DENIED, head->target);
    else if (page == HEALTH_UNKNOWN)
        error_page(c, S3ERR_NO_SUCH_KEY, head->target);
    else if (page == HEALTH_METRICS)
        write_metrics(node, &view, c->reply);
    else
        health_reply(page, &view, c->reply);
    conn_gather(c);
    conn_reply(c);
}

void conn_refuse(struct conn *c, enum s3err e, struct span resource)
{
    begin_page(c, false);
    c->close = true;
    c->began_wall_ms = clock_wall_ms();
    error_page(c, e, resource);
    stats_request(c->loop->stats, NULL, c->reply->status, 0, 0);
    conn_reply(c);
}
