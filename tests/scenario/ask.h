/* ask.h - asks the stage a DNS question through answer_packet and reads the reply. */
#ifndef TESTS_SCENARIO_ASK_H
#define TESTS_SCENARIO_ASK_H

#include "stage.h"

enum { REPLY_MAX = 128 };

struct reply {
    int rcode;
    bool truncated;
    uint32_t ttl_s;               /* of the first record */
    struct addr addrs[REPLY_MAX]; /* of A and AAAA records, in order */
    size_t n_addrs;
    char text[16 * 1024]; /* of TXT records, one a line */
};

/** Asks for `name` and `type` ("A", "AAAA", "TXT", "SOA") by UDP from 127.0.0.1.
 *  @return false if there is no such type, or the reply does not parse */
bool ask(struct stage *s, const char *name, const char *type, struct reply *out);

/** "NOERROR", "NXDOMAIN", ... */
const char *rcode_text(int rcode);

#endif
