/* xml.h - writes XML documents into a buffer, escaped. Pure but for the heap.
 *
 * Element content may be any bytes: what XML 1.0 cannot carry (control characters, invalid UTF-8)
 * becomes U+FFFD, so that one odd file name never breaks a listing; clients that must see such keys
 * ask for encoding-type=url (uri_encode). Tags are ours and trusted. */
#ifndef S3NODE_WIRE_XML_H
#define S3NODE_WIRE_XML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/** The XML declaration and a newline; first in every document. */
void xml_begin(struct buf *out);

/** `<tag>`; S3's root elements carry their namespace with xml_open_root. */
void xml_open(struct buf *out, const char *tag);

/** `<tag xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` */
void xml_open_root(struct buf *out, const char *tag);
void xml_close(struct buf *out, const char *tag);

/** `<tag>escaped text</tag>` */
void xml_text(struct buf *out, const char *tag, struct span text);
void xml_cstr(struct buf *out, const char *tag, const char *text);
void xml_uint(struct buf *out, const char *tag, uint64_t value);
void xml_bool(struct buf *out, const char *tag, bool value);

/** The escaped text alone. */
void xml_escape(struct buf *out, struct span text);

#endif
