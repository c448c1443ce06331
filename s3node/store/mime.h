/* mime.h - the content type of a file that came without one, by the end of its name. Pure. */
#ifndef S3NODE_STORE_MIME_H
#define S3NODE_STORE_MIME_H

#include "base/span.h"

/* What S3 says of an object that was stored without a type. */
#define MIME_DEFAULT "binary/octet-stream"

/** @return "image/jpeg" for "photos/a.JPG"; MIME_DEFAULT for what is not known */
const char *mime_of(struct span key);

#endif
