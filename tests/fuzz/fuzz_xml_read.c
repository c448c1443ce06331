/* fuzz_xml_read.c - the XML documents of clients. */
#include <assert.h>

#include "s3node/wire/xml_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct span body = span_bytes(data, size), location;
    struct xml_complete complete;
    struct xml_delete delete;
    if (xml_read_complete(body, arena, &complete) == S3ERR_OK)
        assert(complete.n >= 1 && complete.n <= XML_READ_MAX_PARTS);
    if (xml_read_delete(body, arena, &delete) == S3ERR_OK)
        assert(delete.n >= 1 && delete.items[0].key.len > 0);
    enum s3err e = xml_read_create_bucket(body, arena, &location);
    assert(e == S3ERR_OK || e == S3ERR_MALFORMED_XML || e == S3ERR_MESSAGE_TOO_LONG);
    arena_free(arena);
    return 0;
}
