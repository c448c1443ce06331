#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

/* A struct json is jansson's json_t under another name; nothing else is known about it outside. */

static json_t *in(struct json *v)
{
    return (json_t *)v;
}

static const json_t *look(const struct json *v)
{
    return (const json_t *)v;
}

static struct json *out(json_t *v)
{
    return (struct json *)v;
}

/* jansson refuses only without memory, once text is UTF-8 and numbers are finite. */
static void must(bool good)
{
    if (good)
        return;
    fputs("out of memory while making a JSON value\n", stderr);
    abort();
}

static json_t *made(json_t *v)
{
    must(v != NULL);
    return v;
}

struct json *json_new_object(void)
{
    return out(made(json_object()));
}

struct json *json_new_array(void)
{
    return out(made(json_array()));
}

void json_free(struct json *v)
{
    json_decref(in(v));
}

/* Bytes of the well-formed UTF-8 character that `p` (NUL-terminated) begins with (RFC 3629 4).
 * @return 0 if it begins with none */
static size_t character_len(const unsigned char *p)
{
    static const struct {
        unsigned char first_min, first_max, second_min, second_max;
        size_t len;
    } rows[] = {
        {0x01, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    size_t i = 0, n = 1;
    while (i < COUNT(rows) && (p[0] < rows[i].first_min || p[0] > rows[i].first_max))
        i++;
    if (i == COUNT(rows) || p[1] < rows[i].second_min || p[1] > rows[i].second_max)
        return 0;
    while (n < rows[i].len && (p[n] & 0xc0) == 0x80)
        n++;
    return n == rows[i].len ? n : 0;
}

/* `text` with U+FFFD for every byte that is not part of a character. */
static void add_repaired(struct buf *to, const char *text)
{
    while (*text) {
        size_t len = character_len((const unsigned char *)text);
        buf_add(to, len ? text : "\xef\xbf\xbd", len ? len : 3);
        text += len ? len : 1;
    }
}

static json_t *text_value(const char *text)
{
    if (!text)
        return json_null();
    struct buf good = {0};
    add_repaired(&good, text);
    json_t *v = made(json_stringn(buf_cstr(&good), good.len));
    buf_fini(&good);
    return v;
}

static void set(struct json *object, const char *key, json_t *child)
{
    struct buf good = {0};
    add_repaired(&good, key);
    must(json_object_set_new(in(object), buf_cstr(&good), made(child)) == 0);
    buf_fini(&good);
}

static void push(struct json *array, json_t *child)
{
    must(json_array_append_new(in(array), made(child)) == 0);
}

void json_set(struct json *object, const char *key, struct json *child)
{
    set(object, key, in(child));
}

void json_set_text(struct json *object, const char *key, const char *text)
{
    set(object, key, text_value(text));
}

void json_set_int(struct json *object, const char *key, int64_t value)
{
    set(object, key, json_integer(value));
}

void json_set_real(struct json *object, const char *key, double value)
{
    set(object, key, isfinite(value) ? json_real(value) : json_null());
}

void json_set_bool(struct json *object, const char *key, bool value)
{
    set(object, key, json_boolean(value));
}

void json_push(struct json *array, struct json *child)
{
    push(array, in(child));
}

void json_push_text(struct json *array, const char *text)
{
    push(array, text_value(text));
}

struct json *json_parse(struct span text, const char *name, struct err *err)
{
    json_error_t e;
    if (text.len > JSON_MAX_TEXT) {
        err_at(err, name, 0, 0, "%zu bytes of JSON; at most %d are read", text.len, JSON_MAX_TEXT);
        return NULL;
    }
    json_t *v =
        json_loadb(text.len ? text.p : "", text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
    if (!v)
        err_at(err, name, e.line > 0 ? e.line : 0, e.column > 0 ? e.column : 0, "not JSON: %s",
               e.text);
    return out(v);
}

const struct json *json_get(const struct json *object, const char *key)
{
    return out(json_object_get(look(object), key));
}

const char *json_get_text(const struct json *object, const char *key, const char *dflt)
{
    const char *text = json_text(json_get(object, key));
    return text ? text : dflt;
}

int64_t json_get_int(const struct json *object, const char *key, int64_t dflt)
{
    const json_t *v = look(json_get(object, key));
    return json_is_integer(v) ? json_integer_value(v) : dflt;
}

bool json_get_bool(const struct json *object, const char *key, bool dflt)
{
    const json_t *v = look(json_get(object, key));
    return json_is_boolean(v) ? json_is_true(v) : dflt;
}

size_t json_count(const struct json *array)
{
    return json_array_size(look(array));
}

const struct json *json_at(const struct json *array, size_t i)
{
    return out(json_array_get(look(array), i));
}

const char *json_text(const struct json *v)
{
    return json_string_value(look(v));
}

static int add_part(const char *p, size_t len, void *buf)
{
    buf_add(buf, p, len);
    return 0;
}

void json_write(const struct json *v, enum json_style style, struct buf *to)
{
    size_t layout = style == JSON_PRETTY ? JSON_INDENT(2) : JSON_COMPACT;
    must(json_dump_callback(look(v), add_part, to,
                            layout | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY |
                                JSON_REAL_PRECISION(15)) == 0);
    if (style == JSON_PRETTY)
        buf_text(to, "\n");
}
