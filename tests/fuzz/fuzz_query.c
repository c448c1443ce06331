/* fuzz_query.c - any packet, by UDP and TCP: what comes back is a well-formed reply to it, or
 * nothing. Replies are read by code that shares nothing with dnsd. */
#include "tests/fuzz/must.h"
#include "tests/unit/dnsd/answer_world.h"
#include "tests/unit/dnsd/dns_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TYPE_OPT_CODE = 41, QUESTION_AT = 12 };

static const struct answer_world *world(void)
{
    static struct answer_world w;
    if (!w.world)
        answer_world_init(&w);
    return &w;
}

/* The name at `at` ends inside the message and its pointers lead backwards. */
static void check_name(const uint8_t *reply, size_t len, size_t at)
{
    size_t bytes = 0;
    for (;;) {
        MUST(at < len);
        if (reply[at] == 0)
            return;
        if (reply[at] >= 0xc0) {
            MUST(at + 1 < len);
            size_t to = dns_get16(reply + at) & 0x3fff;
            MUST(to < at && to >= QUESTION_AT);
            at = to;
            continue;
        }
        MUST(reply[at] <= 63);
        bytes += 1u + reply[at];
        MUST(bytes < 255);
        at += 1u + reply[at];
    }
}

/* Every section holds what its count says, up to exactly the end; OPT is the last record, if any.
 */
static void check_sections(const uint8_t *reply, size_t len)
{
    size_t at = dns_first_record(reply, len);
    unsigned left = dns_count(reply, 0) + dns_count(reply, 1) + dns_count(reply, 2);
    for (; left > 0; left--) {
        struct dns_record r;
        check_name(reply, len, at);
        MUST(dns_record(reply, len, &at, &r));
        MUST(r.type != TYPE_OPT_CODE || (left == 1 && dns_count(reply, 2) > 0));
    }
    MUST(at == len);
}

static bool has_opt(const uint8_t *reply, size_t len)
{
    size_t at = dns_first_record(reply, len);
    struct dns_record r = {0};
    for (unsigned i = dns_count(reply, 0) + dns_count(reply, 1) + dns_count(reply, 2); i > 0; i--)
        MUST(dns_record(reply, len, &at, &r));
    return r.type == TYPE_OPT_CODE;
}

static void check_question(const uint8_t *query, size_t size, const uint8_t *reply, size_t len)
{
    MUST(dns_get16(reply + 4) <= 1);
    if (dns_get16(reply + 4) == 0) {
        MUST(dns_count(reply, 0) == 0 && dns_count(reply, 1) == 0);
        return;
    }
    size_t question_len = dns_first_record(reply, len) - QUESTION_AT;
    MUST(QUESTION_AT + question_len <= len && QUESTION_AT + question_len <= size);
    MUST(memcmp(reply + QUESTION_AT, query + QUESTION_AT, question_len) == 0);
}

static void check_reply(const uint8_t *query, size_t size, const uint8_t *reply, size_t len,
                        bool tcp)
{
    MUST(size >= 12 && len >= 12);
    MUST(memcmp(reply, query, 2) == 0);
    MUST((query[2] & 0x80) == 0 && (reply[2] & 0x80) != 0);
    MUST((reply[2] & 0x78) == (query[2] & 0x78));
    MUST((reply[3] & 0xf0) == 0);
    check_question(query, size, reply, len);
    check_sections(reply, len);
    if (!tcp)
        MUST(len <= (has_opt(reply, len) ? ANSWER_MAX_UDP : 512));
    if (dns_flag(reply, DNS_TC))
        MUST(!tcp && dns_count(reply, 0) == 0 && dns_count(reply, 1) == 0 && dns_rcode(reply) <= 3);
}

static size_t ask(struct answer_ctx *ctx, const uint8_t *data, size_t size, bool tcp, uint8_t *out)
{
    const struct answer_world *w = world();
    struct answer_query in = {data, size, w->from, tcp, 0};
    return answer_packet(ctx, w->world, w->status, 0, &in, out, tcp ? ANSWER_MAX : ANSWER_MAX_UDP);
}

static void check(const uint8_t *data, size_t size, bool tcp)
{
    static uint8_t first[ANSWER_MAX], second[ANSWER_MAX];
    static struct answer_ctx a, b;
    a = b = (struct answer_ctx){.settings = &world()->settings};
    a.rotation[2 * SERVICE_MANY] = b.rotation[2 * SERVICE_MANY] = (uint32_t)size;
    size_t len = ask(&a, data, size, tcp, first);
    MUST(ask(&b, data, size, tcp, second) == len && memcmp(first, second, len) == 0);
    MUST(memcmp(a.rotation, b.rotation, sizeof a.rotation) == 0);
    if (len)
        check_reply(data, size, first, len, tcp);
    else
        MUST(size < 12 || data[2] & 0x80);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(data, size, false);
    check(data, size, true);
    return 0;
}
