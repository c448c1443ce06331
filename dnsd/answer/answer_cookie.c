/* answer_cookie.c - what a client's cookie is worth, and which it gets (RFC 7873 5.2). */
#include "dnsd/answer/flow.h"

bool answer_cookie(struct flow *f)
{
    const struct cookie_secrets *secrets = &f->ctx->settings->cookies;
    struct span sent = f->query.edns.cookie;
    if (secrets->n == 0)
        return false;
    uint32_t now_s = (uint32_t)(f->in->wall_ms / 1000);
    bool good = cookie_answer(secrets, sent, &f->in->from, now_s, f->cookie);
    enum answer_count what = good                        ? COUNT_COOKIE_GOOD
                             : sent.len == COOKIE_CLIENT ? COUNT_COOKIE_NEW
                                                         : COUNT_COOKIE_BAD;
    counter_add(&f->ctx->counts[what], 1);
    reply_cookie(&f->reply, span_bytes(f->cookie, COOKIE_LEN));
    return good;
}
