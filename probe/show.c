/* A finished check on paper: for people, and as JSON. */
#include <stdio.h>

#include "base/json.h"
#include "probe/command.h"
#include "probe/preset.h"

/* What a person can do about it. */
static const char *const advice[REASON_COUNT] = {
    [REASON_REFUSED] = "The host answers, but nothing listens on this port. Is the server running, "
                       "and is the port right?",
    [REASON_RESET] = "Something took the connection and threw it away. Look at the server's log, "
                     "or for a firewall in between.",
    [REASON_UNREACHABLE] = "The network knows no way to this host. Is it on, and is the address "
                           "right?",
    [REASON_CONNECT_TIMEOUT] = "Nothing answers at this address. The host may be off, or a "
                               "firewall drops what is sent.",
    [REASON_RESPONSE_TIMEOUT] = "The host takes connections, but the server does not reply in "
                                "time. It may hang, or have too much to do.",
    [REASON_CLOSED_EARLY] = "The server hung up before it had replied. It may be stopping, or "
                            "expect TLS on this port.",
    [REASON_BAD_REPLY] = "This is not the HTTP/1.1 reply of a health check. Is it the right port "
                         "and path?",
    [REASON_STATUS] = "The server replies, but not with a status that passes. Is the path right? "
                      "See --path and --expect.",
    [REASON_NODE_SAYS] = "The node is there and asks not to be used yet; dnsd takes it out at "
                         "once.",
    [REASON_LOCAL] = "This is trouble of the host that probes, not of the node; dnsd does not "
                     "count it.",
};

static const struct {
    const char *state, *color, *sentence;
} states[] = {
    {"up", "\033[1;32m", NULL},
    {"down", "\033[1;31m", NULL},
    {"full", "\033[1;33m", "The node is well and at its limit; dnsd sends it nobody new."},
    {"drain", "\033[1;33m", "The node is well and finishing its work; dnsd sends it nobody new."},
    {"maint", "\033[1;33m", "The node is in maintenance; dnsd sends it nobody."},
};

enum { UP, DOWN, FULL, DRAIN, MAINT };

const char *state_of(bool passed, const struct load_report *load)
{
    static const struct load_rule usual = {.stop = 1536, .resume = 1024, .expire_ms = 10000};
    struct load l = {0};
    if (!passed)
        return states[DOWN].state;
    if (load->word == WORD_DRAIN)
        return states[DRAIN].state;
    if (load->word == WORD_MAINT)
        return states[MAINT].state;
    bool full = load_feed(&l, &usual, load, 0) && l.state == LOAD_FULL;
    return states[full ? FULL : UP].state;
}

bool state_is_up(const char *state)
{
    return state == states[UP].state;
}

const char *color_of(const struct asked *a, const char *state)
{
    for (size_t i = 0; a->color && i < COUNT(states); i++)
        if (strcmp(state, states[i].state) == 0)
            return states[i].color;
    return "";
}

const char *color_end(const struct asked *a)
{
    return a->color ? "\033[0m" : "";
}

/* --- steps ------------------------------------------------------------------------------------ */

struct step {
    const char *name;
    int64_t took_us;
    bool reached; /* false: this is where it ended */
};

enum { STEPS_MAX = STEPS - 1 };

static const char *const step_names[STEPS] = {
    [STEP_CONNECTED] = "connect",
    [STEP_SENT] = "request",
    [STEP_HEAD] = "head",
    [STEP_DONE] = "body",
};

/* A check that was decided by a whole reply went through all its steps. */
static bool is_whole(const struct check *c)
{
    enum reason r = c->result.reason;
    return r == REASON_OK || r == REASON_STATUS || r == REASON_NODE_SAYS;
}

/* The steps up to the one where it ended. @return how many */
static size_t list_steps(const struct check *c, struct step out[STEPS_MAX])
{
    size_t n = 0;
    int last = c->conf->preset->kind == PRESET_TCP ? STEP_CONNECTED : STEP_DONE;
    bool going = true;
    for (int i = STEP_CONNECTED; going && i <= last; i++) {
        bool reached = i == STEP_DONE ? is_whole(c) : c->step_us[i] != 0;
        int64_t end = c->step_us[reached ? i : STEP_DONE];
        out[n++] = (struct step){step_names[i], end - c->step_us[i - 1], reached};
        going = reached;
    }
    return n;
}

static int64_t total_us(const struct check *c)
{
    return c->step_us[STEP_DONE] - c->step_us[STEP_START];
}

/* --- loads ------------------------------------------------------------------------------------ */

const char *load_text(const struct load_report *load, char *out, size_t size)
{
    out[0] = '\0';
    if (load->given && load->limit > 0)
        snprintf(out, size, "%.15g of %.15g connections", load->value, load->limit);
    else if (load->given)
        snprintf(out, size, "%.15g connections", load->value);
    return out;
}

/* Without a `.0` where there is nothing behind the point. */
static void set_number(struct json *v, const char *key, double value)
{
    if (value <= INT32_MAX && value == (double)(int32_t)value)
        json_set_int(v, key, (int64_t)value);
    else
        json_set_real(v, key, value);
}

struct json *load_json(const struct load_report *load)
{
    if (!load->given)
        return NULL;
    struct json *v = json_new_object();
    set_number(v, "conns", load->value);
    if (load->limit > 0)
        set_number(v, "limit", load->limit);
    if (load->seq > 0)
        json_set_int(v, "seq", (int64_t)load->seq);
    return v;
}

