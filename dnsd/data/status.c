#include "dnsd/data/status.h"

const char *const node_state_words[NODE_STATES] = {
    [NODE_MAINT] = "maint",
    [NODE_DRAIN] = "drain",
    [NODE_DOWN] = "down",
    [NODE_GOING_UP] = "going_up",
    [NODE_UNCHECKED] = "unchecked",
    [NODE_FULL] = "full",
    [NODE_GOING_DOWN] = "going_down",
    [NODE_UP] = "up",
};

void status_free(void *status)
{
    struct status *s = status;
    if (s)
        arena_free(s->arena); /* the status itself lives in it */
}
