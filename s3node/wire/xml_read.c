#include "s3node/wire/xml_read.h"

#include <libxml/xmlreader.h>
#include <stdlib.h>

#include "base/buf.h"
#include "s3node/wire/utf8.h"

enum { MAX_DEPTH = 8, PATH_LEN = 256, FIRST_ITEMS = 16 };

/* One document kind is a list of rules: what to do where an element begins, and with its text where
 * it ends. Elements without a rule are read over. */
struct rule {
    const char *path; /* "/Delete/Object/Key" */
    bool (*begin)(void *ctx);
    bool (*end)(void *ctx, struct span text);
};

struct walk {
    const struct rule *rules;
    size_t n_rules;
    void *ctx;
    char path[PATH_LEN];
    size_t path_len;
    struct buf text; /* of the innermost element */
};

static const struct rule *find_rule(const struct walk *w)
{
    for (size_t i = 0; i < w->n_rules; i++)
        if (strcmp(w->rules[i].path, w->path) == 0)
            return &w->rules[i];
    return NULL;
}

static bool element_begin(struct walk *w, const char *name)
{
    size_t len = strlen(name);
    if (w->path_len + len + 2 > sizeof w->path)
        return false;
    w->path[w->path_len] = '/';
    memcpy(w->path + w->path_len + 1, name, len + 1);
    w->path_len += len + 1;
    buf_clear(&w->text);
    const struct rule *rule = find_rule(w);
    return !rule || !rule->begin || rule->begin(w->ctx);
}

static bool element_end(struct walk *w)
{
    const struct rule *rule = find_rule(w);
    bool good = !rule || !rule->end || rule->end(w->ctx, buf_span(&w->text));
    buf_clear(&w->text);
    w->path_len = (size_t)(strrchr(w->path, '/') - w->path);
    w->path[w->path_len] = '\0';
    return good;
}

static bool on_node(struct walk *w, xmlTextReaderPtr reader)
{
    switch (xmlTextReaderNodeType(reader)) {
    case XML_READER_TYPE_ELEMENT:
        if (xmlTextReaderDepth(reader) >= MAX_DEPTH ||
            !element_begin(w, (const char *)xmlTextReaderConstLocalName(reader)))
            return false;
        return !xmlTextReaderIsEmptyElement(reader) || element_end(w);
    case XML_READER_TYPE_END_ELEMENT:
        return element_end(w);
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        buf_text(&w->text, (const char *)xmlTextReaderConstValue(reader));
        return true;
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return false;
    default:
        return true;
    }
}

static enum s3err walk_document(struct span body, struct walk *w)
{
    if (body.len > XML_READ_MAX)
        return S3ERR_MESSAGE_TOO_LONG;
    /* A document type is refused before the parser could act on it. What is not UTF-8, or looks
     * like a wider encoding by its NULs, never reaches the parser: it would switch, and complain.
     */
    if (body.len == 0 || !utf8_valid(body) || memchr(body.p, '\0', body.len) ||
        memmem(body.p, body.len, "<!DOCTYPE", 9))
        return S3ERR_MALFORMED_XML;
    xmlTextReaderPtr reader =
        xmlReaderForMemory(body.p, (int)body.len, NULL, "UTF-8",
                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    int more = reader ? xmlTextReaderRead(reader) : -1;
    while (more == 1)
        more = on_node(w, reader) ? xmlTextReaderRead(reader) : -1;
    xmlFreeTextReader(reader);
    buf_fini(&w->text);
    return more == 0 ? S3ERR_OK : S3ERR_MALFORMED_XML;
}

static struct span keep(struct arena *arena, struct span text)
{
    return (struct span){arena_text(arena, text), text.len};
}

/* Room for one more item in an array of the arena, which doubles when it is full. */
static void *grow(struct arena *arena, void *items, size_t n, size_t size)
{
    if (n != 0 && (n < FIRST_ITEMS || (n & (n - 1)) != 0))
        return items;
    void *bigger = arena_alloc(arena, size * (n ? 2 * n : FIRST_ITEMS));
    if (n > 0)
        memcpy(bigger, items, n * size);
    return bigger;
}

/* ---- CompleteMultipartUpload ---- */

struct complete_ctx {
    struct arena *arena;
    struct xml_complete *out;
    bool root;
};

static bool complete_begin(void *ctx)
{
    ((struct complete_ctx *)ctx)->root = true;
    return true;
}

static bool part_begin(void *ctx)
{
    struct complete_ctx *c = ctx;
    if (c->out->n == XML_READ_MAX_PARTS)
        return false;
    c->out->parts = grow(c->arena, c->out->parts, c->out->n, sizeof *c->out->parts);
    c->out->parts[c->out->n++] = (struct xml_part){0};
    return true;
}

static struct span trim_blanks(struct span s)
{
    static const char blanks[] = " \t\r\n";
    while (s.len > 0 && memchr(blanks, s.p[0], 4))
        s = span_skip(s, 1);
    while (s.len > 0 && memchr(blanks, s.p[s.len - 1], 4))
        s.len--;
    return s;
}

static bool part_number(void *ctx, struct span text)
{
    struct complete_ctx *c = ctx;
    uint32_t number = 0;
    text = trim_blanks(text);
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || number > 100000)
            return false;
        number = number * 10 + (uint32_t)(text.p[i] - '0');
    }
    c->out->parts[c->out->n - 1].number = number;
    return true;
}

