#include "s3node/store/mime.h"

const char *mime_of(struct span key)
{
    static const struct {
        const char *extension, *type;
    } rows[] = {
        {"avif", "image/avif"},
        {"bz2", "application/x-bzip2"},
        {"css", "text/css"},
        {"csv", "text/csv"},
        {"gif", "image/gif"},
        {"gz", "application/gzip"},
        {"htm", "text/html"},
        {"html", "text/html"},
        {"ico", "image/vnd.microsoft.icon"},
        {"jpeg", "image/jpeg"},
        {"jpg", "image/jpeg"},
        {"js", "text/javascript"},
        {"json", "application/json"},
        {"md", "text/markdown"},
        {"mjs", "text/javascript"},
        {"mp3", "audio/mpeg"},
        {"mp4", "video/mp4"},
        {"ogg", "audio/ogg"},
        {"parquet", "application/vnd.apache.parquet"},
        {"pdf", "application/pdf"},
        {"png", "image/png"},
        {"svg", "image/svg+xml"},
        {"tar", "application/x-tar"},
        {"tif", "image/tiff"},
        {"tiff", "image/tiff"},
        {"ttf", "font/ttf"},
        {"txt", "text/plain"},
        {"wasm", "application/wasm"},
        {"wav", "audio/wav"},
        {"webm", "video/webm"},
        {"webp", "image/webp"},
        {"woff", "font/woff"},
        {"woff2", "font/woff2"},
        {"xml", "application/xml"},
        {"yaml", "application/yaml"},
        {"yml", "application/yaml"},
        {"zip", "application/zip"},
        {"zst", "application/zstd"},
    };
    const char *slash = key.len ? memrchr(key.p, '/', key.len) : NULL;
    struct span name = slash ? span_skip(key, (size_t)(slash - key.p) + 1) : key;
    const char *dot = name.len ? memrchr(name.p, '.', name.len) : NULL;
    struct span extension = dot ? span_skip(name, (size_t)(dot - name.p) + 1) : (struct span){0};
    for (size_t i = 0; dot && i < COUNT(rows); i++)
        if (span_is_nocase(extension, rows[i].extension))
            return rows[i].type;
    return MIME_DEFAULT;
}
