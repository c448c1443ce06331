#include "dnsd/wire/rrtype.h"

#include <stdio.h>

static const struct row {
    uint16_t type;
    enum rrtype_use use;
    const char *name;
} rows[] = {
    /* clang-format off */
    {1,   USE_DATA,    "A"},
    {2,   USE_DATA,    "NS"},
    {5,   USE_DATA,    "CNAME"},
    {6,   USE_DATA,    "SOA"},
    {12,  USE_DATA,    "PTR"},
    {13,  USE_DATA,    "HINFO"},
    {15,  USE_DATA,    "MX"},
    {16,  USE_DATA,    "TXT"},
    {28,  USE_DATA,    "AAAA"},
    {29,  USE_DATA,    "LOC"},
    {33,  USE_DATA,    "SRV"},
    {35,  USE_DATA,    "NAPTR"},
    {39,  USE_DATA,    "DNAME"},
    {41,  USE_INVALID, "OPT"},
    {43,  USE_DATA,    "DS"},
    {44,  USE_DATA,    "SSHFP"},
    {46,  USE_DATA,    "RRSIG"},
    {47,  USE_DATA,    "NSEC"},
    {48,  USE_DATA,    "DNSKEY"},
    {50,  USE_DATA,    "NSEC3"},
    {51,  USE_DATA,    "NSEC3PARAM"},
    {52,  USE_DATA,    "TLSA"},
    {59,  USE_DATA,    "CDS"},
    {60,  USE_DATA,    "CDNSKEY"},
    {64,  USE_DATA,    "SVCB"},
    {65,  USE_DATA,    "HTTPS"},
    {99,  USE_DATA,    "SPF"},
    {128, USE_INVALID, "NXNAME"},
    {249, USE_LACKED,  "TKEY"},
    {250, USE_INVALID, "TSIG"},
    {251, USE_LACKED,  "IXFR"},
    {252, USE_LACKED,  "AXFR"},
    {253, USE_LACKED,  "MAILB"},
    {254, USE_LACKED,  "MAILA"},
    {255, USE_ANY,     "ANY"},
    {256, USE_DATA,    "URI"},
    {257, USE_DATA,    "CAA"},
    /* clang-format on */
};

static const struct row *row_find(uint16_t type)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].type == type)
            return &rows[i];
    return NULL;
}

enum rrtype_use rrtype_use(uint16_t type)
{
    if (type == TYPE_A || type == TYPE_AAAA) /* nearly every question */
        return USE_DATA;
    const struct row *row = row_find(type);
    if (row)
        return row->use;
    return type >= 128 && type <= 255 ? USE_LACKED : USE_DATA;
}

const char *rrtype_to_text(uint16_t type, char out[RRTYPE_TEXT])
{
    const struct row *row = row_find(type);
    if (row)
        return row->name;
    snprintf(out, RRTYPE_TEXT, "TYPE%u", type);
    return out;
}

/* Reads a decimal number of at most 16 bits that fills the whole text. */
static bool number_from_text(struct span text, uint16_t *number)
{
    uint32_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        value = value * 10 + (uint32_t)(text.p[i] - '0');
        if (value > UINT16_MAX)
            return false;
    }
    *number = (uint16_t)value;
    return text.len > 0;
}

bool rrtype_from_text(struct span text, uint16_t *type)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (span_is_nocase(text, rows[i].name)) {
            *type = rows[i].type;
            return true;
        }
    }
    return text.len > 4 && span_is_nocase(span_first(text, 4), "TYPE") &&
           number_from_text(span_skip(text, 4), type);
}
