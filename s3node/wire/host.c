#include "s3node/wire/host.h"

/* Everything before the port; an address in brackets holds colons of its own and is no bucket. */
static struct span without_port(struct span host)
{
    const char *colon = host.len > 0 && host.p[0] != '[' ? memchr(host.p, ':', host.len) : NULL;
    return colon ? span_first(host, (size_t)(colon - host.p)) : host;
}

/* Bytes before `.domain` at the end of `host`; 0 if it does not end so or nothing stands before. */
static size_t before_domain(struct span host, const char *domain)
{
    size_t len = strlen(domain);
    if (host.len <= len + 1)
        return 0;
    size_t before = host.len - len - 1;
    bool ends = host.p[before] == '.' && span_is_nocase(span_skip(host, before + 1), domain);
    return ends ? before : 0;
}

struct span host_bucket(struct span host, const char *const *domains, size_t n)
{
    struct span name = without_port(span_trim(host));
    size_t best = 0;
    for (size_t i = 0; i < n; i++) {
        size_t before = before_domain(name, domains[i]);
        if (span_is_nocase(name, domains[i]))
            return (struct span){0}; /* the domain itself: path style */
        if (before > 0 && (best == 0 || before < best))
            best = before;
    }
    return best > 0 ? span_first(name, best) : (struct span){0};
}
