#include "s3node/serve/access.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mailbox.h"
#include "base/mem.h"

enum { WAITING_MAX = 4096 /* lines */ };

struct line {
    struct mail mail;
    size_t len; /* 0: the end */
    char text[];
};

struct access_log {
    struct mailbox *box;
    pthread_t thread;
    atomic_uint waiting;
    _Atomic uint64_t dropped;
};

static void write_all(const char *p, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDERR_FILENO, p, len);
        if (n <= 0)
            return; /* nowhere left to say it */
        p += n;
        len -= (size_t)n;
    }
}

/* Writes and frees the lines. @return false at the end */
static bool write_lines(struct access_log *log, struct mail *mail)
{
    bool more = true;
    for (struct mail *next; mail; mail = next) {
        struct line *line = (struct line *)mail; /* `mail` is its first member */
        next = mail->next;
        write_all(line->text, line->len);
        more = more && line->len > 0;
        atomic_fetch_sub(&log->waiting, 1);
        free(line);
    }
    return more;
}

static void *log_thread(void *arg)
{
    struct access_log *log = arg;
    struct pollfd wait = {.fd = mailbox_fd(log->box), .events = POLLIN};
    do
        poll(&wait, 1, -1);
    while (write_lines(log, mailbox_take(log->box)));
    return NULL;
}

struct access_log *access_new(void)
{
    struct access_log *log = NEW(struct access_log);
    log->box = mailbox_new();
    if (pthread_create(&log->thread, NULL, log_thread, log) != 0)
        abort();
    return log;
}

static void post(struct access_log *log, struct span text)
{
    struct line *line = mem_alloc(1, sizeof *line + text.len);
    line->len = text.len;
    if (text.len > 0)
        memcpy(line->text, text.p, text.len);
    atomic_fetch_add(&log->waiting, 1);
    mailbox_post(log->box, &line->mail);
}

void access_free(struct access_log *log)
{
    if (!log)
        return;
    post(log, (struct span){0});
    pthread_join(log->thread, NULL);
    mailbox_free(log->box);
    free(log);
}

static void set_span(struct json *o, const char *key, struct span value)
{
    char *text = mem_text(value);
    json_set_text(o, key, text);
    free(text);
}

void access_write(struct access_log *log, const struct access_entry *entry)
{
    if (atomic_load(&log->waiting) >= WAITING_MAX) {
        atomic_fetch_add(&log->dropped, 1);
        return;
    }
    char time[CLOCK_TEXT], remote[ADDR_TEXT];
    struct json *o = json_new_object();
    json_set_text(o, "time", clock_rfc3339_ms(entry->wall_ms, time));
    json_set_text(o, "op", entry->op);
    set_span(o, "method", entry->method);
    set_span(o, "bucket", entry->bucket);
    set_span(o, "key", entry->key);
    json_set_int(o, "status", entry->status);
    json_set_text(o, "code", entry->code);
    json_set_int(o, "ms", entry->took_ms);
    json_set_int(o, "received", (int64_t)entry->received);
    json_set_int(o, "bytes", (int64_t)entry->sent);
    json_set_text(o, "remote", addr_text(entry->remote, remote));
    json_set_text(o, "request_id", entry->request_id);
    uint64_t dropped = atomic_exchange(&log->dropped, 0);
    if (dropped > 0)
        json_set_int(o, "dropped_lines", (int64_t)dropped);
    struct buf text = {0};
    json_write(o, JSON_LINE, &text);
    buf_text(&text, "\n");
    post(log, buf_span(&text));
    buf_fini(&text);
    json_free(o);
}
