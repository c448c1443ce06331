#include "s3node/store/put.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mem.h"
#include "s3node/store/bucket.h"
#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/object.h"
#include "s3node/store/place.h"
#include "s3node/wire/s3name.h"

static enum s3err publish_object(struct store_put *put)
{
    return place_publish(put->s, put->bucket, put->temp, put->key);
}

static struct span copy_span(struct arena *arena, struct span s)
{
    return (struct span){arena_text(arena, s), s.len};
}

static void copy_headers(struct store_put *put, const struct store_meta *kept)
{
    struct store_meta *to = &put->meta.kept;
    to->headers = ARENA_ARRAY(put->arena, struct store_header, kept->n + 1);
    for (to->n = 0; to->n < kept->n; to->n++)
        to->headers[to->n] =
            (struct store_header){copy_span(put->arena, kept->headers[to->n].name),
                                  copy_span(put->arena, kept->headers[to->n].value)};
}

enum s3err put_new(struct store *s, struct span bucket, struct span key,
                   const struct store_meta *kept, struct store_put **out)
{
    static const struct store_meta none = {0};
    if (!kept)
        kept = &none;
    if (meta_headers_len(kept) > META_HEADERS_MAX)
        return S3ERR_METADATA_TOO_LARGE;
    int dir;
    enum s3err e = s3name_check_key(key);
    if (e == S3ERR_OK)
        e = bucket_open(s, bucket, &dir);
    if (e != S3ERR_OK)
        return e;
    struct store_put *put = NEW(struct store_put);
    *put = (struct store_put){.s = s, .bucket = dir, .arena = arena_new()};
    put->fd = root_temp_file(s, dir, FS_FILE_MODE, put->temp);
    if (put->fd < 0) {
        e = bucket_answer(s, bucket, dir, fserr(errno));
        put->temp[0] = '\0';
        store_put_abort(put);
        return e;
    }
    put->md5 = digest_new(DIGEST_MD5);
    put->bucket_name = copy_span(put->arena, bucket);
    put->key = copy_span(put->arena, key);
    put->publish = publish_object;
    copy_headers(put, kept);
    *out = put;
    return S3ERR_OK;
}

enum s3err store_put_begin(struct store *s, struct span bucket, struct span key,
                           const struct store_meta *meta, struct store_put **out)
{
    return put_new(s, bucket, key, meta, out);
}

enum s3err store_put_write(struct store_put *put, const void *p, size_t len)
{
    assert(put->md5); /* the ETag was not asked for yet */
    digest_add(put->md5, p, len);
    put->meta.size += len;
    return fs_write_all(put->fd, p, len) ? S3ERR_OK : fserr(errno);
}

const char *store_put_etag(struct store_put *put)
{
    uint8_t raw[DIGEST_MAX];
    if (put->md5) {
        hex_encode(raw, digest_final(put->md5, raw), put->meta.etag);
        digest_free(put->md5);
        put->md5 = NULL;
    }
    return put->meta.etag;
}

/* Gives the file its record. The modification time is set to what it is, so that the filesystem
 * cannot change its mind later, and read back as the filesystem keeps it. */
static bool seal(struct store_put *put)
{
    struct stat st;
    struct buf blob = {0};
    if (fstat(put->fd, &st) != 0)
        return false;
    const struct timespec times[2] = {st.st_atim, st.st_mtim};
    if (futimens(put->fd, times) != 0 || fstat(put->fd, &st) != 0)
        return false;
    put->meta.mtime_ns = fs_mtime_ns(&st);
    meta_encode(&put->meta, &blob);
    bool good = fsetxattr(put->fd, META_XATTR, blob.p, blob.len, 0) == 0;
    buf_fini(&blob);
    return good && root_sync_file(put->s, put->fd);
}

static enum s3err publish(struct store_put *put)
{
    enum s3err e = put->publish(put);
    if (e == S3ERR_OK)
        put->temp[0] = '\0';
    return bucket_answer(put->s, put->bucket_name, put->bucket, e);
}

enum s3err store_put_commit(struct store_put *put, struct store_info *info)
{
    store_put_etag(put);
    enum s3err e = seal(put) ? publish(put) : fserr(errno);
    if (e == S3ERR_OK && info) {
        object_info(&put->meta, info);
        info->meta = (struct store_meta){0};
    }
    store_put_abort(put);
    return e;
}

void store_put_abort(struct store_put *put)
{
    if (!put)
        return;
    if (put->temp[0] != '\0')
        unlinkat(put->bucket, put->temp, 0);
    if (put->fd >= 0)
        close(put->fd);
    close(put->bucket);
    digest_free(put->md5);
    arena_free(put->arena);
    free(put);
}
