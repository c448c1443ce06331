#include "probe/target.h"

#include <ctype.h>

#include "base/net.h"

enum { HTTP_PORT = 80 };

static bool copy(struct span text, char *out, size_t size)
{
    if (text.len >= size)
        return false;
    if (text.len > 0)
        memcpy(out, text.p, text.len);
    out[text.len] = '\0';
    return true;
}

static bool is_host(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!isalnum((unsigned char)s.p[i]) && !strchr("-._:%", s.p[i]))
            return false;
    return s.len > 0;
}

static bool read_port(struct span s, uint16_t *port)
{
    unsigned value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!isdigit((unsigned char)s.p[i]) || i > 4)
            return false;
        value = value * 10 + (unsigned)(s.p[i] - '0');
    }
    *port = (uint16_t)value;
    return value > 0 && value <= UINT16_MAX;
}

/* `[v6]:port`, `[v6]`, `host:port`, `host`; an IPv6 address alone has colons of its own. */
static bool read_authority(struct span s, struct target_text *out)
{
    struct addr ip;
    struct span host = s, port = {NULL, 0};
    if (s.len > 0 && s.p[0] == '[') {
        struct span rest = span_skip(s, 1);
        if (!span_split(&rest, ']', &host) || !rest.p || !addr_parse_ip(host, &ip))
            return false;
        if (rest.len > 0 && rest.p[0] != ':')
            return false;
        port = rest.len > 0 ? span_skip(rest, 1) : port;
    } else if (!addr_parse_ip(s, &ip)) {
        port = s;
        span_split(&port, ':', &host);
    }
    return is_host(host) && copy(host, out->host, sizeof out->host) &&
           (!port.p || read_port(port, &out->port));
}

static bool read_url(struct span s, struct target_text *out)
{
    size_t len = 0;
    while (len < s.len && !strchr("/?#", s.p[len]))
        len++;
    struct span path = span_skip(s, len), whole;
    out->port = HTTP_PORT;
    if (path.len > 0 && span_split(&path, '#', &whole) && !copy(whole, out->path, TARGET_PATH))
        return false;
    bool rooted = out->path[0] == '\0' || out->path[0] == '/';
    return rooted && read_authority(span_first(s, len), out);
}

bool target_parse(struct span text, struct target_text *out, struct err *err)
{
    static const char http[] = "http://", https[] = "https://";
    *out = (struct target_text){0};
    if (span_starts(text, https))
        return err_set(err, "TLS checks are not in this version; use http:// or host:port");
    bool good = span_starts(text, http) ? read_url(span_skip(text, strlen(http)), out)
                                        : read_authority(text, out);
    return good || err_set(err,
                           "'%.*s' is no target; write host:port, an address, or "
                           "http://host:port/path",
                           (int)span_first(text, 100).len, text.p);
}
