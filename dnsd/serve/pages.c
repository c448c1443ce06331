#include "dnsd/serve/pages.h"

#include "base/clock.h"
#include "dnsd/answer/answer.h"
#include "dnsd/serve/tcp_counts.h"
#include "version.h"

/* --- JSON --- */

static void set_time(struct json *object, const char *key, int64_t wall_ms)
{
    char text[CLOCK_TEXT];
    json_set_text(object, key, clock_rfc3339_ms(wall_ms, text));
}

/* A node may report any finite number; what is no exact integer is no count either. */
static void set_connections(struct json *object, const char *key, double value)
{
    const double exact = 9007199254740992.0; /* 2^53 */
    if (value <= exact)
        json_set_int(object, key, (int64_t)value);
    else
        json_set_real(object, key, value);
}

static struct json *json_load_axis(const struct status_node *node)
{
    struct json *load = json_new_object();
    json_set_text(load, "state", node->load_state);
    if (node->load >= 0)
        set_connections(load, "connections", node->load);
    if (node->limit > 0)
        set_connections(load, "limit", node->limit);
    return load;
}

static struct json *json_node(const struct status_node *node)
{
    char ip[ADDR_TEXT];
    struct json *v = json_new_object(), *addrs = json_new_array();
    for (size_t i = 0; i < node->n_addrs; i++)
        json_push_text(addrs, addr_ip_text(&node->addrs[i], ip));
    json_set_text(v, "name", node->name);
    json_set(v, "addresses", addrs);
    json_set_text(v, "state", node_state_words[node->state]);
    json_set_bool(v, "answered", node->answered);
    json_set_text(v, "op", node->op);
    json_set_text(v, "admin", node->admin);
    json_set(v, "load", json_load_axis(node));
    set_time(v, "since", node->since_wall_ms);
    json_set_text(v, "reason", node->reason);
    return v;
}

static struct json *json_pool(const struct status_pool *pool)
{
    struct json *v = json_new_object(), *names = json_new_array(), *states = json_new_object(),
                *nodes = json_new_array();
    for (size_t i = 0; i < pool->n_names; i++)
        json_push_text(names, pool->names[i]);
    for (int s = NODE_STATES - 1; s >= 0; s--)
        json_set_int(states, node_state_words[s], (int64_t)pool->by_state[s]);
    for (size_t i = 0; i < pool->n_nodes; i++)
        json_push(nodes, json_node(&pool->nodes[i]));
    json_set_text(v, "name", pool->name);
    json_set(v, "names", names);
    json_set(v, "states", states);
    json_set_text(v, "warning", pool->warning);
    json_set(v, "nodes", nodes);
    return v;
}

struct json *pages_pools(const struct status *status)
{
    struct json *v = json_new_object(), *pools = json_new_array();
    json_set_text(v, "version", S3POOL_VERSION);
    set_time(v, "time", status->built_wall_ms);
    for (size_t i = 0; i < status->n_pools; i++)
        json_push(pools, json_pool(&status->pools[i]));
    json_set(v, "pools", pools);
    return v;
}

/* --- Prometheus --- */

static double node_up(const struct status_node *n)
{
    return n->answered;
}

static double node_load(const struct status_node *n)
{
    return n->load;
}

static double node_limit(const struct status_node *n)
{
    return n->limit > 0 ? n->limit : -1;
}

static double node_since(const struct status_node *n)
{
    return (double)n->since_wall_ms / 1000;
}

/* One gauge per node; a negative value means that there is nothing to report. */
static const struct {
    const char *name, *help;
    double (*value)(const struct status_node *n);
} node_gauges[] = {
    {"dnsd_node_answered", "1 if the answers contain the node now.", node_up},
    {"dnsd_node_load_connections", "Connections that the node reported last.", node_load},
    {"dnsd_node_limit_connections", "Connection limit that the node reported last.", node_limit},
    {"dnsd_node_state_since_seconds", "Unix time of the node's last change of state.", node_since},
};

static void write_node_gauges(const struct status *status, struct buf *out)
{
    for (size_t g = 0; g < COUNT(node_gauges); g++) {
        metrics_family(node_gauges[g].name, METRIC_GAUGE, node_gauges[g].help, out);
        for (size_t p = 0; p < status->n_pools; p++)
            for (size_t n = 0; n < status->pools[p].n_nodes; n++) {
                const struct status_node *node = &status->pools[p].nodes[n];
                double value = node_gauges[g].value(node);
                if (value >= 0)
                    metrics_sample(out, node_gauges[g].name, value, "pool", status->pools[p].name,
                                   "node", node->name, NULL);
            }
    }
}

static void write_pool_states(const struct status *status, struct buf *out)
{
    metrics_family("dnsd_pool_nodes", METRIC_GAUGE, "Nodes of a pool by state.", out);
    for (size_t p = 0; p < status->n_pools; p++)
        for (int s = 0; s < NODE_STATES; s++)
            metrics_sample(out, "dnsd_pool_nodes", (double)status->pools[p].by_state[s], "pool",
                           status->pools[p].name, "state", node_state_words[s], NULL);
    metrics_family("dnsd_pool_degraded", METRIC_GAUGE,
                   "1 if fewer nodes than min_nodes are eligible, or none.", out);
    for (size_t p = 0; p < status->n_pools; p++)
        metrics_sample(out, "dnsd_pool_degraded", status->pools[p].warning != NULL, "pool",
                       status->pools[p].name, NULL);
}

