/* zone_test.h - zones for tests: a spec, and master file text through a temporary file. */
#ifndef TESTS_UNIT_DNSD_ZONE_TEST_H
#define TESTS_UNIT_DNSD_ZONE_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dnsd/data/zone.h"

/* Adds a zone `apex` with ns1 (192.0.2.53) and the records of `text` (NULL: none); SOA and NS
 * TTL 3600. */
static inline bool zone_test_add(struct zones *z, const char *apex, const char *text,
                                 struct errs *errs)
{
    struct addr at;
    if (!addr_parse_ip(span_of("192.0.2.53"), &at))
        abort();
    struct zone_server server = {"ns1", &at, 1};
    char path[] = "/tmp/zone_test.XXXXXX";
    struct zone_spec spec = {.apex = apex,
                             .contact = "hostmaster.example.com",
                             .serial = 1,
                             .ttl_s = 3600,
                             .servers = &server,
                             .n_servers = 1};
    if (text) {
        int fd = mkstemp(path);
        FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
        if (!f || fputs(text, f) < 0 || fclose(f) != 0)
            abort();
        spec.file = path;
    }
    bool good = zones_add(z, &spec, errs);
    if (text)
        unlink(path);
    return good;
}

/* The same; a failure prints its errors and ends the test. */
static inline void zone_test_must_add(struct zones *z, const char *apex, const char *text)
{
    struct errs errs = {0};
    if (zone_test_add(z, apex, text, &errs))
        return;
    errs_print(&errs, stderr);
    abort();
}

#endif
