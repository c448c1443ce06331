#include "probe/load.h"

/* Above this a double no longer counts in ones: no true count of connections comes near it. */
static const double LOAD_ABSURD = 9007199254740992.0; /* 2^53 */

/* Bounds that keep every number that parses finite, and every seq within 64 bits. */
enum { NUMBER_CHARS = 32, EXPONENT_MAX = 250, SEQ_DIGITS = 19 };

static const char *const words[] = {
    [WORD_NONE] = "none",     [WORD_READY] = "ready", [WORD_FULL] = "full",
    [WORD_DRAIN] = "drain",   [WORD_MAINT] = "maint", [WORD_STARTING] = "starting",
    [WORD_FAILED] = "failed",
};

const char *word_text(enum word word)
{
    return words[word];
}

enum word word_parse(struct span text)
{
    text = span_trim(text);
    for (enum word w = WORD_READY; w <= WORD_FAILED; w++)
        if (span_is_nocase(text, words[w]))
            return w;
    return WORD_NONE;
}

static bool is_digit(struct span s)
{
    return s.len > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

/* Takes `[0-9]+` from `*s`, carrying on from `*value`. @return how many digits there were */
static int take_digits(struct span *s, double *value)
{
    int n = 0;
    for (; is_digit(*s); n++, *s = span_skip(*s, 1))
        *value = *value * 10 + (*s->p - '0');
    return n;
}

static bool take_char(struct span *s, const char *any_of)
{
    if (s->len == 0 || !strchr(any_of, *s->p))
        return false;
    *s = span_skip(*s, 1);
    return true;
}

static bool take_exponent(struct span *s, int *exponent)
{
    bool minus = s->len > 0 && *s->p == '-';
    double value = 0;
    (void)take_char(s, "+-");
    if (take_digits(s, &value) == 0)
        return false;
    int power = value > EXPONENT_MAX ? EXPONENT_MAX : (int)value;
    *exponent += minus ? -power : power;
    return true;
}

/* A finite decimal number, `[0-9]+(.[0-9]+)?([eE][+-]?[0-9]+)?`, whatever the locale; a minus only
 * before zero. An exponent out of bounds is brought to the bound, which is absurd enough. */
static bool parse_number(struct span s, double *out)
{
    double value = 0;
    int exponent = 0;
    bool minus = take_char(&s, "-");
    if (s.len > NUMBER_CHARS || take_digits(&s, &value) == 0)
        return false;
    if (take_char(&s, ".")) {
        exponent = -take_digits(&s, &value);
        if (exponent == 0)
            return false;
    }
    if (take_char(&s, "eE") && !take_exponent(&s, &exponent))
        return false;
    if (s.len > 0 || (minus && value > 0))
        return false;
    double scale = 1;
    for (int i = exponent < 0 ? -exponent : exponent; i > 0; i--)
        scale *= 10;
    *out = exponent < 0 ? value / scale : value > 0 ? value * scale : 0;
    return true;
}

/* A boot id is opaque; only "the same or another" matters, so a hash of it (FNV-1a) will do. */
static bool parse_boot(struct span s, struct load_report *r)
{
    r->boot = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++)
        r->boot = (r->boot ^ (uint8_t)s.p[i]) * 0x100000001b3u;
    return s.len > 0;
}

static bool parse_seq(struct span s, struct load_report *r)
{
    if (s.len == 0 || s.len > SEQ_DIGITS)
        return false;
    for (; is_digit(s); s = span_skip(s, 1))
        r->seq = r->seq * 10 + (uint64_t)(*s.p - '0');
    return s.len == 0;
}

static bool parse_state(struct span s, struct load_report *r)
{
    r->word = word_parse(s);
    return true;
}

static bool parse_conns(struct span s, struct load_report *r)
{
    return r->given = parse_number(s, &r->value);
}

static bool parse_limit(struct span s, struct load_report *r)
{
    return parse_number(s, &r->limit);
}

static const struct {
    const char *key;
    bool (*parse)(struct span value, struct load_report *r);
} keys[] = {
    {"boot", parse_boot},   {"seq", parse_seq},     {"state", parse_state},
    {"conns", parse_conns}, {"limit", parse_limit},
};

static bool parse_pair(struct span pair, struct load_report *r, unsigned *seen)
{
    struct span key, value = span_trim(pair);
    if (!span_split(&value, '=', &key) || !value.p)
        return false;
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (!span_is(key, keys[i].key))
            continue;
        bool twice = *seen & 1u << i;
        *seen |= 1u << i;
        return !twice && keys[i].parse(value, r);
    }
    return true; /* a key of a later version */
}

bool load_parse_header(struct span value, struct load_report *out)
{
    struct load_report r = {0};
    unsigned seen = 0;
    bool good = true;
    for (struct span pair; good && span_split(&value, ';', &pair);)
        good = parse_pair(pair, &r, &seen);
    good = good && r.given;
    *out = good ? r : (struct load_report){0};
    return good;
}

static enum load_state latch(const struct load *l, const struct load_rule *rule,
                             const struct load_report *r)
{
    if (r->given && r->value > LOAD_ABSURD)
        return LOAD_FULL;
    if (r->word == WORD_FULL)
        return LOAD_FULL;
    if (r->word == WORD_READY)
        return LOAD_NORMAL;
    if (!r->given)
        return l->state;
    if (r->value >= rule->stop)
        return LOAD_FULL;
    bool was_full = l->state == LOAD_FULL && r->boot == l->last.boot;
    return was_full && r->value >= rule->resume ? LOAD_FULL : LOAD_NORMAL;
}

static bool is_new(const struct load *l, const struct load_report *r)
{
    bool numbered = r->seq > 0 && l->last.given && r->boot == l->last.boot;
    return !numbered || r->seq > l->last.seq;
}

static bool enter(struct load *l, enum load_state state, int64_t now_ms)
{
    if (state == l->state)
        return false;
    l->state = state;
    l->changed_ms = now_ms;
    return true;
}

bool load_feed(struct load *l, const struct load_rule *rule, const struct load_report *r,
               int64_t now_ms)
{
    bool says = r->given || r->word == WORD_READY || r->word == WORD_FULL;
    if (!says || (r->given && !is_new(l, r)))
        return false;
    enum load_state state = latch(l, rule, r);
    if (r->given)
        l->last = *r;
    l->at_ms = now_ms;
    return enter(l, state, now_ms);
}

bool load_age(struct load *l, const struct load_rule *rule, int64_t now_ms)
{
    if (now_ms - l->at_ms <= rule->expire_ms)
        return false;
    return enter(l, LOAD_UNKNOWN, now_ms);
}
