#include "dnsd/answer/flow.h"
#include "dnsd/wire/record.h"
#include "dnsd/wire/rrtype.h"
#include "version.h"

enum { STRING_MAX = 255 };

enum chaos { VERSION, IDENTITY };

static const struct row {
    const char *name; /* wire form */
    enum chaos what;
} rows[] = {
    {"\7version\4bind", VERSION},
    {"\7version\6server", VERSION},
    {"\10hostname\4bind", IDENTITY},
    {"\2id\6server", IDENTITY},
};

static const struct row *row_find(const struct name *name)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strlen(rows[i].name) + 1 == name->len &&
            memcmp(rows[i].name, name->wire, name->len) == 0)
            return &rows[i];
    return NULL;
}

static void answer_txt(struct flow *f, struct span text)
{
    uint8_t record[RECORD_HEAD + 1 + STRING_MAX];
    text = span_first(text, STRING_MAX);
    uint8_t *p = record_head(record, TYPE_TXT, CLASS_CH, 0, 1 + text.len);
    *p = (uint8_t)text.len;
    memcpy(p + 1, text.p, text.len);
    struct owner owner = {f->query.name.wire, f->query.name.len};
    f->reply.flags |= FLAG_AA;
    if (!reply_add(&f->reply, SECTION_ANSWER, owner,
                   (struct run){record, RECORD_HEAD + 1 + text.len, 1}))
        reply_truncate(&f->reply);
}

void answer_chaos(struct flow *f)
{
    const struct row *row = row_find(&f->query.name);
    const char *identity = f->ctx->settings->identity;
    const char *text = row && row->what == VERSION ? "dnsd " S3POOL_VERSION : identity;
    if (!row || !text)
        answer_refuse(f, RCODE_REFUSED, EDE_NOT_AUTHORITATIVE, NULL);
    else if (f->query.type == TYPE_TXT || f->query.type == TYPE_ANY)
        answer_txt(f, span_of(text));
    else
        f->reply.flags |= FLAG_AA; /* the name has no other type */
}
