/* control.h - the Unix socket of dnsctl: one JSON object a line in, one out. On the control
 * thread's loop. Who may change things: root, the daemon's own user, and members of the socket's
 * group; others may look. */
#ifndef DNSD_SERVE_CONTROL_H
#define DNSD_SERVE_CONTROL_H

#include "base/err.h"
#include "base/json.h"

struct event_base;
struct control;

enum { CONTROL_MAX_REQUEST = 64 * 1024, CONTROL_MAX_CLIENTS = 32 };

/** A request waits here for its reply: at once, or later (a reload that a loader thread works on).
 */
struct control_client;

/** Answers one request: calls control_reply now or later, exactly once. `may_change` says who asks.
 */
typedef void control_fn(void *arg, const struct json *request, bool may_change,
                        struct control_client *client);

/** Sends and frees `reply`. A client that has gone meanwhile is no error. */
void control_reply(struct control_client *client, struct json *reply);

/** Listens at `path` with mode 0660 (a dead socket left there is replaced). @return NULL with `err`
 * and the remedy */
struct control *control_start(struct event_base *base, const char *path, control_fn *answer,
                              void *arg, struct err *err);

/** Closes and removes the socket. */
void control_stop(struct control *c);

#endif
