#include "base/conf_value.h"

#include <assert.h>
#include <ctype.h>

#include "base/conf_text.h"
#include "base/net.h"

enum { SHOWN = 60 }; /* bytes of a wrong value that an error repeats */

/* One kind of scalar. `read` is asked after the words of the row; false means "not that". */
struct kind_row {
    size_t size;
    const char *expected;
    bool (*read)(const struct conf_field *row, struct span text, void *out, struct err *err);
    void (*write)(const struct conf_field *row, const void *in, struct buf *out);
};

/* Amounts: a whole number and a unit, largest first; 0 needs none. */

struct unit {
    const char *name; /* NULL ends a table */
    int64_t scale;
};

static const struct unit no_units[] = {{"", 1}, {0}};
static const struct unit durations[] = {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}, {0}};
static const struct unit sizes[] = {
    {"TiB", 1LL << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}, {0},
};

static const struct unit *units_of(enum conf_kind kind)
{
    return kind == CONF_DURATION ? durations : kind == CONF_SIZE ? sizes : no_units;
}

static void write_amount(const struct conf_field *row, const void *in, struct buf *out)
{
    int64_t value = *(const int64_t *)in;
    const struct unit *u = units_of(row->kind);
    while (value != 0 && value % u->scale != 0)
        u++;
    buf_printf(out, "%lld%s", (long long)(value / u->scale), value != 0 ? u->name : "");
}

static bool find_unit(const struct unit *units, struct span name, int64_t *scale)
{
    for (const struct unit *u = units; u->name; u++)
        if (span_is(name, u->name)) {
            *scale = u->scale;
            return true;
        }
    return false;
}

void conf_value_bounds(const struct conf_field *row, struct buf *out)
{
    if (row->min == 0 && row->max == 0)
        return;
    if (row->max == INT64_MAX)
        buf_text(out, "at least ");
    write_amount(row, &row->min, out);
    if (row->max == INT64_MAX)
        return;
    buf_text(out, "..");
    write_amount(row, &row->max, out);
}

static bool bounded(const struct conf_field *row, int64_t value)
{
    return (row->min == 0 && row->max == 0) || (value >= row->min && value <= row->max);
}

static bool out_of_range(const struct conf_field *row, struct span text, struct err *err)
{
    struct buf range = {0};
    conf_value_bounds(row, &range);
    err_set(err, "%.*s is out of range%s%s", (int)span_first(text, SHOWN).len, text.p,
            range.len ? ", " : "", buf_cstr(&range));
    buf_fini(&range);
    return false;
}

/* Takes `[-]digits`. @return false if there are none; `*fits` says whether int64_t holds them */
static bool take_digits(struct span *rest, int64_t *value, bool *fits)
{
    int sign = rest->len > 0 && rest->p[0] == '-' ? -1 : 1;
    struct span digits = span_skip(*rest, sign < 0);
    size_t n = 0;
    *value = 0;
    *fits = true;
    for (; n < digits.len && isdigit((unsigned char)digits.p[n]); n++)
        *fits = *fits && !__builtin_mul_overflow(*value, 10, value) &&
                !__builtin_add_overflow(*value, sign * (digits.p[n] - '0'), value);
    *rest = span_skip(digits, n);
    return n > 0;
}

static bool read_amount(const struct conf_field *row, struct span text, void *out, struct err *err)
{
    int64_t value, scale = 1;
    bool fits;
    struct span unit = text;
    if (!take_digits(&unit, &value, &fits))
        return false;
    bool zero = fits && value == 0 && unit.len == 0;
    if (!zero && !find_unit(units_of(row->kind), unit, &scale))
        return false;
    if (!fits || __builtin_mul_overflow(value, scale, &value) || !bounded(row, value))
        return out_of_range(row, text, err);
    *(int64_t *)out = value;
    return true;
}

/* Texts and addresses. */

static bool read_text(const struct conf_field *row, struct span text, void *out, struct err *err)
{
    if (!conf_text_valid(text))
        return err_set(err, "has a control character, or a byte that is not UTF-8 text");
    if (!bounded(row, (int64_t)text.len))
        return err_set(err, "has %zu bytes; %lld..%lld are allowed", text.len, (long long)row->min,
                       (long long)row->max);
    *(const char **)out = text.p;
    return true;
}

static void write_text(const struct conf_field *row, const void *in, struct buf *out)
{
    const char *text = row->secret ? "***" : *(const char *const *)in;
    conf_text_write(span_of(text), true, out);
}

/* A prefix begins with its address, so one variable holds all three kinds. */
static bool read_net(const struct conf_field *row, struct span text, void *out, struct err *err)
{
    (void)err;
    struct prefix net;
    bool ok = row->kind == CONF_PREFIX     ? prefix_parse(text, &net)
              : row->kind == CONF_ENDPOINT ? addr_parse_port(text, false, &net.base)
                                           : addr_parse_ip(text, &net.base);
    if (ok)
        memcpy(out, &net, conf_value_size(row->kind));
    return ok;
}

static void write_net(const struct conf_field *row, const void *in, struct buf *out)
{
    char text[ADDR_TEXT];
    struct buf b = {0};
    buf_text(&b, row->kind == CONF_ENDPOINT ? addr_text(in, text) : addr_ip_text(in, text));
    if (row->kind == CONF_PREFIX)
        buf_printf(&b, "/%u", ((const struct prefix *)in)->bits);
    conf_text_write(buf_span(&b), true, out);
    buf_fini(&b);
}

