/* service.h - what all requests of a node share: the store, the region, the keys now in force.
 * One for the life of the process; any thread may call. */
#ifndef S3NODE_OP_SERVICE_H
#define S3NODE_OP_SERVICE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/http1.h"
#include "s3node/op/keyring.h"
#include "s3node/store/store.h"

enum { SERVICE_BOOT_TEXT = 17, REQUEST_ID_TEXT = 17 };

struct service;

/* What a node is called; copied by service_new. */
struct service_names {
    const char *region;
    const char *const *domains; /* under which a bucket can stand in the Host header */
    size_t n_domains;
};

/** Takes over one reference of `keys`; borrows `store`. */
struct service *service_new(struct store *store, const struct service_names *names,
                            struct keyring *keys);
void service_free(struct service *s);

struct store *service_store(const struct service *s);
const char *service_region(const struct service *s);

/** The bucket in the Host header of a request; p == NULL for path style. */
struct span service_host_bucket(const struct service *s, const struct http1_head *head);

/** 16 hex digits, another value for each process: the HostId of errors and the `boot` of reports.
 */
const char *service_boot(const struct service *s);

/** A reference to the keys now in force; give it back with keyring_unref. */
struct keyring *service_keys(struct service *s);

/** Puts other keys in force for requests that begin from now on; takes over one reference. */
void service_set_keys(struct service *s, struct keyring *keys);

/** An id that no other request of this process has, 16 upper-case hex digits. @return `out` */
const char *service_request_id(struct service *s, char out[REQUEST_ID_TEXT]);

/** The pair kept in `.s3n-sys/keys` of the root, made by the first node that starts without keys of
 *  its own. Line format `ACCESS SECRET`.
 *  @param access, secret  filled; text in `text`
 *  @param created         whether this call made it
 *  @return false with `err` */
NODISCARD bool service_generated_key(struct store *store, struct buf *text, struct span *access,
                                     struct span *secret, bool *created, struct err *err);

#endif
