#include "base/conf_expand.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"

static bool is_variable(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.p[i]) && name.p[i] != '_')
            return false;
    return name.len > 0 && !isdigit((unsigned char)name.p[0]);
}

static bool expand_file(struct span path, struct arena *arena, struct buf *out, struct err *err)
{
    struct err why;
    struct span text;
    char line[ERR_FILE + ERR_TEXT];
    if (path.len == 0 || path.p[0] != '/')
        return err_set(err, "${file:%.*s} needs an absolute path", (int)path.len, path.p);
    if (!file_read(arena_text(arena, path), CONF_MAX_SECRET, arena, &text, &why))
        return err_set(err, "%s", err_format(&why, line, sizeof line));
    if (text.len > 0 && text.p[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && memchr(text.p, '\0', text.len))
        return err_set(err, "%.*s: has a NUL byte, so it is no text", (int)path.len, path.p);
    buf_add(out, text.p, text.len);
    return true;
}

/* `body` is what stands between the braces. */
static bool expand_braces(struct span body, struct arena *arena, struct buf *out, struct err *err)
{
    if (span_starts(body, "file:"))
        return expand_file(span_skip(body, strlen("file:")), arena, out, err);
    const char *dash = body.len > 1 ? memmem(body.p, body.len, ":-", 2) : NULL;
    struct span name = dash ? span_first(body, (size_t)(dash - body.p)) : body;
    if (!is_variable(name))
        return err_set(err,
                       "${%.*s} is not understood; write ${NAME}, ${NAME:-value} or "
                       "${file:/path}",
                       (int)body.len, body.p);
    const char *value = getenv(arena_text(arena, name));
    if (!value && !dash)
        return err_set(err, "${%.*s} is not set and has no default; set it or write ${%.*s:-value}",
                       (int)name.len, name.p, (int)name.len, name.p);
    struct span dflt = dash ? span_skip(body, name.len + 2) : span_of("");
    struct span result = value && *value ? span_of(value) : dflt;
    buf_add(out, result.p, result.len);
    return true;
}

/* `*rest` begins with a dollar sign; takes it and what belongs to it. */
static bool expand_dollar(struct span *rest, struct arena *arena, struct buf *out, struct err *err)
{
    char after = rest->len > 1 ? rest->p[1] : '\0';
    if (after == '$') {
        buf_text(out, "$");
        *rest = span_skip(*rest, 2);
        return true;
    }
    if (after != '{')
        return err_set(err, "a lone $; write $$ for a dollar sign, or ${NAME}");
    struct span body = span_skip(*rest, 2);
    const char *end = body.len > 0 ? memchr(body.p, '}', body.len) : NULL;
    if (!end)
        return err_set(err, "${ without a closing }; write $$ for a dollar sign");
    body.len = (size_t)(end - body.p);
    *rest = span_skip(*rest, body.len + 3);
    return expand_braces(body, arena, out, err);
}

static bool expand_all(struct span rest, size_t max, struct arena *arena, struct buf *out,
                       struct err *err)
{
    while (rest.len > 0) {
        const char *dollar = memchr(rest.p, '$', rest.len);
        size_t n = dollar ? (size_t)(dollar - rest.p) : rest.len;
        buf_add(out, rest.p, n);
        rest = span_skip(rest, n);
        if (rest.len > 0 && !expand_dollar(&rest, arena, out, err))
            return false;
        if (out->len > max)
            return err_set(err, "expands to too much: more than %zu bytes", max);
    }
    return true;
}

bool conf_expand(struct span text, size_t max, struct arena *arena, struct span *out,
                 struct err *err)
{
    struct buf b = {0};
    bool ok = expand_all(text, max, arena, &b, err);
    if (ok)
        *out = (struct span){arena_text(arena, buf_span(&b)), b.len};
    buf_fini(&b);
    return ok;
}
