#include "s3node/store/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/rand.h"
#include "s3node/store/bucket.h"
#include "s3node/store/fs.h"
#include "s3node/store/fserr.h"
#include "s3node/store/parts.h"
#include "s3node/store/put.h"
#include "s3node/store/upload_find.h"
#include "s3node/wire/s3name.h"

static const char init_name[] = "init"; /* holds the record of the object to be, and its key */

/* ---- finding ---- */

static bool is_id(struct span id)
{
    uint8_t raw[(UPLOAD_ID_TEXT - 1) / 2];
    if (!hex_decode(id, raw, sizeof raw))
        return false;
    for (size_t i = 0; i < id.len; i++)
        if (id.p[i] >= 'A' && id.p[i] <= 'F')
            return false;
    return true;
}

static bool read_init(int dir, struct arena *arena, struct meta *out)
{
    struct buf text = {0};
    bool good = root_read_file(dir, init_name, &text);
    struct span blob = {arena_copy(arena, text.p, text.len), text.len};
    buf_fini(&text);
    return good && meta_decode(blob, arena, out);
}

enum s3err upload_open(struct store *s, const struct upload *u, struct arena *arena,
                       struct upload_found *out)
{
    *out = (struct upload_found){.bucket = -1, .dir = -1};
    enum s3err e = bucket_open(s, u->bucket, &out->bucket);
    if (e != S3ERR_OK)
        return e;
    if (is_id(u->id)) {
        snprintf(out->path, sizeof out->path, SYS_MPU "/%.*s", (int)u->id.len, u->id.p);
        out->dir = fs_open(out->bucket, out->path, O_RDONLY | O_DIRECTORY, 0);
    }
    if (out->dir >= 0 && read_init(out->dir, arena, &out->meta) &&
        span_equal(out->meta.key, u->key))
        return S3ERR_OK;
    upload_close(out);
    return S3ERR_NO_SUCH_UPLOAD;
}

void upload_close(struct upload_found *found)
{
    if (found->dir >= 0)
        close(found->dir);
    if (found->bucket >= 0)
        close(found->bucket);
}

enum s3err upload_remove(struct store *s, const struct upload_found *found)
{
    char aside[TEMP_NAME];
    root_temp_name(s, aside);
    int tmp = fs_open_made(found->bucket, SYS_TMP);
    if (tmp >= 0)
        close(tmp);
    if (renameat(found->bucket, found->path, found->bucket, aside) != 0)
        return errno == ENOENT ? S3ERR_NO_SUCH_UPLOAD : fserr(errno);
    fs_remove_tree(found->bucket, aside);
    return S3ERR_OK;
}

/* ---- beginning ---- */

static bool write_init(struct store *s, int dir, const struct meta *m)
{
    struct buf blob = {0};
    meta_encode(m, &blob);
    int fd = fs_open(dir, init_name, O_WRONLY | O_CREAT | O_EXCL, FS_FILE_MODE);
    bool good = fd >= 0 && fs_write_all(fd, blob.p, blob.len) && root_sync_file(s, fd);
    if (fd >= 0)
        close(fd);
    buf_fini(&blob);
    return good && root_sync_dir(s, dir);
}

static bool make_upload(struct store *s, int bucket, const struct meta *m, const char *id)
{
    int mpu = fs_open_made(bucket, SYS_MPU);
    int dir = mpu >= 0 && mkdirat(mpu, id, FS_DIR_MODE) == 0
                  ? fs_open(mpu, id, O_RDONLY | O_DIRECTORY, 0)
                  : -1;
    bool good = dir >= 0 && write_init(s, dir, m) && root_sync_dir(s, mpu);
    int error = errno;
    if (dir >= 0)
        close(dir);
    if (mpu >= 0)
        close(mpu);
    errno = error;
    return good;
}

