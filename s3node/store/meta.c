#include "s3node/store/meta.h"

#include "base/digest.h"

static const char magic[4] = "S3N1";

enum tag { TAG_ETAG = 1, TAG_SIZE, TAG_MTIME, TAG_HEADER, TAG_UPLOAD, TAG_KEY };
enum { CRC_LEN = 4, RECORD_HEAD = 3, HEADER_HEAD = RECORD_HEAD + 1 };

size_t meta_headers_len(const struct store_meta *headers)
{
    size_t len = 0;
    for (size_t i = 0; i < headers->n; i++)
        len += HEADER_HEAD + headers->headers[i].name.len + headers->headers[i].value.len;
    return len;
}

static void put_be(struct buf *out, uint64_t value, size_t len)
{
    for (size_t i = len; i-- > 0;) {
        char byte = (char)(value >> (8 * i));
        buf_add(out, &byte, 1);
    }
}

static uint64_t get_be(struct span s)
{
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++)
        value = value << 8 | (uint8_t)s.p[i];
    return value;
}

static void put_record(struct buf *out, enum tag tag, struct span value)
{
    put_be(out, tag, 1);
    put_be(out, value.len, 2);
    buf_add(out, value.p, value.len);
}

static void put_number(struct buf *out, enum tag tag, uint64_t value)
{
    put_be(out, tag, 1);
    put_be(out, sizeof value, 2);
    put_be(out, value, sizeof value);
}

/* name, NUL, value */
static void put_header(struct buf *out, const struct store_header *h)
{
    put_be(out, TAG_HEADER, 1);
    put_be(out, h->name.len + 1 + h->value.len, 2);
    buf_add(out, h->name.p, h->name.len);
    buf_add(out, "", 1);
    buf_add(out, h->value.p, h->value.len);
}

void meta_encode(const struct meta *m, struct buf *out)
{
    size_t start = out->len;
    buf_add(out, magic, sizeof magic);
    put_record(out, TAG_ETAG, span_of(m->etag));
    put_number(out, TAG_SIZE, m->size);
    put_number(out, TAG_MTIME, (uint64_t)m->mtime_ns);
    if (m->upload_id.p)
        put_record(out, TAG_UPLOAD, m->upload_id);
    if (m->key.p)
        put_record(out, TAG_KEY, m->key);
    for (size_t i = 0; i < m->kept.n; i++)
        put_header(out, &m->kept.headers[i]);
    put_be(out, crc32_add(0, out->p + start, out->len - start), CRC_LEN);
}

static bool get_etag(struct meta *m, struct span value)
{
    if (value.len >= sizeof m->etag)
        return false;
    memcpy(m->etag, value.p, value.len);
    m->etag[value.len] = '\0';
    return true;
}

static bool get_header(struct meta *m, struct span value)
{
    struct store_header *h = &m->kept.headers[m->kept.n++];
    h->value = value;
    return span_split(&h->value, '\0', &h->name) && h->value.p;
}

static bool get_record(struct meta *m, int tag, struct span value)
{
    switch (tag) {
    case TAG_ETAG:
        return get_etag(m, value);
    case TAG_SIZE:
        m->size = get_be(value);
        return value.len == sizeof m->size;
    case TAG_MTIME:
        m->mtime_ns = (int64_t)get_be(value);
        return value.len == sizeof m->mtime_ns;
    case TAG_HEADER:
        return !m->kept.headers || get_header(m, value);
    case TAG_UPLOAD:
        m->upload_id = value;
        return true;
    case TAG_KEY:
        m->key = value;
        return true;
    default:
        return true;
    }
}

static bool next_record(struct span *rest, int *tag, struct span *value)
{
    if (rest->len < RECORD_HEAD)
        return false;
    *tag = (uint8_t)rest->p[0];
    size_t len = (size_t)get_be((struct span){rest->p + 1, 2});
    if (rest->len - RECORD_HEAD < len)
        return false;
    *value = (struct span){rest->p + RECORD_HEAD, len};
    *rest = span_skip(*rest, RECORD_HEAD + len);
    return true;
}

static size_t count_headers(struct span records)
{
    size_t n = 0;
    int tag;
    for (struct span value; next_record(&records, &tag, &value);)
        n += tag == TAG_HEADER;
    return n;
}

bool meta_decode(struct span blob, struct arena *arena, struct meta *out)
{
    *out = (struct meta){0};
    if (blob.len < sizeof magic + CRC_LEN || memcmp(blob.p, magic, sizeof magic) != 0)
        return false;
    struct span signed_part = span_first(blob, blob.len - CRC_LEN);
    if (get_be(span_skip(blob, signed_part.len)) != crc32_add(0, signed_part.p, signed_part.len))
        return false;
    struct span rest = span_skip(signed_part, sizeof magic), value;
    if (arena)
        out->kept.headers = ARENA_ARRAY(arena, struct store_header, count_headers(rest) + 1);
    for (int tag; rest.len > 0;)
        if (!next_record(&rest, &tag, &value) || !get_record(out, tag, value))
            return false;
    return true;
}
