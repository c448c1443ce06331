/* match.c - what an operator types for a node. */
#include <fnmatch.h>

#include "dnsd/steer/model.h"

static bool matches(const char *pattern, const struct node *node)
{
    char text[ADDR_TEXT];
    if (fnmatch(pattern, node->conf->name, FNM_CASEFOLD) == 0)
        return true;
    for (size_t i = 0; i < node->conf->n_addrs; i++)
        if (fnmatch(pattern, addr_ip_text(&node->conf->addrs[i], text), 0) == 0)
            return true;
    return false;
}

bool match_node(const char *pattern, const struct pool *pool, const struct node *node)
{
    const char *slash = strchr(pattern, '/');
    if (!slash)
        return matches(pattern, node);
    char name[256];
    size_t len = (size_t)(slash - pattern);
    if (len >= sizeof name)
        return false;
    memcpy(name, pattern, len);
    name[len] = '\0';
    return fnmatch(name, pool->conf->name, FNM_CASEFOLD) == 0 && matches(slash + 1, node);
}
