/* One line per check until someone has seen enough. */
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/daemon.h"
#include "base/json.h"
#include "base/rand.h"
#include "probe/command.h"
#include "probe/preset.h"

struct watcher {
    const struct asked *a;
    struct event_base *base;
    unsigned checks, passed, changes, rtts;
    int64_t rtt_min_us, rtt_max_us, rtt_sum_us;
    bool up;
};

/* The state of an address in one word: what the node says of itself counts once it is up. */
static const char *word_of(const struct health *h, const struct load_report *load)
{
    if (h->suspect)
        return "suspect";
    return h->op == OP_UP ? state_of(true, load) : op_word(h->op);
}

static void note(struct watcher *w, const struct probe_report *r)
{
    if (r->checks > w->checks)
        w->passed += r->reason == REASON_OK;
    w->checks = r->checks;
    w->changes += r->changed;
    w->up = health_eligible(&r->health) && state_is_up(state_of(true, &r->load));
    if (r->rtt_us == 0)
        return;
    w->rtt_min_us = w->rtts == 0 || r->rtt_us < w->rtt_min_us ? r->rtt_us : w->rtt_min_us;
    w->rtt_max_us = r->rtt_us > w->rtt_max_us ? r->rtt_us : w->rtt_max_us;
    w->rtt_sum_us += r->rtt_us;
    w->rtts++;
}

static void print_line(const struct asked *a, const struct probe_report *r, const char *time)
{
    const char *state = word_of(&r->health, &r->load);
    char rtt[24] = "-", load[48] = "-";
    if (r->rtt_us)
        snprintf(rtt, sizeof rtt, "%.2f ms", (double)r->rtt_us / 1000);
    if (r->load.given)
        snprintf(load, sizeof load, "%.15g", r->load.value);
    printf("%.12s %c %s%-10s%s %10s %8s  %s\n", time + strlen("2026-01-01T"),
           r->changed ? '*' : ' ', color_of(a, state), state, color_end(a), rtt, load, r->evidence);
    fflush(stdout);
}

static void print_json_line(const struct probe_report *r, const char *time)
{
    struct json *v = json_new_object(), *load = load_json(&r->load);
    json_set_text(v, "time", time);
    json_set_text(v, "state", word_of(&r->health, &r->load));
    json_set_text(v, "op", op_word(r->health.op));
    json_set_bool(v, "suspect", r->health.suspect);
    json_set_bool(v, "changed", r->changed);
    json_set_text(v, "evidence", r->evidence);
    if (r->word != WORD_NONE)
        json_set_text(v, "word", word_text(r->word));
    if (load)
        json_set(v, "load", load);
    json_set_int(v, "rtt_us", r->rtt_us);
    json_set_int(v, "checks", r->checks);
    print_json(v, false);
}

static void on_report(void *arg, const struct probe_report *r)
{
    struct watcher *w = arg;
    char time[CLOCK_TEXT];
    clock_rfc3339_ms(clock_wall_ms(), time);
    note(w, r);
    if (w->a->json)
        print_json_line(r, time);
    else
        print_line(w->a, r, time);
    if (ferror(stdout)) /* whoever read the lines is gone */
        event_base_loopbreak(w->base);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct watcher *w = arg;
    int number = daemon_next_signal(fd);
    if (number == SIGINT || number == SIGTERM)
        event_base_loopbreak(w->base);
}

static void print_heading(const struct asked *a)
{
    char at[ADDR_TEXT];
    printf("%s by preset %s every %lld ms; Ctrl-C ends; * marks a change\n\n"
           "%-12s   %-10s %10s %8s  %s\n",
           addr_text(&a->at, at), a->conf.preset->name, (long long)a->conf.interval_ms, "time UTC",
           "state", "reply", "load", "what was seen");
}

static void print_sum(const struct watcher *w)
{
    printf("\n%u checks, %u passed, %u change%s of state", w->checks, w->passed, w->changes,
           w->changes == 1 ? "" : "s");
    if (w->rtts > 0)
        printf("; reply in %.2f / %.2f / %.2f ms (least, mean, most)", (double)w->rtt_min_us / 1000,
               (double)w->rtt_sum_us / w->rtts / 1000, (double)w->rtt_max_us / 1000);
    printf("\n");
}

bool watch(const struct asked *a, int signals)
{
    struct watcher w = {.a = a, .base = event_base_new()};
    struct probe_set *set = probe_new(w.base, rand_seed(), on_report, &w);
    struct event *stop = event_new(w.base, signals, EV_READ | EV_PERSIST, on_signal, &w);
    event_add(stop, NULL);
    if (!a->json)
        print_heading(a);
    probe_add(set, 0, &a->at, &a->conf, NULL);
    event_base_dispatch(w.base);
    if (!a->json)
        print_sum(&w);
    event_free(stop);
    probe_free(set);
    event_base_free(w.base);
    return w.up;
}
