/* conf_sample.h - a configuration with every kind of row: for the tests and the fuzz target. */
#ifndef TESTS_UNIT_BASE_CONF_SAMPLE_H
#define TESTS_UNIT_BASE_CONF_SAMPLE_H

#include "base/conf.h"
#include "base/net.h"

static const struct conf_word policies[] = {{"balanced", 1}, {"rotate", 2}, {NULL, 0}};
static const struct conf_word all_word[] = {{"all", 0}, {NULL, 0}};
static const struct conf_word off_word[] = {{"off", 0}, {NULL, 0}};

struct node {
    const char *name;
    struct conf_list addrs;
    int64_t weight;
    struct conf_at at_weight;
};

static const struct conf_field node_rows[] = {
    {.kind = CONF_TEXT, .key = "name", .offset = offsetof(struct node, name)},
    {.kind = CONF_LIST,
     .key = "address",
     .offset = offsetof(struct node, addrs),
     .dflt = CONF_REQUIRED,
     .elem = CONF_ADDR,
     .elem_size = sizeof(struct addr)},
    {.kind = CONF_INT,
     .key = "weight",
     .offset = offsetof(struct node, weight),
     .dflt = "1",
     .min = 1,
     .max = 255,
     .at_offset = offsetof(struct node, at_weight)},
    {.kind = CONF_LATER, .key = "rack"},
    {.kind = CONF_END},
};

struct probe {
    int64_t interval_ms, rise;
    struct conf_at at;
};

static const struct conf_field probe_rows[] = {
    {.kind = CONF_DURATION,
     .key = "interval",
     .offset = offsetof(struct probe, interval_ms),
     .dflt = "1s",
     .min = 100,
     .max = 3600000},
    {.kind = CONF_INT,
     .key = "rise",
     .offset = offsetof(struct probe, rise),
     .dflt = "2",
     .min = 1,
     .max = 64},
    {.kind = CONF_END},
};

struct pool {
    const char *name;
    struct conf_list nodes;
    struct probe probe;
};

static const struct conf_field pool_rows[] = {
    {.kind = CONF_LIST,
     .key = "nodes",
     .offset = offsetof(struct pool, nodes),
     .elem = CONF_MAP,
     .elem_size = sizeof(struct node),
     .sub = node_rows,
     .shorthand = "address"},
    {.kind = CONF_MAP,
     .key = "probe",
     .offset = offsetof(struct pool, probe),
     .sub = probe_rows,
     .at_offset = offsetof(struct pool, probe.at)},
    {.kind = CONF_END},
};

struct network {
    const char *name;
    struct conf_list prefixes;
};

static const struct conf_field network_rows[] = {
    {.kind = CONF_LIST,
     .key = "prefixes",
     .offset = offsetof(struct network, prefixes),
     .elem = CONF_PREFIX,
     .elem_size = sizeof(struct prefix)},
    {.kind = CONF_END},
};

struct sample {
    bool flag, given_flag;
    int policy;
    int64_t count, wait_ms, size;
    const char *text, *secret;
    struct addr addr, endpoint;
    struct prefix prefix;
    struct conf_list numbers, networks, pools;
    struct conf_at at_numbers;
};

#define AT(member) .offset = offsetof(struct sample, member)

static const struct conf_field sample_rows[] = {
    {.kind = CONF_BOOL,
     .key = "flag",
     AT(flag),
     .given_offset = offsetof(struct sample, given_flag)},
    {.kind = CONF_ENUM, .key = "policy", AT(policy), .dflt = "balanced", .words = policies},
    {.kind = CONF_INT,
     .key = "count",
     AT(count),
     .dflt = "all",
     .min = 1,
     .max = 100,
     .words = all_word,
     .unit = "records"},
    {.kind = CONF_DURATION, .key = "wait", AT(wait_ms), .dflt = "5s", .max = 3600000},
    {.kind = CONF_SIZE, .key = "size", AT(size), .dflt = "64KiB", .min = 1, .max = INT64_MAX},
    {.kind = CONF_TEXT, .key = "text", AT(text), .dflt = "off", .max = 20, .words = off_word},
    {.kind = CONF_TEXT, .key = "secret", AT(secret), .secret = true},
    {.kind = CONF_ADDR, .key = "addr", AT(addr)},
    {.kind = CONF_ENDPOINT,
     .key = "endpoint",
     AT(endpoint),
     .dflt = "127.0.0.1:53",
     .words = off_word},
    {.kind = CONF_PREFIX, .key = "prefix", AT(prefix)},
    {.kind = CONF_LIST,
     .key = "numbers",
     AT(numbers),
     .dflt = "[200, 204]",
     .min = 100,
     .max = 599,
     .elem = CONF_INT,
     .elem_size = sizeof(int64_t),
     .at_offset = offsetof(struct sample, at_numbers)},
    {.kind = CONF_DICT,
     .key = "networks",
     AT(networks),
     .elem = CONF_MAP,
     .elem_size = sizeof(struct network),
     .sub = network_rows,
     .shorthand = "prefixes"},
    {.kind = CONF_DICT,
     .key = "pools",
     AT(pools),
     .elem = CONF_MAP,
     .elem_size = sizeof(struct pool),
     .sub = pool_rows},
    {.kind = CONF_LATER, .key = "services"},
    {.kind = CONF_END},
};

#undef AT

#endif
