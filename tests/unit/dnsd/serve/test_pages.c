/* test_pages.c - what the admin side shows: JSON, Prometheus text, HTML; with names and reasons
 * that nobody should choose. */
#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/serve/pages.h"
#include "tests/unit/test.h"

#define ODD "<b>\"x\"&'\\\n\xff"

static const struct addr addrs[] = {{.family = AF_INET, .ip = {10, 0, 0, 1}},
                                    {.family = AF_INET6, .ip = {0x20, 1, 0xd, 0xb8}}};

static const struct status_node nodes[] = {
    {"a", addrs, 2, NODE_UP, "up", "ready", "normal", 512, 1536, 1795165200125, "fine", true},
    {ODD, addrs, 1, NODE_DOWN, "down", "ready", "unknown", -1, 0, 1795165200000, ODD, false},
    {"big", addrs, 1, NODE_FULL, "up", "ready", "full", 1e200, 1e300, 1795165200000, "absurd",
     false},
};

static const char *const names[] = {"s3.example.com", "*.s3.example.com"};

static const struct status_pool pools[] = {
    {.name = "s3",
     .names = names,
     .n_names = 2,
     .by_state = {[NODE_UP] = 1, [NODE_DOWN] = 1, [NODE_FULL] = 1},
     .nodes = nodes,
     .n_nodes = 3},
    {.name = ODD, .names = names, .n_names = 1, .warning = ODD},
};

static const struct status status = {
    .built_wall_ms = 1795165201000, .pools = pools, .n_pools = COUNT(pools)};
static const struct status nothing = {.built_wall_ms = 1795165201000};

/* --- JSON --- */

static struct json *parsed(const struct status *s)
{
    struct err err;
    struct buf text = {0};
    struct json *v = pages_pools(s);
    json_write(v, JSON_PRETTY, &text);
    json_free(v);
    struct json *back = json_parse(buf_span(&text), "page", &err);
    if (!back)
        fail_msg("%s", err.text);
    buf_fini(&text);
    return back;
}

static void json_has_the_shape(void **state)
{
    (void)state;
    struct json *v = parsed(&status);
    const struct json *list = json_get(v, "pools");
    assert_string_equal(json_get_text(v, "time", ""), "2026-11-20T09:00:01.000Z");
    assert_int_equal(json_count(list), 2);
    const struct json *pool = json_at(list, 0);
    assert_string_equal(json_get_text(pool, "name", ""), "s3");
    assert_string_equal(json_text(json_at(json_get(pool, "names"), 1)), "*.s3.example.com");
    const struct json *states = json_get(pool, "states");
    for (int s = 0; s < NODE_STATES; s++)
        assert_int_equal(json_get_int(states, node_state_words[s], -1), pools[0].by_state[s]);
    assert_null(json_get_text(pool, "warning", NULL));
    assert_non_null(json_get_text(json_at(list, 1), "warning", NULL));

    const struct json *a = json_at(json_get(pool, "nodes"), 0), *load = json_get(a, "load");
    assert_string_equal(json_get_text(a, "name", ""), "a");
    assert_string_equal(json_text(json_at(json_get(a, "addresses"), 1)), "2001:db8::");
    assert_string_equal(json_get_text(a, "state", ""), "up");
    assert_string_equal(json_get_text(a, "op", ""), "up");
    assert_string_equal(json_get_text(a, "admin", ""), "ready");
    assert_string_equal(json_get_text(load, "state", ""), "normal");
    assert_int_equal(json_get_int(load, "connections", -1), 512);
    assert_int_equal(json_get_int(load, "limit", -1), 1536);
    assert_string_equal(json_get_text(a, "since", ""), "2026-11-20T09:00:00.125Z");
    assert_true(json_get_bool(a, "answered", false));
    assert_string_equal(json_get_text(a, "reason", ""), "fine");
    json_free(v);
}

static void json_bears_what_is_odd(void **state)
{
    (void)state;
    struct json *v = parsed(&status);
    const struct json *list = json_get(json_at(json_get(v, "pools"), 0), "nodes");
    const struct json *odd = json_at(list, 1), *big = json_at(list, 2);
    assert_string_equal(json_get_text(odd, "name", ""), "<b>\"x\"&'\\\n\xef\xbf\xbd");
    assert_null(json_get(json_get(odd, "load"), "connections"));
    assert_null(json_get(json_get(odd, "load"), "limit"));
    assert_non_null(json_get(json_get(big, "load"), "connections"));
    assert_int_equal(json_get_int(json_get(big, "load"), "connections", -1), -1); /* no integer */
    json_free(v);
    v = parsed(&nothing);
    assert_int_equal(json_count(json_get(v, "pools")), 0);
    json_free(v);
}

/* --- HTML --- */

