/* upload.h - multipart uploads: parts come in any order, on any node, and become one object at the
 * end. Rules of threads, memory and errors as in store.h. S3 API Reference: CreateMultipartUpload,
 * UploadPart, ListParts, CompleteMultipartUpload, AbortMultipartUpload. */
#ifndef S3NODE_STORE_UPLOAD_H
#define S3NODE_STORE_UPLOAD_H

#include "s3node/store/store.h"

enum { UPLOAD_PART_MAX = 10000, UPLOAD_PART_MIN_SIZE = 5 * 1024 * 1024, UPLOAD_ID_TEXT = 33 };

/* Which upload a client means. Every call that takes one answers S3ERR_NO_SUCH_UPLOAD if there is
 * none of this id for this bucket and key. */
struct upload {
    struct span bucket, key;
    struct span id; /* as the client gives it; any bytes */
};

struct upload_part {
    uint32_t number; /* 1..UPLOAD_PART_MAX */
    uint64_t size;
    int64_t mtime_ms;
    char etag[STORE_ETAG_TEXT]; /* without quotes */
};

struct upload_page {
    struct upload_part *parts; /* by number */
    size_t n;
    bool truncated;
};

struct upload_choice {
    uint32_t number;
    struct span etag; /* without quotes */
};

/** Begins an upload. @param meta  of the object to be, as for store_put_begin
 *  @param id  gets its id, 32 hex digits
 *  @return as store_put_begin */
enum s3err upload_create(struct store *s, struct span bucket, struct span key,
                         const struct store_meta *meta, char id[UPLOAD_ID_TEXT]);

/** Begins to write a part: go on with store_put_write, _etag, _commit, _abort. The last one to be
 *  committed under a number counts.
 *  @return S3ERR_OK, S3ERR_NO_SUCH_UPLOAD, S3ERR_INVALID_PART_NUMBER, or an error of the filesystem
 */
enum s3err upload_part_begin(struct store *s, const struct upload *u, uint32_t number,
                             struct store_put **out);

/** The parts with a number over `after`, at most `max`. */
enum s3err upload_parts(struct store *s, const struct upload *u, uint32_t after, size_t max,
                        struct arena *arena, struct upload_page *out);

/** Puts the chosen parts together as the object and forgets the upload. Repeating a Complete that
 *  succeeded succeeds, as long as the object is the one it made. Takes as long as copying the
 * bytes.
 *  @param info  size, mtime and ETag (MD5 of the MD5s, `-`, number of parts), no meta; may be NULL
 *  @return S3ERR_OK, S3ERR_NO_SUCH_UPLOAD, S3ERR_INVALID_PART, S3ERR_INVALID_PART_ORDER,
 *  S3ERR_ENTITY_TOO_SMALL, S3ERR_MALFORMED_XML (no part chosen), or an error of the filesystem */
enum s3err upload_complete(struct store *s, const struct upload *u,
                           const struct upload_choice *parts, size_t n, struct store_info *info);

/** Forgets the upload and its parts. */
enum s3err upload_abort(struct store *s, const struct upload *u);

#endif