enum s3err upload_create(struct store *s, struct span bucket, struct span key,
                         const struct store_meta *meta, char id[UPLOAD_ID_TEXT])
{
    uint8_t raw[(UPLOAD_ID_TEXT - 1) / 2];
    struct meta m = {.key = key};
    int dir;
    if (meta)
        m.kept = *meta;
    if (meta_headers_len(&m.kept) > META_HEADERS_MAX)
        return S3ERR_METADATA_TOO_LARGE;
    enum s3err e = s3name_check_key(key);
    if (e == S3ERR_OK)
        e = bucket_open(s, bucket, &dir);
    if (e != S3ERR_OK)
        return e;
    rand_secret(raw, sizeof raw);
    hex_encode(raw, sizeof raw, id);
    e = bucket_answer(s, bucket, dir, make_upload(s, dir, &m, id) ? S3ERR_OK : fserr(errno));
    close(dir);
    return e;
}

/* ---- parts ---- */

static enum s3err publish_part(struct store_put *put)
{
    struct part_slot slot = {.mtime_ns = put->meta.mtime_ns, .size = put->meta.size};
    char name[PART_NAME];
    memcpy(slot.etag, put->meta.etag, sizeof slot.etag);
    parts_name(put->part_number, &slot, name);
    int dir = fs_open(put->bucket, put->upload_dir.p, O_RDONLY | O_DIRECTORY, 0);
    bool good =
        dir >= 0 && renameat(put->bucket, put->temp, dir, name) == 0 && root_sync_dir(put->s, dir);
    int error = errno;
    if (dir >= 0)
        close(dir);
    if (good)
        return S3ERR_OK;
    return error == ENOENT ? S3ERR_NO_SUCH_UPLOAD : fserr(error);
}

enum s3err upload_part_begin(struct store *s, const struct upload *u, uint32_t number,
                             struct store_put **out)
{
    if (number < 1 || number > UPLOAD_PART_MAX)
        return S3ERR_INVALID_PART_NUMBER;
    struct arena *arena = arena_new();
    struct upload_found found;
    enum s3err e = upload_open(s, u, arena, &found);
    if (e == S3ERR_OK) {
        e = put_new(s, u->bucket, u->key, NULL, out);
        upload_close(&found);
    }
    if (e == S3ERR_OK) {
        (*out)->publish = publish_part;
        (*out)->part_number = number;
        (*out)->upload_dir = span_of(arena_text((*out)->arena, span_of(found.path)));
    }
    arena_free(arena);
    return e;
}

static void fill_page(const struct parts *parts, uint32_t after, size_t max, struct arena *arena,
                      struct upload_page *out)
{
    out->parts = ARENA_ARRAY(arena, struct upload_part, max + 1);
    for (size_t number = (size_t)after + 1; number <= UPLOAD_PART_MAX; number++) {
        const struct part_slot *slot = &parts->slots[number];
        if (slot->etag[0] == '\0')
            continue;
        if (out->n == max) {
            out->truncated = true;
            return;
        }
        struct upload_part *part = &out->parts[out->n++];
        *part = (struct upload_part){(uint32_t)number, slot->size, slot->mtime_ns / 1000000, ""};
        memcpy(part->etag, slot->etag, sizeof part->etag);
    }
}

enum s3err upload_parts(struct store *s, const struct upload *u, uint32_t after, size_t max,
                        struct arena *arena, struct upload_page *out)
{
    struct upload_found found;
    struct parts parts;
    *out = (struct upload_page){0};
    enum s3err e = upload_open(s, u, arena, &found);
    if (e != S3ERR_OK)
        return e;
    if (parts_read(found.dir, &parts))
        fill_page(&parts, after, max < UPLOAD_PART_MAX ? max : UPLOAD_PART_MAX, arena, out);
    else
        e = fserr(errno);
    parts_fini(&parts);
    upload_close(&found);
    return e;
}

/* ---- giving up ---- */

enum s3err upload_abort(struct store *s, const struct upload *u)
{
    struct arena *arena = arena_new();
    struct upload_found found;
    enum s3err e = upload_open(s, u, arena, &found);
    if (e == S3ERR_OK) {
        e = upload_remove(s, &found);
        upload_close(&found);
    }
    arena_free(arena);
    return e;
}