static size_t occurrences(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static void html_is_escaped(void **state)
{
    (void)state;
    struct buf out = {0};
    pages_html(&status, &out);
    const char *text = buf_cstr(&out);
    assert_int_equal(occurrences(text, "<b>"), 0);
    assert_int_equal(occurrences(text, "&lt;b&gt;&quot;x&quot;&amp;&#39;\\"), 4);
    assert_int_equal(occurrences(text, "<tr class="), 3);
    assert_int_equal(occurrences(text, "<h2>"), 2);
    assert_non_null(strstr(text, "<td>512 of 1536</td>"));
    assert_non_null(strstr(text, "<td>-</td>"));
    buf_clear(&out);
    pages_html(&nothing, &out);
    assert_int_equal(occurrences(buf_cstr(&out), "<table>"), 0);
    buf_fini(&out);
}

/* --- Prometheus, exposition format 0.0.4 --- */

static struct span take_name(struct span *line)
{
    struct span name = *line;
    while (line->len && (isalnum((unsigned char)*line->p) || *line->p == '_' || *line->p == ':'))
        *line = span_skip(*line, 1);
    name.len -= line->len;
    assert_true(name.len > 0 && !isdigit((unsigned char)*name.p));
    return name;
}

static void take(struct span *line, const char *text)
{
    assert_true(span_starts(*line, text));
    *line = span_skip(*line, strlen(text));
}

static void take_quoted(struct span *line)
{
    take(line, "\"");
    while (line->len && *line->p != '"') {
        if (*line->p == '\\') {
            *line = span_skip(*line, 1);
            assert_true(line->len && strchr("\\\"n", *line->p));
        }
        *line = span_skip(*line, 1);
    }
    take(line, "\"");
}

static void check_sample(struct span line, struct span family)
{
    struct span name = take_name(&line);
    assert_true(span_equal(name, family)); /* samples stand under their TYPE */
    if (span_starts(line, "{")) {
        do {
            line = span_skip(line, 1);
            take_name(&line);
            take(&line, "=");
            take_quoted(&line);
        } while (span_starts(line, ","));
        take(&line, "}");
    }
    take(&line, " ");
    char number[64], *end;
    snprintf(number, sizeof number, "%.*s", (int)line.len, line.p);
    (void)strtod(number, &end);
    assert_true(end != number && *end == '\0');
}

static void check_prometheus(const struct buf *text)
{
    struct span rest = buf_span(text), line, family = {0};
    assert_true(text->len && text->p[text->len - 1] == '\n');
    rest.len--;
    while (span_split(&rest, '\n', &line)) {
        if (span_starts(line, "# HELP ")) {
            line = span_skip(line, 7);
            family = take_name(&line);
        } else if (span_starts(line, "# TYPE ")) {
            line = span_skip(line, 7);
            assert_true(span_equal(take_name(&line), family));
            assert_true(span_is(line, " gauge") || span_is(line, " counter"));
        } else {
            check_sample(line, family);
        }
    }
}

static void metrics(const struct status *s, struct buf *out)
{
    counter worlds = 7, waiting = 0;
    _Atomic bool ready = false;
    const struct admin_source source = {.ready = &ready, .worlds = &worlds, .waiting = &waiting};
    pages_metrics(s, &source, out);
}

static void prometheus_text_is_valid(void **state)
{
    static const char *const samples[] = {
        "\ndnsd_worlds_published_total 7\n",
        "\ndnsd_pool_nodes{pool=\"s3\",state=\"up\"} 1\n",
        "\ndnsd_pool_nodes{pool=\"s3\",state=\"maint\"} 0\n",
        "\ndnsd_pool_degraded{pool=\"s3\"} 0\n",
        "\ndnsd_pool_degraded{pool=\"<b>\\\"x\\\"&'\\\\\\n\xff\"} 1\n",
        "\ndnsd_node_answered{pool=\"s3\",node=\"a\"} 1\n",
        "\ndnsd_node_answered{pool=\"s3\",node=\"<b>\\\"x\\\"&'\\\\\\n\xff\"} 0\n",
        "\ndnsd_node_load_connections{pool=\"s3\",node=\"a\"} 512\n",
        "\ndnsd_node_limit_connections{pool=\"s3\",node=\"a\"} 1536\n",
        "\ndnsd_node_state_since_seconds{pool=\"s3\",node=\"a\"} 1795165200.125\n",
    };
    (void)state;
    struct buf out = {0};
    metrics(&status, &out);
    check_prometheus(&out);
    for (size_t i = 0; i < COUNT(samples); i++)
        if (occurrences(buf_cstr(&out), samples[i]) != 1)
            fail_msg("not once: %s in\n%s", samples[i], buf_cstr(&out));
    assert_int_equal(occurrences(buf_cstr(&out), "dnsd_node_load_connections{"), 2);
    buf_clear(&out);
    metrics(&nothing, &out);
    check_prometheus(&out);
    buf_fini(&out);
}

static void each_family_stands_once(void **state)
{
    (void)state;
    struct buf out = {0};
    metrics(&status, &out);
    struct span rest = buf_span(&out), line;
    while (span_split(&rest, '\n', &line)) {
        if (!span_starts(line, "# TYPE "))
            continue;
        char *copy = mem_text(line);
        *strrchr(copy, ' ') = '\0';
        strcat(copy, " ");
        assert_int_equal(occurrences(buf_cstr(&out), copy), 1);
        free(copy);
    }
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_the_shape),      cmocka_unit_test(json_bears_what_is_odd),
        cmocka_unit_test(html_is_escaped),         cmocka_unit_test(prometheus_text_is_valid),
        cmocka_unit_test(each_family_stands_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
