#include "dnsd/data/zone_line.h"

enum { TOKEN_SHOWN = 60, TTL_MAX_S = INT32_MAX };

static int shown(struct span s)
{
    return (int)span_first(s, TOKEN_SHOWN).len;
}

/* Cuts the next word off; a backslash keeps the blank behind it in the word. */
static struct span take_word(struct span *rest)
{
    *rest = span_trim(*rest);
    size_t len = 0;
    while (len < rest->len && rest->p[len] != ' ')
        len += rest->p[len] == '\\' && len + 1 < rest->len ? 2 : 1;
    struct span word = span_first(*rest, len);
    *rest = span_skip(*rest, len);
    return word;
}

/* Drops the blanks around a text, but for an escaped one at its end. */
static struct span trim_data(struct span s)
{
    struct span trimmed = span_trim(s);
    size_t slashes = 0;
    while (slashes < trimmed.len && trimmed.p[trimmed.len - 1 - slashes] == '\\')
        slashes++;
    trimmed.len += slashes % 2;
    return trimmed;
}

/* --- names --- */

/* True if the text ends with a dot that is not escaped. */
static bool is_absolute(struct span text)
{
    size_t slashes = 0;
    if (text.len == 0 || text.p[text.len - 1] != '.')
        return false;
    while (slashes + 1 < text.len && text.p[text.len - 2 - slashes] == '\\')
        slashes++;
    return slashes % 2 == 0;
}

static bool read_name(struct span text, const struct name *origin, struct name *out,
                      struct err *err)
{
    if (span_is(text, "@")) {
        *out = *origin;
        return true;
    }
    if (!name_from_text(text, out))
        return err_set(err, "\"%.*s\" is not a domain name", shown(text), text.p);
    if (is_absolute(text))
        return true;
    if (out->len - 1u + origin->len > NAME_WIRE)
        return err_set(err, "\"%.*s\" makes a name of more than 255 bytes", shown(text), text.p);
    memcpy(out->wire + out->len - 1, origin->wire, origin->len);
    out->len = (uint8_t)(out->len - 1u + origin->len);
    return true;
}

/* --- TTLs --- */

static uint32_t unit_s(char c)
{
    static const struct {
        char small, capital;
        uint32_t s;
    } units[] = {
        {'s', 'S', 1}, {'m', 'M', 60}, {'h', 'H', 3600}, {'d', 'D', 86400}, {'w', 'W', 604800}};
    for (size_t i = 0; i < COUNT(units); i++)
        if (c == units[i].small || c == units[i].capital)
            return units[i].s;
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Adds up `3600`, `1h`, `1h30m`; larger than TTL_MAX_S stays larger. @return false if it is none */
static bool read_period(struct span text, uint64_t *sum_s)
{
    *sum_s = 0;
    for (size_t i = 0; i < text.len;) {
        uint64_t number = 0;
        if (!is_digit(text.p[i]))
            return false;
        for (; i < text.len && is_digit(text.p[i]); i++)
            number = number > TTL_MAX_S ? number : number * 10 + (uint64_t)(text.p[i] - '0');
        uint32_t unit = i < text.len ? unit_s(text.p[i++]) : 1;
        if (unit == 0)
            return false;
        *sum_s += number * unit;
        *sum_s = *sum_s > TTL_MAX_S ? TTL_MAX_S + 1ull : *sum_s;
    }
    return text.len > 0;
}

static bool read_ttl(struct span text, uint32_t *ttl_s, struct err *err)
{
    uint64_t sum_s;
    if (!read_period(text, &sum_s))
        return err_set(err, "\"%.*s\" is not a TTL: write 3600, 1h or 1h30m", shown(text), text.p);
    if (sum_s > TTL_MAX_S)
        return err_set(err, "the TTL is above 2147483647 (RFC 2181 8)");
    *ttl_s = (uint32_t)sum_s;
    return true;
}

/* --- directives --- */

static bool set_ttl(struct span value, struct zone_line_state *state, struct err *err)
{
    return read_ttl(value, &state->ttl_s, err);
}

static bool set_origin(struct span value, struct zone_line_state *state, struct err *err)
{
    struct name origin;
    if (!read_name(value, &state->origin, &origin, err))
        return false;
    state->origin = origin;
    return true;
}

static bool refuse_include(struct span value, struct zone_line_state *state, struct err *err)
{
    (void)state;
    return err_set(err, "$INCLUDE is not supported: put the records of %.*s into this file",
                   shown(value), value.p);
}

static const struct directive {
    const char *word;
    bool (*run)(struct span value, struct zone_line_state *state, struct err *err);
} directives[] = {
    {"$TTL", set_ttl},
    {"$ORIGIN", set_origin},
    {"$INCLUDE", refuse_include},
};

static bool read_directive(struct span entry, struct zone_line_state *state, struct err *err)
{
    struct span word = take_word(&entry), value = take_word(&entry), more = span_trim(entry);
    for (size_t i = 0; i < COUNT(directives); i++) {
        const struct directive *d = &directives[i];
        if (!span_is_nocase(word, d->word))
            continue;
        if (value.len == 0)
            return err_set(err, "%s needs a value", d->word);
        if (more.len)
            return err_set(err, "%s takes one value: \"%.*s\" is too much", d->word, shown(more),
                           more.p);
        return d->run(value, state, err);
    }
    return err_set(err, "%.*s is not supported: $ORIGIN and $TTL are", shown(word), word.p);
}

/* --- records --- */

static bool is_class(struct span word)
{
    static const char *const classes[] = {"IN", "CH", "HS", "CS", "ANY", "NONE"};
    for (size_t i = 0; i < COUNT(classes); i++)
        if (span_is_nocase(word, classes[i]))
            return true;
    return word.len > 5 && strncasecmp(word.p, "CLASS", 5) == 0 && is_digit(word.p[5]);
}

/* TTL and class come in either order, or not at all; the word behind them is the type. */
static bool read_ttl_and_class(struct span *rest, struct zone_line *out, struct err *err)
{
    struct span *type = &out->type;
    bool had_ttl = false, had_class = false;
    for (;;) {
        *type = take_word(rest);
        if (!had_class && is_class(*type)) {
            had_class = true;
            if (!span_is_nocase(*type, "IN") && !span_is_nocase(*type, "CLASS1"))
                return err_set(err, "only class IN can be served");
        } else if (!had_ttl && type->len && is_digit(type->p[0])) {
            had_ttl = true;
            if (!read_ttl(*type, &out->ttl_s, err))
                return false;
        } else {
            return true;
        }
    }
}

static bool read_owner(struct span *entry, struct zone_line_state *state, struct err *err)
{
    struct name owner; /* a half-read one must not be that of the next record */
    if (entry->p[0] != ' ') {
        bool good = read_name(take_word(entry), &state->origin, &owner, err);
        if (good)
            state->owner = owner;
        return good;
    }
    return state->owner.len || err_set(err, "the first record needs an owner name");
}

bool zone_line_read(struct span entry, struct zone_line_state *state, struct zone_line *out,
                    struct err *err)
{
    *out = (struct zone_line){.ttl_s = state->ttl_s};
    if (entry.p[0] == '$')
        return read_directive(entry, state, err);
    if (!read_owner(&entry, state, err) || !read_ttl_and_class(&entry, out, err))
        return false;
    if (out->type.len == 0)
        return err_set(err, "the type of the record is missing");
    out->record = true;
    out->owner = state->owner;
    out->rdata = trim_data(entry);
    return true;
}
