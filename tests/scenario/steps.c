#include "steps.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "base/conf_value.h"
#include "base/mem.h"

enum { WORDS_MAX = 40, HOLES_MAX = 36, ASK_TIMES = 200, ROTATION_QUERIES = 3000 };

static bool fail(struct play *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

static bool fail(struct play *p, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(p->why, sizeof p->why, fmt, args);
    va_end(args);
    return false;
}

/* --- nodes play their parts --- */

static bool cast(struct play *p, const char *node, struct part part)
{
    return stage_cast(&p->stage, node, &part) > 0 || fail(p, "there is no node %s", node);
}

static bool answers(struct play *p, char **w)
{
    return cast(p, w[0], (struct part){.reason = REASON_OK});
}

static bool answers_load(struct play *p, char **w)
{
    struct part part = {.reason = REASON_OK, .word = word_parse(span_of(w[1])), .load_given = true};
    if (part.word == WORD_NONE || sscanf(w[2], "%lf/%lf", &part.load, &part.limit) != 2)
        return fail(p, "expected a state and LOAD/LIMIT");
    return cast(p, w[0], part);
}

static bool reports(struct play *p, char **w)
{
    return cast(p, w[0],
                (struct part){.reason = REASON_OK, .load_given = true, .load = atof(w[1])});
}

static bool dies(struct play *p, char **w)
{
    bool good = cast(p, w[0], (struct part){.reason = REASON_REFUSED});
    if (good)
        stage_trip(&p->stage, w[0], TRIP_FIN);
    return good;
}

static bool hangs(struct play *p, char **w)
{
    return cast(p, w[0], (struct part){.reason = REASON_RESPONSE_TIMEOUT, .silent = true});
}

static bool fails(struct play *p, char **w)
{
    return cast(p, w[0], (struct part){.reason = REASON_STATUS});
}

static bool is_unreachable_from_here(struct play *p, char **w)
{
    return cast(p, w[0], (struct part){.reason = REASON_LOCAL});
}

static bool says(struct play *p, char **w)
{
    enum word word = word_parse(span_of(w[1]));
    return word == WORD_NONE ? fail(p, "%s is no word of a node", w[1])
                             : cast(p, w[0], (struct part){.reason = REASON_STATUS, .word = word});
}

static bool freezes(struct play *p, char **w)
{
    return stage_freeze(&p->stage, w[0]) > 0 || fail(p, "there is no node %s", w[0]);
}

static bool restarts(struct play *p, char **w)
{
    return stage_restart(&p->stage, w[0]) > 0 || fail(p, "there is no node %s", w[0]);
}

static bool closes_idle(struct play *p, char **w)
{
    stage_trip(&p->stage, w[0], TRIP_FIN);
    return true;
}

static bool resets_idle(struct play *p, char **w)
{
    stage_trip(&p->stage, w[0], TRIP_RST);
    return true;
}

static bool prober_sleeps(struct play *p, char **w)
{
    (void)w;
    p->stage.asleep = true;
    return true;
}

static bool prober_wakes(struct play *p, char **w)
{
    (void)w;
    p->stage.asleep = false;
    return true;
}

/* --- operators --- */

static enum steer_verdict order(struct play *p, const char *node, enum steer_order order)
{
    size_t matched;
    bool changed;
    struct stage *s = &p->stage;
    const struct steer_request r = {.node = node, .order = order};
    enum steer_verdict v = steer_order(s->steer, &r, s->now_ms, s->now_ms, &matched, &changed);
    stage_publish(s, changed);
    return v;
}

static bool obey(struct play *p, const char *node, enum steer_order what)
{
    return order(p, node, what) == STEER_DONE || fail(p, "the order was refused");
}

static bool drains(struct play *p, char **w)
{
    return obey(p, w[0], ORDER_DRAIN);
}

static bool disables(struct play *p, char **w)
{
    return obey(p, w[0], ORDER_MAINT);
}

static bool enables(struct play *p, char **w)
{
    return obey(p, w[0], ORDER_NONE);
}

static bool may_not_drain(struct play *p, char **w)
{
    return order(p, w[0], ORDER_DRAIN) == STEER_WOULD_EMPTY || fail(p, "the order was not refused");
}

static bool reload(struct play *p, char **w)
{
    (void)w;
    return (p->reload && stage_reload(&p->stage, p->reload)) ||
           fail(p, "the second configuration is wrong");
}

/* --- expectations --- */

static bool ask_once(struct play *p, char **w, struct reply *r)
{
    return ask(&p->stage, w[0], w[1], r) || fail(p, "no usable reply to %s %s", w[0], w[1]);
}

/* The name of the node that has this address, or the address itself. */
static const char *node_of(const struct play *p, const struct addr *a, char *text)
{
    const struct status *status = p->stage.status;
    for (size_t i = 0; i < status->n_pools; i++)
        for (size_t n = 0; n < status->pools[i].n_nodes; n++)
            for (size_t k = 0; k < status->pools[i].nodes[n].n_addrs; k++)
                if (addr_equal_ip(&status->pools[i].nodes[n].addrs[k], a))
                    return status->pools[i].nodes[n].name;
    return addr_ip_text(a, text);
}

/* Everyone who appears in many answers, as sorted words. */
static bool who_answers(struct play *p, char **w, struct buf *out)
{
    struct reply r;
    const char *seen[REPLY_MAX];
    char texts[REPLY_MAX][ADDR_TEXT];
    size_t n = 0;
    for (int i = 0; i < ASK_TIMES; i++) {
        if (!ask_once(p, w, &r))
            return false;
        for (size_t k = 0; k < r.n_addrs; k++) {
            size_t at = 0;
            const char *name = node_of(p, &r.addrs[k], texts[n]);
            while (at < n && strcmp(seen[at], name) < 0)
                at++;
            if (at < n && strcmp(seen[at], name) == 0)
                continue;
            if (n + 1 >= REPLY_MAX)
                return fail(p, "too many nodes");
            memmove(seen + at + 1, seen + at, (n - at) * sizeof *seen);
            seen[at] = name;
            n++;
        }
    }
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? " " : "", seen[i]);
    return true;
}

