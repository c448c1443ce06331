#include "base/clock.h"
#include "s3node/op/ops.h"
#include "s3node/wire/xml.h"

void op_xml_time(struct buf *xml, const char *tag, int64_t wall_ms)
{
    char text[CLOCK_TEXT];
    xml_cstr(xml, tag, clock_rfc3339_ms(wall_ms, text));
}

void op_xml_etag(struct buf *xml, const char *etag)
{
    struct buf quoted = {0};
    buf_printf(&quoted, "\"%s\"", etag);
    xml_text(xml, "ETag", buf_span(&quoted));
    buf_fini(&quoted);
}

void op_xml_owner(struct buf *xml, const char *tag, struct span who)
{
    xml_open(xml, tag);
    xml_text(xml, "ID", who);
    xml_text(xml, "DisplayName", who);
    xml_close(xml, tag);
}

bool op_param_number(const struct req *r, const char *name, uint32_t dflt, uint32_t max,
                     uint32_t *out)
{
    struct span text = uri_param(&r->uri, name);
    uint64_t n = 0;
    *out = dflt;
    if (!text.p)
        return true;
    if (text.len == 0 || text.len > 10)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(text.p[i] - '0');
    }
    *out = n > max ? max : (uint32_t)n;
    return true;
}