void print_json(struct json *v, bool pretty)
{
    struct buf text = {0};
    json_write(v, pretty ? JSON_PRETTY : JSON_LINE, &text);
    printf("%s%s", buf_cstr(&text), pretty ? "" : "\n");
    fflush(stdout);
    buf_fini(&text);
    json_free(v);
}

/* --- for people ------------------------------------------------------------------------------- */

static void print_step(const char *name, int64_t took_us, const char *detail)
{
    printf("  %-9s %9.2f ms   %s\n", name, (double)took_us / 1000, detail);
}

static void print_resolve(const struct asked *a)
{
    char ip[ADDR_TEXT], more[64] = "", detail[TARGET_HOST + 160];
    if (a->n_addrs == 0)
        return;
    if (a->n_addrs > 1)
        snprintf(more, sizeof more, ", the first of %zu", a->n_addrs);
    snprintf(detail, sizeof detail, "%s is %s%s", a->target.host, addr_ip_text(&a->at, ip), more);
    print_step("resolve", a->resolve_us, detail);
}

static void print_steps(const struct asked *a, const struct check *c)
{
    struct step steps[STEPS_MAX];
    size_t n = list_steps(c, steps);
    char at[ADDR_TEXT], request[96], head[32], body[32];
    snprintf(request, sizeof request, "%zu bytes sent", c->sent);
    snprintf(head, sizeof head, "status %d", c->status);
    snprintf(body, sizeof body, "%zu bytes", c->body_len);
    const char *const details[] = {addr_text(&a->at, at), request, head, body};
    for (size_t i = 0; i < n; i++)
        print_step(steps[i].name, steps[i].took_us,
                   steps[i].reached ? details[i] : reasons[c->result.reason].sentence);
}

static void print_verdict(const struct asked *a, const struct check *c, const char *state)
{
    const struct check_result *r = &c->result;
    char load[96], upper[8] = "";
    for (size_t i = 0; state[i] && i + 1 < sizeof upper; i++)
        upper[i] = (char)(state[i] - 'a' + 'A');
    printf("\n  %s%-9s%s %9.2f ms   %s\n", color_of(a, state), upper, color_end(a),
           (double)total_us(c) / 1000, r->evidence);
    if (*load_text(&r->load, load, sizeof load))
        printf("  %-9s %12s   %s\n", "load", "", load);
    else if (r->load_refused)
        printf("  %-9s %12s   the node reports a load that cannot be read\n", "load", "");
}

static const char *sentence_of(const struct check *c, const char *state)
{
    for (size_t i = 0; i < COUNT(states); i++)
        if (strcmp(state, states[i].state) == 0 && states[i].sentence)
            return states[i].sentence;
    return advice[c->result.reason];
}

static void print_request(const struct asked *a)
{
    const struct probe_conf *conf = &a->conf;
    char at[ADDR_TEXT];
    if (conf->preset->kind == PRESET_TCP)
        printf("tcp connect to %s\n\n", addr_text(&a->at, at));
    else
        printf("%s %s from %s (preset %s)\n\n", conf->method, conf->path, addr_text(&a->at, at),
               conf->preset->name);
}

static void show_for_people(const struct asked *a, const struct check *c, const char *state)
{
    const char *sentence = sentence_of(c, state);
    print_request(a);
    print_resolve(a);
    print_steps(a, c);
    print_verdict(a, c, state);
    if (sentence)
        printf("\n  %s\n", sentence);
}

/* --- as JSON ---------------------------------------------------------------------------------- */

static struct json *steps_json(const struct asked *a, const struct check *c)
{
    struct step steps[STEPS_MAX];
    size_t n = list_steps(c, steps);
    struct json *all = json_new_object();
    if (a->n_addrs > 0)
        json_set_int(all, "resolve", a->resolve_us);
    for (size_t i = 0; i < n; i++)
        json_set_int(all, steps[i].name, steps[i].took_us);
    return all;
}

static void show_as_json(const struct asked *a, const struct check *c, const char *state)
{
    const struct check_result *r = &c->result;
    char at[ADDR_TEXT];
    struct json *v = json_new_object(), *load = load_json(&r->load);
    json_set_text(v, "address", addr_text(&a->at, at));
    json_set_text(v, "preset", a->conf.preset->name);
    json_set_bool(v, "up", state_is_up(state));
    json_set_text(v, "state", state);
    json_set_text(v, "reason", reasons[r->reason].word);
    json_set_text(v, "evidence", r->evidence);
    if (c->status)
        json_set_int(v, "status", c->status);
    if (r->word != WORD_NONE)
        json_set_text(v, "word", word_text(r->word));
    if (load)
        json_set(v, "load", load);
    json_set(v, "steps_us", steps_json(a, c));
    json_set_int(v, "total_us", total_us(c));
    print_json(v, true);
}

void show_check(const struct asked *a, const struct check *c)
{
    const char *state = state_of(c->result.reason == REASON_OK, &c->result.load);
    if (a->json)
        show_as_json(a, c, state);
    else
        show_for_people(a, c, state);
}

void show_unresolved(const struct asked *a, const struct err *err)
{
    if (!a->json) {
        printf("%sDOWN%s  %s\n\n  Is the name right? dnsd itself is given addresses, not names.\n",
               color_of(a, states[DOWN].state), color_end(a), err->text);
        return;
    }
    struct json *v = json_new_object();
    json_set_text(v, "address", NULL);
    json_set_bool(v, "up", false);
    json_set_text(v, "state", states[DOWN].state);
    json_set_text(v, "reason", "no_address");
    json_set_text(v, "evidence", err->text);
    print_json(v, true);
}
