/* http1_story.h - what http1 reports of a byte stream, as text, however the stream was cut: the
 * unit tests compare it with what should be told, the fuzz target two cuts of one stream.
 *
 * `HEAD` with the start line and what http1 made of it, one line per header, `BODY` with all bytes
 * of a body, `DONE`, `ERROR`; then what the end of the stream means: `END` (no message was begun),
 * `DONE` or `ERROR`. */
#ifndef TESTS_FUZZ_HTTP1_STORY_H
#define TESTS_FUZZ_HTTP1_STORY_H

#include <assert.h>

#include "base/buf.h"
#include "base/http1.h"

struct story {
    struct buf text;
    bool in_body;
};

static inline void story_span(struct buf *out, struct span s)
{
    buf_add(out, s.p, s.len);
}

static inline void story_head(struct buf *out, const struct http1_head *head)
{
    buf_text(out, "HEAD ");
    story_span(out, head->method);
    if (head->status)
        buf_printf(out, "%d", head->status);
    buf_text(out, " ");
    story_span(out, head->target);
    buf_printf(out, " 1.%d%s%s%s", head->minor, head->keep_alive ? " keep" : "",
               head->chunked ? " chunked" : "", head->expect_continue ? " expect" : "");
    if (head->has_length)
        buf_printf(out, " length=%llu", (unsigned long long)head->length);
    buf_text(out, "\n");
    for (size_t i = 0; i < head->n_headers; i++) {
        buf_text(out, " ");
        story_span(out, head->headers[i].name);
        buf_text(out, "=");
        story_span(out, head->headers[i].value);
        buf_text(out, "\n");
    }
}

static inline void story_add(struct story *s, const struct http1 *h, enum http1_event event,
                             struct span body)
{
    static const char *const words[] = {
        [HTTP1_MORE] = "END\n", [HTTP1_DONE] = "DONE\n", [HTTP1_ERROR] = "ERROR\n"};
    if (s->in_body && event != HTTP1_BODY)
        buf_text(&s->text, "\n");
    if (!s->in_body && event == HTTP1_BODY)
        buf_text(&s->text, "BODY ");
    s->in_body = event == HTTP1_BODY;
    if (event == HTTP1_HEAD)
        story_head(&s->text, http1_head(h));
    else if (event == HTTP1_BODY)
        story_span(&s->text, body);
    else
        buf_text(&s->text, words[event]);
}

/* Feeds one piece to its end. @return false after an error */
static inline bool story_feed(struct story *s, struct http1 *h, struct span in)
{
    for (;;) {
        size_t used;
        struct span body;
        enum http1_event event = http1_feed(h, in, &used, &body);
        assert(used <= in.len);
        assert(event != HTTP1_MORE || used == in.len);
        assert((event == HTTP1_BODY) == (body.len > 0));
        if (event == HTTP1_MORE)
            return true;
        story_add(s, h, event, body);
        if (event == HTTP1_ERROR)
            return false;
        in = span_skip(in, used);
    }
}

/** Feeds `in` cut into a piece of `first` bytes and then pieces of `step` bytes. @return the story,
 * for buf_fini */
static inline struct buf http1_story(struct http1 *h, struct span in, size_t first, size_t step)
{
    struct story s = {0};
    bool good = true;
    for (size_t piece = first; good && in.len > 0; piece = step) {
        struct span part = span_first(in, piece);
        in = span_skip(in, piece);
        good = story_feed(&s, h, part);
    }
    if (good)
        story_add(&s, h, http1_eof(h), span_of(""));
    return s.text;
}

#endif
