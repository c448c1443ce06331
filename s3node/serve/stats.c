#include "s3node/serve/stats.h"

#include <stdlib.h>

#include "base/mem.h"

enum { CLASSES = 5 }; /* 1xx..5xx */

struct stats {
    counter received, sent;
    counter requests[]; /* (op_count() + 1) * CLASSES; the last row: no operation */
};

struct stats *stats_new(void)
{
    return mem_alloc(1, sizeof(struct stats) + (op_count() + 1) * CLASSES * sizeof(counter));
}

void stats_free(struct stats *s)
{
    free(s);
}

static size_t cell(size_t row, int status)
{
    return row * CLASSES + (size_t)(status / 100 - 1);
}

void stats_request(struct stats *s, const struct op *op, int status, uint64_t received,
                   uint64_t sent)
{
    size_t row = op ? op_index(op) : op_count();
    counter_add(&s->requests[cell(row, status)], 1);
    counter_add(&s->received, received);
    counter_add(&s->sent, sent);
}

static void write_requests(const struct stats *const *sets, size_t n, struct buf *out)
{
    static const char name[] = "s3node_requests_total";
    static const char *const classes[CLASSES] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
    metrics_family(name, METRIC_COUNTER, "S3 requests by operation and class of status.", out);
    for (size_t row = 0; row <= op_count(); row++)
        for (size_t class = 0; class < CLASSES; class ++) {
            uint64_t sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += counter_get(&sets[i]->requests[row * CLASSES + class]);
            if (sum > 0)
                metrics_sample(out, name, (double)sum, "operation",
                               row < op_count() ? op_at(row)->name : "none", "status",
                               classes[class], NULL);
        }
}

static void write_one(struct buf *out, const char *name, enum metric_type type, const char *help,
                      uint64_t value)
{
    metrics_family(name, type, help, out);
    metrics_sample(out, name, (double)value, NULL);
}

static void write_state(const struct health_view *view, struct buf *out)
{
    static const char name[] = "s3node_state";
    metrics_family(name, METRIC_GAUGE, "1 for the state that /-/ready reports.", out);
    for (int state = NODE_STARTING; state <= NODE_FAILED; state++)
        metrics_sample(out, name, state == (int)view->state, "state",
                       health_state_word((enum node_state)state), NULL);
}

void stats_write(const struct stats *const *sets, size_t n, const struct health_view *view,
                 struct buf *out)
{
    uint64_t received = 0, sent = 0;
    for (size_t i = 0; i < n; i++) {
        received += counter_get(&sets[i]->received);
        sent += counter_get(&sets[i]->sent);
    }
    write_requests(sets, n, out);
    write_one(out, "s3node_received_bytes_total", METRIC_COUNTER,
              "Bytes of request bodies, transfer coding removed.", received);
    write_one(out, "s3node_sent_bytes_total", METRIC_COUNTER, "Bytes of reply bodies.", sent);
    write_one(out, "s3node_accepts_total", METRIC_COUNTER, "Connections accepted.", view->accepts);
    write_one(out, "s3node_connections", METRIC_GAUGE, "Connections that count.", view->conns);
    write_one(out, "s3node_connections_limit", METRIC_GAUGE, "Full at this many.", view->limit);
    write_one(out, "s3node_connections_resume", METRIC_GAUGE, "Ready again below this many.",
              view->resume);
    write_one(out, "s3node_inflight", METRIC_GAUGE, "S3 requests being answered.", view->inflight);
    write_state(view, out);
}
