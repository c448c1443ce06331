/* s3name.h - what a bucket and a key may be called, and continuation tokens. Pure.
 * S3 User Guide, "General purpose bucket naming rules" and "Naming Amazon S3 objects". */
#ifndef S3NODE_WIRE_S3NAME_H
#define S3NODE_WIRE_S3NAME_H

#include "base/buf.h"
#include "base/span.h"
#include "s3node/wire/s3err.h"

enum { S3NAME_BUCKET_MAX = 63, S3NAME_KEY_MAX = 1024 };

/** 3..63 of a-z 0-9 - . , a letter or digit at both ends, no `..`, not like an IPv4 address, none
 *  of the reserved prefixes (xn--, sthree-, amzn-s3-demo-) and suffixes (-s3alias, --ol-s3, .mrap,
 *  --x-s3, --table-s3). @return S3ERR_OK or S3ERR_INVALID_BUCKET_NAME */
enum s3err s3name_check_bucket(struct span name);

/** 1..1024 bytes of UTF-8 without NUL.
 *  @return S3ERR_OK, S3ERR_KEY_TOO_LONG, or S3ERR_INVALID_URI for an empty key or wrong bytes */
enum s3err s3name_check_key(struct span key);

/** Appends the opaque continuation token that stands for `after`, valid on every node. */
void s3name_token(struct span after, struct buf *out);

/** The reverse, appended to `out`. @return S3ERR_OK or S3ERR_INVALID_TOKEN */
enum s3err s3name_untoken(struct span token, struct buf *out);

#endif
