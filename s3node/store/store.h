/* store.h - buckets and objects as plain files under one directory, shared by any number of
 * threads, processes and hosts. The layout on disk is described in layout.h and keypath.h.
 *
 * Every call may block (disk, network filesystem): call from pool threads, never from an event
 * loop. A `struct store` is used by all threads at once; a `struct store_put` by one thread at a
 * time. No call reads a whole object into memory. Results live in the caller's arena. What comes in
 * as bucket or key was checked by s3name_check_bucket / s3name_check_key; the store checks again
 * and answers the same errors.
 *
 * Errors of the filesystem come back as: full or over quota S3ERR_INSUFFICIENT_STORAGE, read-only
 * S3ERR_READ_ONLY, too many retries against other writers S3ERR_SLOW_DOWN, the rest
 * S3ERR_INTERNAL. They are meant in "or an error of the filesystem" below. */
#ifndef S3NODE_STORE_STORE_H
#define S3NODE_STORE_STORE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "s3node/wire/s3err.h"

struct store;
struct store_put;

enum store_durability {
    STORE_FULL, /* file and directories synced before success is reported */
    STORE_DATA, /* the file only */
    STORE_NONE, /* nothing: the kernel writes when it likes */
};

enum { STORE_ID_TEXT = 33, STORE_ETAG_TEXT = 40 };

/* ---- the root ---- */

/** Opens the directory `root`, which must exist, be writable and keep extended attributes; prepares
 *  `.s3n-sys` in it. @return NULL with `err` saying what to do */
struct store *store_open(const char *root, enum store_durability durability, struct err *err);
void store_close(struct store *s);

/** 32 hex digits, the same on every node of one root for as long as the root lives. */
const char *store_id(const struct store *s);

/** A small file `<root>/.s3n-sys/NAME` that is written once: the first of all nodes to come puts
 *  `proposed` there (whole or not at all), the others find it.
 *  @param mode     permissions, for instance 0600
 *  @param content  what the file holds now, appended
 *  @param created  whether it was this call that made it; may be NULL
 *  @return false with `err` */
NODISCARD bool store_once(struct store *s, const char *name, struct span proposed, mode_t mode,
                          struct buf *content, bool *created, struct err *err);

/* ---- buckets ---- */

struct store_bucket {
    struct span name;
    struct span owner;  /* access key that created it; "" for a directory that others made */
    int64_t created_ms; /* wall clock */
};

/** @param owner  access key, up to 256 bytes
 *  @return S3ERR_OK; S3ERR_BUCKET_ALREADY_OWNED, S3ERR_BUCKET_ALREADY_EXISTS (another owner),
 *  S3ERR_INVALID_BUCKET_NAME, or an error of the filesystem */
enum s3err store_bucket_create(struct store *s, struct span bucket, struct span owner);

/** @return S3ERR_OK, S3ERR_NO_SUCH_BUCKET, or an error of the filesystem */
enum s3err store_bucket_head(struct store *s, struct span bucket, struct arena *arena,
                             struct store_bucket *out);

/** Removes a bucket without objects (unfinished uploads go with it). An object whose PUT was
 *  acknowledged is never lost to it; one that comes in at the very moment may find the bucket away
 * until it is put back. @return S3ERR_OK, S3ERR_NO_SUCH_BUCKET, S3ERR_BUCKET_NOT_EMPTY, or an error
 * of the filesystem */
enum s3err store_bucket_delete(struct store *s, struct span bucket);

/** All buckets, by name. */
enum s3err store_bucket_list(struct store *s, struct arena *arena, struct store_bucket **out,
                             size_t *n);

/* ---- objects ---- */

/* A header that is kept with the object and given back on GET and HEAD: name in lower case,
 * "content-type", "cache-control", "x-amz-meta-colour". */
struct store_header {
    struct span name, value;
};

struct store_meta {
    struct store_header *headers;
    size_t n;
};

struct store_info {
    uint64_t size;              /* bytes */
    int64_t mtime_ms;           /* wall clock of the last write: Last-Modified */
    char etag[STORE_ETAG_TEXT]; /* without quotes */
    struct store_meta meta;     /* from store_get, store_head: always with a content-type */
};

struct store_object {
    int fd; /* read with pread or sendfile; the content stays the same if the object is replaced;
               close(2) it */
    struct store_info info;
};

/** @return S3ERR_OK, S3ERR_NO_SUCH_BUCKET, S3ERR_NO_SUCH_KEY, or an error of the filesystem */
enum s3err store_get(struct store *s, struct span bucket, struct span key, struct arena *arena,
                     struct store_object *out);
enum s3err store_head(struct store *s, struct span bucket, struct span key, struct arena *arena,
                      struct store_info *out);

/** Begins to write an object; nothing is visible before store_put_commit.
 *  @param meta  kept with it, names, values and 4 bytes for each up to 2800 bytes in all; may be
 * NULL; copied
 *  @return S3ERR_OK, S3ERR_NO_SUCH_BUCKET, S3ERR_METADATA_TOO_LARGE, or an error of the filesystem
 */
enum s3err store_put_begin(struct store *s, struct span bucket, struct span key,
                           const struct store_meta *meta, struct store_put **out);

/** Appends bytes. After an error the only thing left is store_put_abort. */
enum s3err store_put_write(struct store_put *put, const void *p, size_t len);

/** The ETag of what was written: 32 hex digits of its MD5. No write may follow.
 *  @return text that lives as long as `put` */
const char *store_put_etag(struct store_put *put);

/** Makes the object visible, durable as the store was opened, replacing one of the same key.
 *  Frees `put` whatever it returns; on an error nothing has changed for readers.
 *  @param info  size, mtime and ETag, no meta; may be NULL */
enum s3err store_put_commit(struct store_put *put, struct store_info *info);

/** Forgets it; frees `put`. NULL is allowed. */
void store_put_abort(struct store_put *put);

/** Removes an object; one that does not exist is S3ERR_OK too. Directories that become empty go as
 *  well, the bucket never. @return S3ERR_OK, S3ERR_NO_SUCH_BUCKET, or an error of the filesystem */
enum s3err store_delete(struct store *s, struct span bucket, struct span key);

/* ---- listing ---- */

struct store_list {
    struct span prefix;
    struct span delimiter; /* any string; empty: none */
    struct span after;     /* only keys and common prefixes behind it, in byte order */
    size_t max;            /* entries of a page, keys and common prefixes together; 0..1000 */
};

struct store_entry {
    struct span key; /* or the common prefix, delimiter included */
    bool is_prefix;
    uint64_t size;
    int64_t mtime_ms;
    char etag[STORE_ETAG_TEXT];
};

struct store_page {
    struct store_entry *entries; /* in byte order of the keys */
    size_t n;
    bool truncated;
    struct span next; /* `after` of the next page when truncated: the last entry's key */
};

/** One page of a bucket (ListObjectsV2 semantics).
 *  @return S3ERR_OK, S3ERR_NO_SUCH_BUCKET, or an error of the filesystem */
enum s3err store_list(struct store *s, struct span bucket, const struct store_list *query,
                      struct arena *arena, struct store_page *out);

#endif