static void write_answering(const struct admin_source *source, struct buf *out)
{
    bool ready = atomic_load(source->ready);
    size_t n = 0, n_tcp = 0;
    counter *const *answers = ready ? answering_counts(source->answering, &n) : NULL;
    counter *const *connections = ready ? answering_tcp_counts(source->answering, &n_tcp) : NULL;
    metrics_write(answer_metrics, COUNT_ANSWERS, answers, n, out);
    metrics_write(tcp_metrics, TCP_COUNTS, connections, n_tcp, out);
}

void pages_metrics(const struct status *status, const struct admin_source *source, struct buf *out)
{
    metrics_family("dnsd_build_info", METRIC_GAUGE, "Always 1; the labels say what runs.", out);
    metrics_sample(out, "dnsd_build_info", 1, "version", S3POOL_VERSION, "revision",
                   S3POOL_GIT_HASH, NULL);
    write_answering(source, out);
    metrics_family("dnsd_worlds_published_total", METRIC_COUNTER,
                   "Changes of the answers published.", out);
    metrics_sample(out, "dnsd_worlds_published_total", (double)counter_get(source->worlds), NULL);
    metrics_family("dnsd_worlds_waiting", METRIC_GAUGE,
                   "Old answers that a thread still reads and whose memory waits.", out);
    metrics_sample(out, "dnsd_worlds_waiting", (double)counter_get(source->waiting), NULL);
    write_pool_states(status, out);
    write_node_gauges(status, out);
}

/* --- HTML --- */

static void html_escape(struct buf *out, const char *text)
{
    static const char *const entities[] = {
        ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\''] = "&#39;"};
    for (; *text; text++) {
        const char *entity =
            (unsigned char)*text < COUNT(entities) ? entities[(unsigned char)*text] : NULL;
        if (entity)
            buf_text(out, entity);
        else
            buf_add(out, text, 1);
    }
}

static void html_cell(struct buf *out, const char *text)
{
    buf_text(out, "<td>");
    html_escape(out, text);
    buf_text(out, "</td>");
}

static void html_node(const struct status_node *node, struct buf *out)
{
    char since[CLOCK_TEXT], load[64] = "-";
    if (node->load >= 0 && node->limit > 0)
        snprintf(load, sizeof load, "%.0f of %.0f", node->load, node->limit);
    else if (node->load >= 0)
        snprintf(load, sizeof load, "%.0f", node->load);
    buf_printf(out, "<tr class=%s>", node_state_words[node->state]);
    html_cell(out, node->name);
    html_cell(out, node_state_words[node->state]);
    html_cell(out, node->answered ? "yes" : "no");
    html_cell(out, load);
    html_cell(out, clock_rfc3339(node->since_wall_ms, since));
    html_cell(out, node->reason);
    buf_text(out, "</tr>\n");
}

static void html_pool(const struct status_pool *pool, struct buf *out)
{
    buf_text(out, "<h2>");
    html_escape(out, pool->name);
    buf_text(out, "</h2>\n<p>");
    for (size_t i = 0; i < pool->n_names; i++) {
        buf_text(out, i ? ", " : "");
        html_escape(out, pool->names[i]);
    }
    buf_text(out, "</p>\n");
    if (pool->warning) {
        buf_text(out, "<p role=alert><strong>");
        html_escape(out, pool->warning);
        buf_text(out, "</strong></p>\n");
    }
    buf_text(
        out,
        "<div><table>\n<thead><tr><th>node<th>state<th>answered<th>connections<th>since<th>why</tr>"
        "</thead>\n<tbody>\n");
    for (size_t i = 0; i < pool->n_nodes; i++)
        html_node(&pool->nodes[i], out);
    buf_text(out, "</tbody></table></div>\n");
}

void pages_html(const struct status *status, struct buf *out)
{
    char now[CLOCK_TEXT];
    buf_text(out, "<!doctype html>\n<html lang=en><meta charset=utf-8>\n"
                  "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
                  "<meta http-equiv=refresh content=2>\n<title>dnsd</title>\n<style>\n"
                  ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\n"
                  "body{max-width:70rem;margin:2rem auto;padding:0 1rem}\n"
                  "div{overflow-x:auto}table{border-collapse:collapse;width:100%}\n"
                  "th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid "
                  "#8884;white-space:nowrap}\n"
                  "td:last-child{white-space:normal;min-width:16rem}\n"
                  "td:nth-child(2){font-weight:600}\n"
                  ".up td:nth-child(2){color:#2a9d4f}.down td:nth-child(2){color:#d33}\n"
                  ".full td:nth-child(2),.going_down td:nth-child(2),.going_up "
                  "td:nth-child(2){color:#c77700}\n"
                  "</style>\n<h1>dnsd</h1>\n");
    for (size_t i = 0; i < status->n_pools; i++)
        html_pool(&status->pools[i], out);
    buf_printf(out,
               "<p><small>dnsd %s, picture of %s; <a href=/api/v1/pools>JSON</a>, <a "
               "href=/metrics>metrics</a>"
               "</small></p>\n</html>\n",
               S3POOL_VERSION, clock_rfc3339(status->built_wall_ms, now));
}
