/* zone.h - the static side of the data: names, their RRsets, and which names belong to a service.
 * Built at load in an arena, then immutable; many threads read. Lookups follow RFC 1034 4.3.2 and
 * RFC 4592. */
#ifndef DNSD_DATA_ZONE_H
#define DNSD_DATA_ZONE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/net.h"
#include "base/span.h"

enum { NO_SERVICE = -1 };

/* Records ready to copy: each is C0 0C, type, class IN, TTL, RDLENGTH, RDATA (names in RDATA
 * uncompressed). */
struct rrset {
    const struct rrset *next; /* the other types of the same name */
    uint16_t type;
    uint16_t count; /* records */
    uint32_t ttl_s;
    size_t len; /* bytes of all records */
    const uint8_t *records;
};

/* Addresses that a referral carries (RFC 9471): those of name servers that our zone knows. */
struct zone_glue {
    const struct zone_glue *next; /* the required ones come first */
    const struct zone_node *node; /* its A and AAAA */
    bool required;                /* in-domain: without it the referral leads nowhere */
};

/* One owner name. A name without RRsets and without a service is an empty non-terminal. */
struct zone_node {
    const uint8_t *name; /* wire form, lower case */
    uint8_t name_len;
    bool delegation; /* NS below the apex: answers are referrals */
    int32_t service; /* index of the pool's service, or NO_SERVICE */
    const struct rrset *rrsets;
    const struct zone_glue *glue; /* delegation: for the referral */
    const struct rrset *negative; /* apex: the SOA with the TTL of negative answers (RFC 2308 3) */
};

struct zone;
struct zones; /* all zones of one configuration; counted, see world.h */

/** Zones under construction; also the first reference. */
struct zones *zones_new(void);
void zones_hold(struct zones *z);
void zones_release(struct zones *z);

/* What the configuration says of a zone when no master file does. */
struct zone_server {
    const char *name; /* relative to the apex, or absolute with a final dot */
    const struct addr *addrs;
    size_t n_addrs; /* glue; 0 for names outside the zone */
};

struct zone_spec {
    const char *apex;    /* "s3.example.com" */
    const char *contact; /* "hostmaster.example.com": SOA RNAME as a domain name */
    uint32_t serial;
    uint32_t ttl_s; /* of SOA, NS and glue; also SOA MINIMUM */
    const struct zone_server *servers;
    size_t n_servers;
    FILE *from;         /* read the records from here; `file` then only names it. NULL: open it */
    const char *file;   /* master file with more static records, or NULL */
    uint64_t max_bytes; /* of the file; 0: ZONE_MAX_BYTES */
    size_t max_items;   /* names and records; 0: ZONE_MAX_ITEMS */
};

/* What one zone may have: a file that someone made wrong, or made to harm, ends here. */
enum {
    ZONE_MAX_BYTES = 256 << 20,
    ZONE_MAX_ITEMS = 2500000, /* records and names, those without records between included */
    ZONE_MAX_TYPES = 256,     /* of one name: they are searched one by one */
    ZONE_MAX_ERRORS = 100,    /* that are reported of one file */
};

/** Adds one zone: the file's records (relative to the apex), then SOA, NS and glue from the spec
 * where the file has no SOA or no NS at the apex. A zone may lie inside another: the longest apex
 * holds a name.
 *  @return false if it added to `errs`, in the order of the file, each at file:line, or without a
 *  place if the spec is at fault; such zones may be released, not finished */
NODISCARD bool zones_add(struct zones *z, const struct zone_spec *spec, struct errs *errs);

/** Binds `name` ("s3.example.com", "*.s3.example.com") to a service of the pools; call after the
 * zones were added.
 *  @return false if no zone holds the name or it is delegated, or if it already has A, AAAA or
 * CNAME records (`err` at file:line) or another service */
NODISCARD bool zones_bind(struct zones *z, const char *name, int32_t service, struct err *err);

/** Freezes: builds the lookup tables. No change is allowed afterwards. */
void zones_finish(struct zones *z);

/** Looks at finished zones for what is allowed and still wrong: missing glue is an error; targets
 * without address, names that a delegation or a wildcard surprises, and differing TTLs are warnings
 * ("warning: ..."). Each at file:line, in the order of the file, at most ZONE_MAX_ERRORS a zone.
 *  @return false if it added to `errors` */
NODISCARD bool zones_check(const struct zones *z, struct errs *errors, struct errs *warnings);

enum lookup_kind {
    LOOKUP_REFUSED, /* no zone holds the name */
    LOOKUP_NODE,    /* the name exists, or a wildcard covers it: see node */
    LOOKUP_NXDOMAIN,
    LOOKUP_DELEGATION, /* node is the zone cut */
};

struct lookup {
    enum lookup_kind kind;
    const struct zone_node *node; /* LOOKUP_NODE, LOOKUP_DELEGATION */
    const struct zone_node *apex; /* of the zone; NULL when refused */
    bool wildcard;
};

/** Finds `name` (wire form, lower case, `len` bytes with the root label). No allocation, no lock.
 */
struct lookup zones_find(const struct zones *z, const uint8_t *name, size_t len);

/** The RRset of `type` at a node, or NULL. */
const struct rrset *node_rrset(const struct zone_node *node, uint16_t type);

#endif