static bool expect_nodes(struct play *p, char **w)
{
    struct buf got = {0};
    bool good = who_answers(p, w, &got);
    if (good && strcmp(buf_cstr(&got), w[2]) != 0)
        good = fail(p, "%s %s is answered by: %s", w[0], w[1], got.len ? buf_cstr(&got) : "nobody");
    buf_fini(&got);
    return good;
}

static bool expect_rcode(struct play *p, char **w)
{
    struct reply r;
    if (!ask_once(p, w, &r))
        return false;
    if (strcmp(w[2], "NODATA") == 0)
        return (r.rcode == 0 && r.n_addrs == 0) ||
               fail(p, "%s with %zu addresses", rcode_text(r.rcode), r.n_addrs);
    return strcmp(rcode_text(r.rcode), w[2]) == 0 ||
           fail(p, "the reply is %s", rcode_text(r.rcode));
}

static bool expect_ttl(struct play *p, char **w)
{
    struct reply r;
    return ask_once(p, w, &r) &&
           (r.ttl_s == (uint32_t)atol(w[2]) || fail(p, "the TTL is %u", r.ttl_s));
}

static bool expect_count(struct play *p, char **w)
{
    struct reply r;
    return ask_once(p, w, &r) &&
           (r.n_addrs == (size_t)atol(w[2]) || fail(p, "there are %zu", r.n_addrs));
}

/* Every node comes first equally often, within one. */
static bool expect_rotation(struct play *p, char **w)
{
    struct reply r;
    struct addr firsts[REPLY_MAX];
    unsigned counts[REPLY_MAX] = {0}, least = UINT32_MAX, most = 0;
    size_t n = 0;
    for (int i = 0; i < ROTATION_QUERIES; i++) {
        size_t k = 0;
        if (!ask_once(p, w, &r) || r.n_addrs == 0)
            return fail(p, "an answer is empty");
        while (k < n && !addr_equal_ip(&firsts[k], &r.addrs[0]))
            k++;
        if (k == n && n < REPLY_MAX)
            firsts[n++] = r.addrs[0];
        counts[k]++;
    }
    for (size_t k = 0; k < n; k++) {
        least = counts[k] < least ? counts[k] : least;
        most = counts[k] > most ? counts[k] : most;
    }
    return (n > 1 && most - least <= 1) ||
           fail(p, "%zu nodes come first between %u and %u times", n, least, most);
}

