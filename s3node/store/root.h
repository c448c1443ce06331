/* root.h - what an open store is made of; for the files of this room only.
 *
 *   <root>/.s3n-sys/{id, keys, lock, tmp/, trash/}
 *   <root>/<bucket>/.s3n-sys/{owner, lock, tmp/, mpu/<upload id>/}
 *   <root>/<bucket>/<path of a key>          see keypath.h */
#ifndef S3NODE_STORE_ROOT_H
#define S3NODE_STORE_ROOT_H

#include <stdatomic.h>
#include <stdint.h>

#include "s3node/store/store.h"

#define SYS       ".s3n-sys"
#define SYS_LOCK  SYS "/lock"
#define SYS_OWNER SYS "/owner"
#define SYS_TMP   SYS "/tmp"
#define SYS_TRASH SYS "/trash"
#define SYS_MPU   SYS "/mpu"

struct store {
    int root; /* descriptor of the directory */
    enum store_durability durability;
    char id[STORE_ID_TEXT];
    uint64_t run;               /* random; in the names of our temporary files */
    _Atomic uint32_t temp_next; /* the other part of those names */
};

enum { TEMP_NAME = 48, TEMP_AGE_S = 24 * 3600 /* nobody writes to it any more */ };

/** A fresh name `.s3n-sys/tmp/...`, relative to the root or a bucket. */
void root_temp_name(struct store *s, char out[TEMP_NAME]);

/** Creates an empty file of such a name beneath `dir` (the root or a bucket), and the directories
 * above it.
 *  @return a descriptor to write to, or -1 with errno */
int root_temp_file(struct store *s, int dir, mode_t mode, char out[TEMP_NAME]);

/* Durability as the store was opened. @return false with errno */
NODISCARD bool root_sync_file(const struct store *s, int fd);
NODISCARD bool root_sync_dir(const struct store *s, int fd);

/** Reads a small file beneath `dir`, appended. @return false with errno (EFBIG over 64 KiB) */
NODISCARD bool root_read_file(int dir, const char *path, struct buf *out);

#endif