static const struct kind_row kinds[] = {
    [CONF_BOOL] = {sizeof(bool), "", NULL, NULL},
    [CONF_INT] = {sizeof(int64_t), "a whole number", read_amount, write_amount},
    [CONF_DURATION] = {sizeof(int64_t), "a duration such as 250ms, 5s, 2m or 1h", read_amount,
                       write_amount},
    [CONF_SIZE] = {sizeof(int64_t), "a size such as 512, 64KiB or 5GiB", read_amount, write_amount},
    [CONF_ENUM] = {sizeof(int), "", NULL, NULL},
    [CONF_TEXT] = {sizeof(const char *), "a text", read_text, write_text},
    [CONF_ADDR] = {sizeof(struct addr), "an address such as 10.0.0.1 or 2001:db8::1", read_net,
                   write_net},
    [CONF_ENDPOINT] = {sizeof(struct addr), "an address and port such as 127.0.0.1:53 or [::1]:53",
                       read_net, write_net},
    [CONF_PREFIX] = {sizeof(struct prefix), "a network such as 10.0.0.0/8 or ::1/128 (host bits 0)",
                     read_net, write_net},
    [CONF_MAP] = {0, "a map", NULL, NULL},
    [CONF_LIST] = {sizeof(struct conf_list), "a list", NULL, NULL},
    [CONF_DICT] = {sizeof(struct conf_list), "a map of names", NULL, NULL},
    [CONF_LATER] = {0, "", NULL, NULL},
};

size_t conf_value_size(enum conf_kind kind)
{
    return kinds[kind].size;
}

/* Words. */

static const struct conf_word bools[] = {
    {"yes", true},  {"no", false}, {"true", true}, {"false", false}, {"on", true},
    {"off", false}, {0},
};

static const struct conf_word *words_of(const struct conf_field *row)
{
    static const struct conf_word none[] = {{0}};
    return row->kind == CONF_BOOL ? bools : row->words ? row->words : none;
}

static const char *word_at(const void *words, size_t i)
{
    return ((const struct conf_word *)words)[i].word;
}

static void set_word(enum conf_kind kind, int64_t value, void *out)
{
    if (kind == CONF_BOOL)
        *(bool *)out = value != 0;
    else if (kind == CONF_ENUM)
        *(int *)out = (int)value;
    else if (kinds[kind].read == read_amount)
        *(int64_t *)out = value;
    else
        memset(out, 0, kinds[kind].size); /* "off": no text, no address */
}

/* True if `in` holds what set_word makes of `value`. */
static bool is_word(const struct conf_field *row, int64_t value, const void *in)
{
    struct prefix largest = {0};
    assert(kinds[row->kind].size <= sizeof largest);
    set_word(row->kind, value, &largest);
    return memcmp(&largest, in, kinds[row->kind].size) == 0;
}

void conf_value_expected(const struct conf_field *row, struct buf *out)
{
    const struct conf_word *words = words_of(row);
    buf_text(out, kinds[row->kind].expected);
    size_t shown = row->kind == CONF_BOOL ? 2 : SIZE_MAX; /* yes or no; the others go unsaid */
    for (size_t i = 0; i < shown && words[i].word; i++) {
        bool last = i + 1 == shown || !words[i + 1].word;
        buf_text(out, out->len == 0 ? "" : last ? " or " : ", ");
        buf_text(out, words[i].word);
    }
}

static bool unexpected(const struct conf_field *row, struct span text, struct err *err)
{
    struct buf want = {0};
    conf_value_expected(row, &want);
    const char *near = conf_nearest(text, word_at, words_of(row));
    err_set(err, "expected %s, found \"%.*s\"%s%s%s", buf_cstr(&want),
            (int)span_first(text, SHOWN).len, text.p, near ? "; did you mean \"" : "",
            near ? near : "", near ? "\"?" : "");
    buf_fini(&want);
    return false;
}

bool conf_value_read(const struct conf_field *row, struct span text, void *out, struct arena *arena,
                     struct err *err)
{
    for (const struct conf_word *w = words_of(row); w->word; w++)
        if (span_is(text, w->word)) {
            set_word(row->kind, w->value, out);
            return true;
        }
    const struct kind_row *kind = &kinds[row->kind];
    err->text[0] = '\0';
    if (!kind->read || !kind->read(row, text, out, err))
        return err->text[0] ? false : unexpected(row, text, err);
    if (row->kind == CONF_TEXT)
        *(char **)out = arena_text(arena, text);
    return true;
}

void conf_value_write(const struct conf_field *row, const void *in, struct buf *out)
{
    for (const struct conf_word *w = words_of(row); w->word; w++)
        if (is_word(row, w->value, in)) {
            buf_text(out, w->word);
            return;
        }
    kinds[row->kind].write(row, in, out);
}

bool conf_value_zero(const struct conf_field *row, const void *in)
{
    if (row->kind == CONF_LIST || row->kind == CONF_DICT)
        return ((const struct conf_list *)in)->n == 0;
    static const struct prefix zero; /* the largest scalar */
    return kinds[row->kind].size > 0 && memcmp(in, &zero, kinds[row->kind].size) == 0;
}