static bool expect_text(struct play *p, char **w)
{
    struct reply r;
    if (!ask(&p->stage, w[0], "TXT", &r))
        return fail(p, "no usable reply to %s TXT", w[0]);
    return strstr(r.text, w[1]) || fail(p, "the text is: %s", r.text);
}

static bool expect_state(struct play *p, char **w)
{
    const struct status *status = p->stage.status;
    for (size_t i = 0; i < status->n_pools; i++)
        for (size_t n = 0; n < status->pools[i].n_nodes; n++) {
            const struct status_node *node = &status->pools[i].nodes[n];
            if (strcmp(node->name, w[0]) == 0)
                return strcmp(node_state_words[node->state], w[1]) == 0 ||
                       fail(p, "%s is %s: %s", w[0], node_state_words[node->state], node->reason);
        }
    return fail(p, "there is no node %s", w[0]);
}

static bool expect_worlds(struct play *p, char **w)
{
    return p->stage.worlds <= (unsigned)atoi(w[0]) ||
           fail(p, "%u worlds were published", p->stage.worlds);
}

/* --- the language: `$` is one word, `*` the rest of the line --- */

static const struct step {
    const char *sentence;
    bool (*play)(struct play *p, char **holes);
} steps[] = {
    {"$ answers", answers},
    {"$ answers $ $", answers_load},
    {"$ reports $", reports},
    {"$ dies", dies},
    {"$ hangs", hangs},
    {"$ fails", fails},
    {"$ says $", says},
    {"$ freezes", freezes},
    {"$ restarts", restarts},
    {"$ cannot be checked from here", is_unreachable_from_here},
    {"$ closes its idle connection", closes_idle},
    {"$ resets its idle connection", resets_idle},
    {"prober sleeps", prober_sleeps},
    {"prober wakes", prober_wakes},
    {"operator drains $", drains},
    {"operator disables $", disables},
    {"operator enables $", enables},
    {"operator may not drain $", may_not_drain},
    {"reload", reload},
    {"expect state $ = $", expect_state},
    {"expect $ $ = *", expect_nodes},
    {"expect $ $ rcode $", expect_rcode},
    {"expect $ $ ttl $", expect_ttl},
    {"expect $ $ count $", expect_count},
    {"expect $ $ rotates", expect_rotation},
    {"expect text $ contains *", expect_text},
    {"expect at most $ worlds", expect_worlds},
};

void steps_list(void)
{
    for (size_t i = 0; i < COUNT(steps); i++)
        printf("  at TIME %s\n", steps[i].sentence);
}

/* Fits `line` to a sentence; holes point to heap copies. @return how many, or -1 */
static int fit(const char *sentence, struct span line, char **holes)
{
    int n = 0;
    struct span pattern = span_of(sentence), want, word;
    while (span_split(&pattern, ' ', &want)) {
        if (span_is(want, "*")) {
            holes[n++] = mem_text(line.p ? line : span_of(""));
            return n;
        }
        if (!span_split(&line, ' ', &word) || (!span_is(want, "$") && !span_equal(want, word)))
            goto no;
        if (span_is(want, "$"))
            holes[n++] = mem_text(word);
    }
    if (!line.p)
        return n;
no:
    while (n > 0)
        free(holes[--n]);
    return -1;
}

static bool play_sentence(struct play *p, struct span line)
{
    char *holes[HOLES_MAX];
    for (size_t i = 0; i < COUNT(steps); i++) {
        int n = fit(steps[i].sentence, line, holes);
        if (n < 0)
            continue;
        bool good = steps[i].play(p, holes);
        while (n > 0)
            free(holes[--n]);
        return good;
    }
    return fail(p, "no such sentence; `scenario --help` lists them");
}

bool steps_play(struct play *p, const char *line)
{
    static const struct conf_field time_row = {.kind = CONF_DURATION, .key = "at"};
    struct span rest = span_of(line), word;
    struct err err;
    int64_t at_ms;
    if (!span_split(&rest, ' ', &word) || !span_is(word, "at") || !span_split(&rest, ' ', &word))
        return fail(p, "a step begins with `at TIME`");
    char *time = mem_text(word);
    bool good = conf_value_read(&time_row, span_of(time), &at_ms, NULL, &err);
    free(time);
    if (!good)
        return fail(p, "%s", err.text);
    stage_run_until(&p->stage, at_ms);
    return play_sentence(p, rest);
}