static bool part_etag(void *ctx, struct span text)
{
    struct complete_ctx *c = ctx;
    text = trim_blanks(text);
    if (text.len >= 2 && text.p[0] == '"' && text.p[text.len - 1] == '"')
        text = (struct span){text.p + 1, text.len - 2};
    c->out->parts[c->out->n - 1].etag = keep(c->arena, text);
    return true;
}

enum s3err xml_read_complete(struct span body, struct arena *arena, struct xml_complete *out)
{
    static const struct rule rules[] = {
        {"/CompleteMultipartUpload", complete_begin, NULL},
        {"/CompleteMultipartUpload/Part", part_begin, NULL},
        {"/CompleteMultipartUpload/Part/PartNumber", NULL, part_number},
        {"/CompleteMultipartUpload/Part/ETag", NULL, part_etag},
    };
    struct complete_ctx ctx = {.arena = arena, .out = out};
    struct walk w = {.rules = rules, .n_rules = COUNT(rules), .ctx = &ctx};
    *out = (struct xml_complete){0};
    enum s3err e = walk_document(body, &w);
    return e != S3ERR_OK ? e : ctx.root && out->n > 0 ? S3ERR_OK : S3ERR_MALFORMED_XML;
}

/* ---- Delete ---- */

struct delete_ctx {
    struct arena *arena;
    struct xml_delete *out;
};

static bool object_begin(void *ctx)
{
    struct delete_ctx *c = ctx;
    if (c->out->n == XML_READ_MAX_DELETES)
        return false;
    c->out->items = grow(c->arena, c->out->items, c->out->n, sizeof *c->out->items);
    c->out->items[c->out->n++] = (struct xml_delete_item){0};
    return true;
}

static bool object_key(void *ctx, struct span text)
{
    struct delete_ctx *c = ctx;
    c->out->items[c->out->n - 1].key = keep(c->arena, text);
    return true;
}

static bool object_version(void *ctx, struct span text)
{
    struct delete_ctx *c = ctx;
    c->out->items[c->out->n - 1].version_id = keep(c->arena, text);
    return true;
}

static bool delete_quiet(void *ctx, struct span text)
{
    ((struct delete_ctx *)ctx)->out->quiet = span_is_nocase(trim_blanks(text), "true");
    return true;
}

enum s3err xml_read_delete(struct span body, struct arena *arena, struct xml_delete *out)
{
    static const struct rule rules[] = {
        {"/Delete/Object", object_begin, NULL},
        {"/Delete/Object/Key", NULL, object_key},
        {"/Delete/Object/VersionId", NULL, object_version},
        {"/Delete/Quiet", NULL, delete_quiet},
    };
    struct delete_ctx ctx = {arena, out};
    struct walk w = {.rules = rules, .n_rules = COUNT(rules), .ctx = &ctx};
    *out = (struct xml_delete){0};
    enum s3err e = walk_document(body, &w);
    for (size_t i = 0; e == S3ERR_OK && i < out->n; i++)
        if (out->items[i].key.len == 0)
            e = S3ERR_MALFORMED_XML;
    return e != S3ERR_OK ? e : out->n > 0 ? S3ERR_OK : S3ERR_MALFORMED_XML;
}

/* ---- CreateBucketConfiguration ---- */

struct create_ctx {
    struct arena *arena;
    struct span *location;
    bool root;
};

static bool create_begin(void *ctx)
{
    ((struct create_ctx *)ctx)->root = true;
    return true;
}

static bool create_location(void *ctx, struct span text)
{
    struct create_ctx *c = ctx;
    *c->location = keep(c->arena, trim_blanks(text));
    return true;
}

enum s3err xml_read_create_bucket(struct span body, struct arena *arena, struct span *location)
{
    static const struct rule rules[] = {
        {"/CreateBucketConfiguration", create_begin, NULL},
        {"/CreateBucketConfiguration/LocationConstraint", NULL, create_location},
    };
    struct create_ctx ctx = {.arena = arena, .location = location};
    struct walk w = {.rules = rules, .n_rules = COUNT(rules), .ctx = &ctx};
    *location = (struct span){NULL, 0};
    if (body.len == 0)
        return S3ERR_OK;
    enum s3err e = walk_document(body, &w);
    return e != S3ERR_OK ? e : ctx.root ? S3ERR_OK : S3ERR_MALFORMED_XML;
}
