#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "s3node/store/bucket.h"
#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/object.h"
#include "s3node/store/parts.h"
#include "s3node/store/place.h"
#include "s3node/store/put.h"
#include "s3node/store/upload_find.h"

/* ---- what the client chose ---- */

static enum s3err check_order(const struct upload_choice *chosen, size_t n)
{
    if (n == 0)
        return S3ERR_MALFORMED_XML;
    for (size_t i = 1; i < n; i++)
        if (chosen[i].number <= chosen[i - 1].number)
            return S3ERR_INVALID_PART_ORDER;
    return S3ERR_OK;
}

static enum s3err check_choice(const struct upload_choice *chosen, size_t n,
                               const struct parts *parts)
{
    enum s3err e = check_order(chosen, n);
    for (size_t i = 0; i < n && e == S3ERR_OK; i++) {
        if (chosen[i].number < 1 || chosen[i].number > UPLOAD_PART_MAX)
            return S3ERR_INVALID_PART;
        const struct part_slot *slot = &parts->slots[chosen[i].number];
        if (slot->etag[0] == '\0' || !span_is(chosen[i].etag, slot->etag))
            e = S3ERR_INVALID_PART;
        else if (i + 1 < n && slot->size < UPLOAD_PART_MIN_SIZE)
            e = S3ERR_ENTITY_TOO_SMALL;
    }
    return e;
}

/* MD5 over the MD5s of the parts, and their number. */
static void combine_etag(const struct upload_choice *chosen, size_t n, char out[STORE_ETAG_TEXT])
{
    uint8_t raw[DIGEST_MAX];
    char hex[2 * MD5_LEN + 1];
    struct digest *md5 = digest_new(DIGEST_MD5);
    for (size_t i = 0; i < n; i++)
        if (hex_decode(chosen[i].etag, raw, MD5_LEN))
            digest_add(md5, raw, MD5_LEN);
    digest_final(md5, raw);
    digest_free(md5);
    snprintf(out, STORE_ETAG_TEXT, "%s-%zu", hex_encode(raw, MD5_LEN, hex), n);
}

/* ---- putting it together ---- */

static bool append_part(struct store_put *put, int dir, uint32_t number,
                        const struct part_slot *slot)
{
    char name[PART_NAME];
    parts_name(number, slot, name);
    int fd = fs_open(dir, name, O_RDONLY, 0);
    bool good = fd >= 0 && fs_append(put->fd, fd, slot->size);
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    put->meta.size += slot->size;
    return good;
}

static enum s3err build(struct store *s, const struct upload *u, const struct upload_found *found,
                        const struct parts *parts, const struct upload_choice *chosen, size_t n,
                        struct store_info *info)
{
    struct store_put *put;
    enum s3err e = put_new(s, u->bucket, u->key, &found->meta.kept, &put);
    if (e != S3ERR_OK)
        return e;
    store_put_etag(put); /* ends the MD5 of nothing; this object's ETag is another */
    combine_etag(chosen, n, put->meta.etag);
    put->meta.upload_id = u->id;
    for (size_t i = 0; i < n; i++) {
        uint32_t number = chosen[i].number;
        if (!append_part(put, found->dir, number, &parts->slots[number])) {
            e = errno == ENOENT ? S3ERR_NO_SUCH_UPLOAD : fserr(errno);
            store_put_abort(put);
            return e;
        }
    }
    return store_put_commit(put, info);
}

/* Whether the object is what this upload made: then a Complete that is repeated, because its answer
 * was lost, succeeds. */
static enum s3err find_completed(struct store *s, const struct upload *u, struct arena *arena,
                                 struct store_info *info)
{
    struct stat st;
    struct meta m;
    int bucket, fd;
    enum s3err e = bucket_open(s, u->bucket, &bucket);
    if (e != S3ERR_OK)
        return e;
    e = place_open(bucket, u->key, &fd, &st);
    close(bucket);
    if (e != S3ERR_OK)
        return S3ERR_NO_SUCH_UPLOAD;
    object_read(fd, &st, u->key, arena, &m);
    close(fd);
    if (!m.upload_id.p || !span_equal(m.upload_id, u->id))
        return S3ERR_NO_SUCH_UPLOAD;
    if (info) {
        object_info(&m, info);
        info->meta = (struct store_meta){0};
    }
    return S3ERR_OK;
}

static enum s3err complete(struct store *s, const struct upload *u, struct arena *arena,
                           const struct upload_choice *chosen, size_t n, struct store_info *info)
{
    struct upload_found found;
    struct parts parts;
    enum s3err e = upload_open(s, u, arena, &found);
    if (e != S3ERR_OK)
        return e;
    e = parts_read(found.dir, &parts) ? check_choice(chosen, n, &parts) : fserr(errno);
    if (e == S3ERR_OK)
        e = build(s, u, &found, &parts, chosen, n, info);
    if (e == S3ERR_OK) /* what another Complete has removed already is removed */
        upload_remove(s, &found);
    parts_fini(&parts);
    upload_close(&found);
    return e;
}

enum s3err upload_complete(struct store *s, const struct upload *u,
                           const struct upload_choice *parts, size_t n, struct store_info *info)
{
    struct arena *arena = arena_new();
    enum s3err e = complete(s, u, arena, parts, n, info);
    /* Another Complete of this upload may have taken the parts away while we looked. */
    if ((e == S3ERR_NO_SUCH_UPLOAD || e == S3ERR_INVALID_PART) &&
        find_completed(s, u, arena, info) == S3ERR_OK)
        e = S3ERR_OK;
    arena_free(arena);
    return e;
}
