/* xml_read.h - reads the XML documents that clients send, into structs in the caller's arena.
 * Pure but for the heap; the only user of libxml2. No network, no external or internal entities, no
 * DTD; bounded in size, depth and number of items. Element namespaces are not looked at (clients
 * leave them out). S3 API Reference: CompleteMultipartUpload, CreateBucket, DeleteObjects. */
#ifndef S3NODE_WIRE_XML_READ_H
#define S3NODE_WIRE_XML_READ_H

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "s3node/wire/s3err.h"

enum {
    XML_READ_MAX = 4 * 1024 * 1024, /* bytes of one document: 1000 keys of 1024 bytes, escaped */
    XML_READ_MAX_PARTS = 10000,
    XML_READ_MAX_DELETES = 1000,
};

struct xml_part {
    uint32_t number;  /* 0 if missing or not a number */
    struct span etag; /* without the quotes */
};

struct xml_complete {
    struct xml_part *parts; /* in the order of the document */
    size_t n;
};

struct xml_delete_item {
    struct span key;
    struct span version_id; /* p == NULL: not given */
};

struct xml_delete {
    struct xml_delete_item *items;
    size_t n;
    bool quiet;
};

/* Each returns S3ERR_OK, S3ERR_MALFORMED_XML (not well formed, another document, no or too many
 * items) or S3ERR_MESSAGE_TOO_LONG (over XML_READ_MAX). */

enum s3err xml_read_complete(struct span body, struct arena *arena, struct xml_complete *out);
enum s3err xml_read_delete(struct span body, struct arena *arena, struct xml_delete *out);

/** `*location` has p == NULL if the body is empty or names no LocationConstraint. */
enum s3err xml_read_create_bucket(struct span body, struct arena *arena, struct span *location);

#endif
