/* json.h - JSON values for pages, dnsctl and state files, over jansson (the only user of it).
 * Control code only. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

struct json; /* a value; whoever made the outermost one frees it; a child handed to json_set or
                json_push is taken over */

struct json *json_new_object(void);
struct json *json_new_array(void);
void json_free(struct json *v);

void json_set(struct json *object, const char *key, struct json *child);
void json_set_text(struct json *object, const char *key,
                   const char *text); /* NULL: null; bad UTF-8 is replaced */
void json_set_int(struct json *object, const char *key, int64_t value);
void json_set_real(struct json *object, const char *key,
                   double value); /* not finite: null; 15 digits are written */
void json_set_bool(struct json *object, const char *key, bool value);
void json_push(struct json *array, struct json *child);
void json_push_text(struct json *array, const char *text);

enum { JSON_MAX_TEXT = 16 << 20 }; /* bytes */

/** Reads one value of at most JSON_MAX_TEXT bytes and 2048 levels; a key twice in one object is an
 * error. @return NULL with `err` at line and column */
struct json *json_parse(struct span text, const char *name, struct err *err);

/** Borrowed views; NULL or the default when the key is missing or of another type. */
const struct json *json_get(const struct json *object, const char *key);
const char *json_get_text(const struct json *object, const char *key, const char *dflt);
int64_t json_get_int(const struct json *object, const char *key, int64_t dflt);
bool json_get_bool(const struct json *object, const char *key, bool dflt);
size_t json_count(const struct json *array);
const struct json *json_at(const struct json *array, size_t i);
const char *json_text(const struct json *v); /* of a string value, else NULL */

enum json_style { JSON_LINE, JSON_PRETTY };

/** Appends the value as text, keys in the order they were set; JSON_PRETTY ends with a newline. */
void json_write(const struct json *v, enum json_style style, struct buf *out);

#endif
