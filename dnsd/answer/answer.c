#include "dnsd/answer/answer.h"

#include "dnsd/answer/flow.h"
#include "dnsd/wire/rrtype.h"

const struct metric answer_metrics[COUNT_ANSWERS] = {
#define QUERIES(transport)                                                                         \
    {                                                                                              \
        "dnsd_queries_total", METRIC_COUNTER, "transport=\"" transport "\"", "Packets received"    \
    }
#define REPLIES(rcode)                                                                             \
    {                                                                                              \
        "dnsd_replies_total", METRIC_COUNTER, "rcode=\"" rcode "\"", "Replies by their rcode"      \
    }
#define COOKIES(state)                                                                             \
    {                                                                                              \
        "dnsd_cookies_total", METRIC_COUNTER, "state=\"" state "\"",                               \
            "Queries with a cookie: of the client alone, with one of ours, with one that is not"   \
    }
#define LIMITED(action)                                                                            \
    {                                                                                              \
        "dnsd_rrl_total", METRIC_COUNTER, "action=\"" action "\"",                                 \
            "Replies above the rate of their network and class"                                    \
    }
    [COUNT_UDP] = QUERIES("udp"),
    [COUNT_TCP] = QUERIES("tcp"),
    [COUNT_NOERROR] = REPLIES("NOERROR"),
    [COUNT_NXDOMAIN] = REPLIES("NXDOMAIN"),
    [COUNT_REFUSED] = REPLIES("REFUSED"),
    [COUNT_FORMERR] = REPLIES("FORMERR"),
    [COUNT_NOTIMP] = REPLIES("NOTIMP"),
    [COUNT_BADVERS] = REPLIES("BADVERS"),
    [COUNT_BADCOOKIE] = REPLIES("BADCOOKIE"),
    [COUNT_SERVFAIL] = REPLIES("SERVFAIL"),
    [COUNT_TRUNCATED] = {"dnsd_replies_truncated_total", METRIC_COUNTER, NULL,
                         "Replies with TC: the client comes back by TCP"},
    [COUNT_DROPPED] = {"dnsd_queries_dropped_total", METRIC_COUNTER, NULL,
                       "Packets that got no reply: too short, replies, or from a reflecting port"},
    [COUNT_TRAILING] = {"dnsd_queries_trailing_total", METRIC_COUNTER, NULL,
                        "Queries with bytes behind their last record, which were ignored"},
    [COUNT_COOKIE_NEW] = COOKIES("new"),
    [COUNT_COOKIE_BAD] = COOKIES("bad"),
    [COUNT_COOKIE_GOOD] = COOKIES("good"),
    [COUNT_RRL_SHORTENED] = LIMITED("shortened"),
    [COUNT_RRL_DROPPED] = LIMITED("dropped"),
    [COUNT_POOL] = {"dnsd_pool_answers_total", METRIC_COUNTER, NULL,
                    "Answers with addresses of a pool"},
};

static const enum answer_count count_of_rcode[] = {
    [RCODE_NOERROR] = COUNT_NOERROR,   [RCODE_FORMERR] = COUNT_FORMERR,
    [RCODE_SERVFAIL] = COUNT_SERVFAIL, [RCODE_NXDOMAIN] = COUNT_NXDOMAIN,
    [RCODE_NOTIMP] = COUNT_NOTIMP,     [RCODE_REFUSED] = COUNT_REFUSED,
    [RCODE_BADVERS] = COUNT_BADVERS,   [RCODE_BADCOOKIE] = COUNT_BADCOOKIE,
};

static void count(struct flow *f, enum answer_count what)
{
    counter_add(&f->ctx->counts[what], 1);
}

/* Services that answer anything they are sent: a forged source port there would make two servers
 * talk to each other for ever (echo, daytime, chargen, time). */
static bool reflects(const struct answer_query *in)
{
    static const uint16_t ports[] = {7, 13, 19, 37};
    for (size_t i = 0; i < COUNT(ports); i++)
        if (!in->tcp && in->from.port == ports[i])
            return true;
    return false;
}

void answer_refuse(struct flow *f, enum rcode rcode, enum ede ede, const char *text)
{
    reply_clear(&f->reply);
    f->reply.flags = 0;
    f->reply.rcode = rcode;
    f->reply.edns.ede = ede;
    f->reply.edns.ede_text = span_of(text);
}

static void answer_class(struct flow *f)
{
    if (f->query.class == CLASS_IN)
        answer_name(f);
    else if (f->query.class == CLASS_CH)
        answer_chaos(f);
    else
        answer_refuse(f, RCODE_REFUSED, EDE_NOT_AUTHORITATIVE, NULL);
}

static void answer_question(struct flow *f)
{
    if (f->query.question_len == 0)
        return; /* it only wants a cookie */
    switch (rrtype_use(f->query.type)) {
    case USE_DATA:
    case USE_ANY:
        answer_class(f);
        break;
    case USE_LACKED:
        answer_refuse(f, RCODE_NOTIMP, EDE_NOT_SUPPORTED, NULL);
        break;
    case USE_INVALID:
        answer_refuse(f, RCODE_FORMERR, EDE_INVALID_QUERY_TYPE, NULL);
        break;
    }
}

static size_t limit_for(const struct flow *f, size_t cap)
{
    size_t limit = f->in->tcp ? ANSWER_MAX : edns_udp_limit(&f->query.edns);
    return limit < cap ? limit : cap;
}

static size_t finish(struct flow *f)
{
    count(f, count_of_rcode[f->reply.rcode]);
    if (f->reply.flags & FLAG_TC)
        count(f, COUNT_TRUNCATED);
    return reply_finish(&f->reply);
}

size_t answer_packet(struct answer_ctx *ctx, const struct world *world, const struct status *status,
                     int64_t now_ms, const struct answer_query *in, uint8_t *out, size_t cap)
{
    struct flow f; /* not cleared: it holds a name, and every query would pay for that */
    f.ctx = ctx;
    f.world = world;
    f.status = status;
    f.in = in;
    count(&f, in->tcp ? COUNT_TCP : COUNT_UDP);
    enum rcode rcode = query_parse(in->packet, in->len, &f.query);
    if (rcode == RCODE_SILENCE || reflects(in)) {
        count(&f, COUNT_DROPPED);
        return 0;
    }
    if (f.query.trailing)
        count(&f, COUNT_TRAILING);
    reply_begin(&f.reply, &f.query, out, limit_for(&f, cap), span_of(ctx->settings->identity));
    f.cookie_good = f.query.edns.cookie.len > 0 && answer_cookie(&f);
    if (rcode == RCODE_NOERROR)
        answer_question(&f);
    else
        answer_refuse(&f, rcode, EDE_NONE, NULL);
    return answer_within_rate(&f, now_ms) ? finish(&f) : 0;
}
