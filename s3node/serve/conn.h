/* conn.h - one connection as a state machine on its loop. What may block runs as a job in the pool,
 * at most one at a time; while it runs the socket is not read, so a fast sender waits in the
 * kernel's buffers and memory stays constant however large the object.
 *
 * The loop's thread owns a connection; during a job (CONN_WORK) the pool thread does. Buffers exist
 * only while a request is under way. */
#ifndef S3NODE_SERVE_CONN_H
#define S3NODE_SERVE_CONN_H

#include "base/http1.h"
#include "s3node/op/req.h"
#include "s3node/serve/loop.h"
#include "s3node/serve/piece.h"

enum conn_state {
    CONN_HEAD,   /* waits for a request, or for the rest of its head */
    CONN_WORK,   /* a job is in the pool */
    CONN_BODY,   /* gathers the next piece of the body */
    CONN_SEND,   /* sends a reply, or 100 Continue if there is none yet */
    CONN_LINGER, /* has said its last word; reads until the client closes */
    CONN_CLOSED,
};

struct conn {
    struct job job; /* the one job it may have in the pool */
    struct loop *loop;
    struct conn *next, **link; /* in loop->conns */
    struct event *event, *timer;
    int fd;
    struct addr peer;
    enum conn_state state;
    bool readable, writable; /* as far as the kernel has said; edge-triggered */
    bool ended;              /* the peer has sent its last byte */
    bool guest;              /* one too many for our descriptors: pages yes, S3 no, and short */
    bool asked, asked_s3;    /* had a first request; a first S3 request */
    bool in_head;            /* CONN_HEAD: the first byte has come */
    bool yielded;            /* has more to do when the others had their turn */
    enum tally tally;
    int64_t deadline_ms, timer_ms; /* when the state's patience ends; when the timer looks */

    /* The request under way; all NULL or zero between requests. */
    struct kit *kit;
    struct req *req;     /* NULL for pages of the node and for what is no HTTP */
    struct reply *reply; /* of `req`, or `page` */
    struct reply page;
    char page_id[REQUEST_ID_TEXT];
    int64_t began_wall_ms, began_ms;
    struct piece in;   /* received bytes */
    size_t decoded;    /* in.p[0..decoded): bytes of the body for the next job */
    uint64_t received; /* of the body so far */
    bool begun;        /* req_begin was called */
    bool body_done;    /* the last byte of the message was parsed */
    enum s3err broken; /* why the body cannot go on; S3ERR_OK: it can */
    bool close;        /* no further request on this connection */
    bool cut;          /* the file ended before the length that was told */
    struct buf head;   /* status lines and headers to send */
    size_t head_at;
    struct piece file; /* bytes of a file body to send */
    uint64_t sent;     /* bytes of the body */
    size_t lingered;   /* bytes thrown away */
};

/** A connection just accepted; takes the descriptor over. */
void conn_new(struct loop *l, int fd, const struct addr *peer);

/** The node stops listening: a connection between two requests gets a last moment for one. */
void conn_last_call(struct conn *c);

/* ---- between conn.c and the files that do its parts ---- */

enum { CONN_STALL_MS = 60000 /* a peer neither sends nor takes a byte */ };

/** Goes as far as possible without waiting; the connection may be gone afterwards. */
void conn_step(struct conn *c);

/* Each does what can be done without waiting in its state; true if there is more to do. */
bool conn_step_head(struct conn *c);
bool conn_step_body(struct conn *c);
bool conn_step_send(struct conn *c);
bool conn_step_linger(struct conn *c);

/** conn.c: waits for at most `ms` from now in the present state. */
void conn_patience(struct conn *c, int64_t ms);

/** conn.c: enters CONN_HEAD with the patience for an idle connection. */
void conn_await_request(struct conn *c);

/** conn.c: says no more and waits until the client has closed too, so that what it still sends does
 *  not make the kernel throw the reply away. */
void conn_linger(struct conn *c);

/** conn_in.c: parses what was received of the body to in.p[0..decoded). */
void conn_gather(struct conn *c);

/** conn_work.c: hands the connection to the pool for the next step of its request. */
void conn_work(struct conn *c);

/** conn_out.c: 100 Continue. */
void conn_continue(struct conn *c);

/** conn_out.c: sends c->reply, or goes on with it. */
void conn_reply(struct conn *c);

/** conn_page.c: answers a request for a page of the node. */
void conn_page(struct conn *c, const struct http1_head *head, enum health_page page);

/** conn_page.c: answers with an error outside of S3 operations; the connection ends. */
void conn_refuse(struct conn *c, enum s3err e, struct span resource);

/** conn_request.c: the reply is out: counts and logs it, then the next request or the end. */
void conn_request_ended(struct conn *c);

/** conn_request.c: forgets the request; received bytes of the next one stay. */
void conn_clear_request(struct conn *c);

/** conn_request.c: gives back the memory that only a request needs. */
void conn_rest(struct conn *c);

#endif
