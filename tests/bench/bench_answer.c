/* bench_answer.c - nanoseconds an answer, one thread, no network.
 * The median of several runs, so that one interruption does not count. */
#include <stdio.h>

#include "base/clock.h"
#include "tests/unit/dnsd/answer_world.h"
#include "tests/unit/dnsd/dns_test.h"

enum { RUNS = 9, BATCH = 20000 };

static const struct row {
    const char *name;
    struct dns_ask ask;
} rows[] = {
    {"pool", ASK("s3.example.com", 1)},
    {"pool_edns", ASK("s3.example.com", 1, .payload = 1232, .edns_flags = 0x8000)},
    {"pool_wildcard", ASK("bucket.s3.example.com", 1, .payload = 1232)},
    {"pool_nodata", ASK("s3.example.com", 28, .payload = 1232)},
    {"static", ASK("www.s3.example.com", 1, .payload = 1232)},
    {"cname", ASK("alias.s3.example.com", 1, .payload = 1232)},
    {"referral", ASK("sub.s3.example.com", 1, .payload = 1232)},
    {"nxdomain", ASK("no.www.s3.example.com", 1, .payload = 1232)},
    {"refused", ASK("www.example.net", 1, .payload = 1232)},
    {"pool_status", ASK("10.0.0.11._pool.s3.example.com", 16, .payload = 1232)},
    {"formerr", ASK("s3.example.com", 41)},
};

/* From elsewhere: its replies are counted. */
static const struct row far_row = {"pool_far", ASK("s3.example.com", 1)};

static double ns_per_answer(struct answer_world *w, const struct answer_query *in, size_t *len)
{
    static uint8_t reply[ANSWER_MAX_UDP];
    int64_t start_us = clock_us();
    for (int i = 0; i < BATCH; i++)
        *len = answer_packet(w->ctx, w->world, w->status, 0, in, reply, sizeof reply);
    return (double)(clock_us() - start_us) * 1000.0 / BATCH;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench_row(struct answer_world *w, const struct row *row, const char *separator)
{
    uint8_t packet[DNS_QUERY_MAX];
    struct answer_query in = {packet, dns_query(&row->ask, packet), w->from, false, 0};
    double ns[RUNS];
    size_t len = 0;
    for (int i = 0; i < RUNS; i++)
        ns[i] = ns_per_answer(w, &in, &len);
    qsort(ns, RUNS, sizeof ns[0], by_value);
    printf("%s\"%s\": {\"ns\": %.1f, \"bytes\": %zu}", separator, row->name, ns[RUNS / 2], len);
}

int main(void)
{
    struct answer_world w;
    answer_world_init(&w);
    printf("{\"bench\": \"answer\", \"rows\": {");
    for (size_t i = 0; i < COUNT(rows); i++)
        bench_row(&w, &rows[i], i ? ", " : "");
    w.from.ip[0] = 192;
    w.settings.rrl.rate = 1000000;
    bench_row(&w, &far_row, ", ");
    printf("}}\n");
    answer_world_fini(&w);
    return 0;
}
