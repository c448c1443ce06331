/* conf_yaml.h - YAML text as a tree of places and values; what conf.c reads rows from.
 * Set-up only. The tree and its texts live in the arena given. Anchors, aliases and tags are
 * refused, so that the tree is never larger than the text. */
#ifndef BASE_CONF_YAML_H
#define BASE_CONF_YAML_H

#include "base/conf.h"

enum conf_shape { SHAPE_SCALAR, SHAPE_LIST, SHAPE_MAP };

struct conf_node {
    enum conf_shape shape;
    struct conf_at at;
    struct span text; /* SHAPE_SCALAR; a NUL stands behind it and none inside */
    bool plain;       /* SHAPE_SCALAR: written without quotes */

    const struct conf_node *key;     /* of a value in a map: always a scalar */
    const struct conf_node *earlier; /* of a value in a map: the first one under the same key */
    struct conf_node *first, *next;  /* children, siblings */
    size_t n;                        /* children */
};

/** True for a value that is not there: `key:` and nothing behind it. */
static inline bool conf_node_empty(const struct conf_node *node)
{
    return node->shape == SHAPE_SCALAR && node->plain && node->text.len == 0;
}

/** Reads one document; no document at all is an empty value at 1:1.
 *  @return NULL with `err` at the first thing that is not YAML or over the bounds of conf.h */
const struct conf_node *conf_yaml_read(struct span text, const char *name, struct arena *arena,
                                       struct err *err);

#endif
