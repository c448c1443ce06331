/* answer_rate.c - replies above the rate: which are meant, and what becomes of them. */
#include "dnsd/answer/flow.h"

/* A reply that was cut for its size is the answer it would have been. */
static enum rrl_class class_of(const struct reply *r)
{
    if (r->rcode == RCODE_NXDOMAIN)
        return RRL_NXDOMAIN;
    if (r->rcode != RCODE_NOERROR)
        return RRL_ERROR;
    if (r->counts[SECTION_ANSWER] || r->flags & FLAG_TC)
        return RRL_ANSWER;
    return r->flags & FLAG_AA ? RRL_NODATA : RRL_REFERRAL;
}

static bool is_loopback(const struct addr *a)
{
    static const uint8_t v6[16] = {[15] = 1};
    return a->family == AF_INET ? a->ip[0] == 127 : memcmp(a->ip, v6, sizeof v6) == 0;
}

/* Who cannot be forged: TCP, a good cookie, and ourselves. */
static bool is_proven(const struct flow *f)
{
    return f->in->tcp || f->cookie_good || is_loopback(&f->in->from);
}

/* A true client comes back with the cookie it gets here, or by TCP. An error has no records and is
 * as short as it can be. */
static void shorten(struct flow *f, enum rrl_class class)
{
    if (class == RRL_ERROR)
        return;
    bool cookie = f->reply.edns.cookie.len > 0;
    answer_refuse(f, cookie ? RCODE_BADCOOKIE : RCODE_NOERROR, EDE_NONE, NULL);
    if (!cookie)
        reply_truncate(&f->reply);
}

bool answer_within_rate(struct flow *f, int64_t now_ms)
{
    const struct rrl_rule *rule = &f->ctx->settings->rrl;
    if (rule->rate == 0 || is_proven(f))
        return true;
    enum rrl_class class = class_of(&f->reply);
    switch (rrl_take(&f->ctx->rrl, rule, &f->in->from, class, now_ms)) {
    case RRL_SEND:
        return true;
    case RRL_SHORTEN:
        counter_add(&f->ctx->counts[COUNT_RRL_SHORTENED], 1);
        shorten(f, class);
        return true;
    case RRL_DROP:
        counter_add(&f->ctx->counts[COUNT_RRL_DROPPED], 1);
        return false;
    }
    return true;
}
