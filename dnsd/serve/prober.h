/* prober.h - the probe thread: runs a probe_set and nothing else, so that no slow thing ever delays
 * a check. Orders go in and reports come out through mailboxes. */
#ifndef DNSD_SERVE_PROBER_H
#define DNSD_SERVE_PROBER_H

#include "base/err.h"
#include "base/mailbox.h"
#include "probe/probe.h"

/* What the prober posts to its owner. */
enum prober_mail_kind { PROBER_REPORT, PROBER_ADOPTED };

struct prober_mail {
    struct mail mail;
    enum prober_mail_kind kind;
    struct probe_report report; /* PROBER_REPORT */
    void *generation; /* PROBER_ADOPTED: targets of earlier generations are gone, their conf may be
                         freed */
};

struct prober_target {
    uint32_t id;
    struct addr at;
    const struct probe_conf *conf; /* borrowed until a later generation is adopted */
    struct health health;
};

struct prober;

/** Starts the thread; reports are posted to `reports`. @return NULL with `err` */
struct prober *prober_start(uint64_t seed, struct mailbox *reports, struct err *err);

/** Replaces all targets by `n` others (copied). `generation` comes back in PROBER_ADOPTED once that
 * is done. */
void prober_set_targets(struct prober *p, const struct prober_target *targets, size_t n,
                        void *generation);

void prober_stop(struct prober *p);

#endif
