#include "s3node/store/object.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "s3node/store/bucket.h"
#include "s3node/store/fs.h"
#include "s3node/store/mime.h"
#include "s3node/store/place.h"

static bool read_record(int fd, struct arena *arena, struct meta *out)
{
    char blob[META_BLOB_MAX];
    ssize_t len = fgetxattr(fd, META_XATTR, blob, sizeof blob);
    if (len <= 0)
        return false;
    struct span kept = span_bytes(arena ? arena_copy(arena, blob, (size_t)len) : blob, (size_t)len);
    bool good = meta_decode(kept, arena, out);
    if (!arena)
        out->upload_id = out->key = (struct span){0};
    return good;
}

static bool has_content_type(const struct store_meta *meta)
{
    for (size_t i = 0; i < meta->n; i++)
        if (span_is(meta->headers[i].name, "content-type"))
            return true;
    return false;
}

/* The list has room for one more. */
static void add_content_type(struct meta *m, struct arena *arena, const char *type)
{
    if (!m->kept.headers)
        m->kept.headers = ARENA_NEW(arena, struct store_header);
    m->kept.headers[m->kept.n++] = (struct store_header){span_of("content-type"), span_of(type)};
}

void object_read(int fd, const struct stat *st, struct span key, struct arena *arena,
                 struct meta *out)
{
    bool ours = read_record(fd, arena, out);
    if (!ours)
        *out = (struct meta){0};
    if (!ours || out->size != (uint64_t)st->st_size || out->mtime_ns != fs_mtime_ns(st)) {
        out->size = (uint64_t)st->st_size;
        out->mtime_ns = fs_mtime_ns(st);
        out->upload_id = (struct span){0};
        snprintf(out->etag, sizeof out->etag, "%016" PRIx64 "%016" PRIx64 "-1",
                 (uint64_t)out->mtime_ns, out->size ^ st->st_ino);
    }
    if (arena && !has_content_type(&out->kept))
        add_content_type(out, arena, ours ? MIME_DEFAULT : mime_of(key));
}

void object_info(const struct meta *m, struct store_info *out)
{
    *out = (struct store_info){.size = m->size, .mtime_ms = m->mtime_ns / 1000000, .meta = m->kept};
    memcpy(out->etag, m->etag, sizeof out->etag);
}

enum s3err store_get(struct store *s, struct span bucket, struct span key, struct arena *arena,
                     struct store_object *out)
{
    struct stat st;
    struct meta m;
    int dir;
    enum s3err e = bucket_open(s, bucket, &dir);
    if (e != S3ERR_OK)
        return e;
    e = place_open(dir, key, &out->fd, &st);
    close(dir);
    if (e != S3ERR_OK)
        return e;
    object_read(out->fd, &st, key, arena, &m);
    object_info(&m, &out->info);
    return S3ERR_OK;
}

enum s3err store_head(struct store *s, struct span bucket, struct span key, struct arena *arena,
                      struct store_info *out)
{
    struct store_object object;
    enum s3err e = store_get(s, bucket, key, arena, &object);
    if (e != S3ERR_OK)
        return e;
    close(object.fd);
    *out = object.info;
    return S3ERR_OK;
}

enum s3err store_delete(struct store *s, struct span bucket, struct span key)
{
    int dir;
    enum s3err e = bucket_open(s, bucket, &dir);
    if (e != S3ERR_OK)
        return e;
    e = place_remove(s, dir, key);
    close(dir);
    return e;
}
