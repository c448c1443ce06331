/* test_tcp_frame.c - messages out of a stream (RFC 7766 8), however it was cut. */
#include <event2/buffer.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/serve/tcp_frame.h"
#include "tests/unit/test.h"

/* Adds bytes as a piece of memory of their own: a message may lie across several. */
static void add_piece(struct evbuffer *stream, struct span piece)
{
    assert_int_equal(evbuffer_add_reference(stream, piece.p, piece.len, NULL, NULL), 0);
}

static void expect_message(struct evbuffer *stream, struct span want)
{
    struct span got;
    assert_true(tcp_frame_first(stream, &got));
    assert_true(span_equal(got, want));
    tcp_frame_drop(stream, got);
}

static void expect_none(struct evbuffer *stream)
{
    struct span got;
    assert_false(tcp_frame_first(stream, &got));
}

#define BYTES(text) span_bytes(text, sizeof(text) - 1)

/* RFC 7766 8: the two bytes of length may arrive apart, and a message in any number of pieces. */
static void a_stream_cut_anywhere_gives_the_same_messages(void **state)
{
    static const char stream[] = "\0\1a\0\0\0\3bcd";
    const struct span all = BYTES(stream);
    (void)state;
    for (size_t first = 1; first < all.len; first++)
        for (size_t second = 1; first + second <= all.len; second++) {
            struct evbuffer *in = evbuffer_new();
            add_piece(in, span_bytes(all.p, first));
            add_piece(in, span_bytes(all.p + first, second));
            add_piece(in, span_skip(all, first + second));
            expect_message(in, BYTES("a"));
            expect_message(in, BYTES(""));
            expect_message(in, BYTES("bcd"));
            expect_none(in);
            evbuffer_free(in);
        }
}

static void nothing_before_the_last_byte(void **state)
{
    static const char stream[] = "\0\4abcd";
    struct evbuffer *in = evbuffer_new();
    (void)state;
    for (size_t i = 0; i + 1 < sizeof stream; i++) {
        expect_none(in);
        add_piece(in, span_bytes(stream + i, 1));
    }
    expect_message(in, BYTES("abcd"));
    assert_int_equal(evbuffer_get_length(in), 0);
    evbuffer_free(in);
}

static void a_message_may_have_65535_bytes(void **state)
{
    struct evbuffer *in = evbuffer_new();
    char *bytes = mem_alloc(1, TCP_FRAME_MAX);
    (void)state;
    memset(bytes, '\xff', TCP_FRAME_MAX);
    add_piece(in, span_bytes(bytes, TCP_FRAME_MAX - 1));
    expect_none(in);
    add_piece(in, span_bytes(bytes, 1));
    expect_message(in, span_bytes(bytes, TCP_FRAME_MAX - TCP_PREFIX));
    expect_none(in);
    evbuffer_free(in);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_cut_anywhere_gives_the_same_messages),
        cmocka_unit_test(nothing_before_the_last_byte),
        cmocka_unit_test(a_message_may_have_65535_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
