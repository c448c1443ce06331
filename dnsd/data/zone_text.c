#include "dnsd/data/zone_text.h"

#include <errno.h>

/* What has been seen of an entry while its characters come by. */
struct scan {
    struct zone_text *text;
    bool quoted, comment, escaped;
    int depth;         /* open parentheses */
    const char *wrong; /* the first thing that is wrong with it */
};

void zone_text_init(struct zone_text *t, FILE *from, uint64_t max_bytes)
{
    *t = (struct zone_text){.from = from, .max_bytes = max_bytes, .line = 1};
}

void zone_text_fini(struct zone_text *t)
{
    buf_fini(&t->entry);
}

static void wrong(struct scan *s, const char *what)
{
    if (!s->wrong)
        s->wrong = what;
}

static void keep(struct scan *s, char c)
{
    struct buf *entry = &s->text->entry;
    bool blank = c == ' ' || c == '\t';
    if (entry->len == ZONE_ENTRY_MAX) {
        wrong(s, "the entry is too long for a record: a parenthesis may be open");
        return;
    }
    /* outside of quotes one blank is as good as many, and an indented file stays small */
    if (!blank || s->quoted || s->escaped)
        buf_add(entry, &c, 1);
    else if (entry->len == 0 || entry->p[entry->len - 1] != ' ')
        buf_add(entry, " ", 1);
}

static void parenthesis(struct scan *s, char c)
{
    s->depth += c == '(' ? 1 : -1;
    if (s->depth < 0) {
        s->depth = 0;
        wrong(s, "\")\" without \"(\"");
    }
    keep(s, ' ');
}

/* A line ends. @return true if the entry does, too */
static bool line_end(struct scan *s)
{
    s->text->line++;
    s->comment = false;
    if (s->quoted)
        wrong(s, "a quoted text must end on its line");
    if (s->escaped)
        wrong(s, "a backslash cannot stand at the end of a line");
    if (s->quoted || s->escaped)
        s->depth = 0; /* whatever follows, begin afresh */
    s->quoted = s->escaped = false;
    if (s->depth > 0)
        keep(s, ' ');
    return s->depth == 0;
}

static void take(struct scan *s, int c)
{
    if (c == '\r' || c == '\f' || c == '\v')
        c = ' ';
    if (s->comment)
        return;
    if ((c < ' ' && c != '\t') || c == 0x7f)
        wrong(s, "a control character: this is no text");
    else if (s->escaped || c == '\\') {
        keep(s, (char)c);
        s->escaped = !s->escaped;
    } else if (!s->quoted && c == ';') {
        s->comment = true;
    } else if (!s->quoted && (c == '(' || c == ')')) {
        parenthesis(s, (char)c);
    } else {
        s->quoted ^= c == '"';
        keep(s, (char)c);
    }
}

static bool is_blank(const struct buf *entry)
{
    return span_trim(buf_span(entry)).len == 0;
}

/* Reads one entry, an empty one too. @return false at the end of the file or of what we read */
static bool scan_entry(struct scan *s)
{
    int c = 0;
    while (s->text->bytes < s->text->max_bytes && (c = getc_unlocked(s->text->from)) != EOF) {
        s->text->bytes++;
        if (c != '\n')
            take(s, c);
        else if (line_end(s))
            return true;
    }
    if (s->depth > 0)
        wrong(s, "\"(\" is never closed");
    if (s->quoted)
        wrong(s, "a quoted text is never closed");
    if (s->escaped)
        wrong(s, "a backslash cannot stand at the end of a line");
    return false;
}

/* True if the file goes on, but we do not. */
static bool is_cut(const struct zone_text *t, struct err *err)
{
    if (ferror(t->from)) {
        err_set(err, "cannot read: %s", strerror(errno));
        return true;
    }
    if (t->bytes < t->max_bytes || getc_unlocked(t->from) == EOF)
        return false;
    err_set(err, "the file is larger than %llu bytes, the most that a zone may have",
            (unsigned long long)t->max_bytes);
    return true;
}

enum zone_text_read zone_text_next(struct zone_text *t, struct err *err)
{
    for (bool more = true; more;) {
        struct scan s = {.text = t};
        t->entry_line = t->line;
        buf_clear(&t->entry);
        more = scan_entry(&s);
        if (!more && is_cut(t, err))
            return ZONE_TEXT_STOP;
        if (s.wrong) {
            err_set(err, "%s", s.wrong);
            return ZONE_TEXT_BAD;
        }
        if (!is_blank(&t->entry))
            return ZONE_TEXT_ENTRY;
    }
    return ZONE_TEXT_END;
}
