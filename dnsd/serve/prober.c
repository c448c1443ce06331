#include "dnsd/serve/prober.h"

#include <event2/event.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dnsd/serve/thread.h"

struct order {
    struct mail mail;
    void *generation;
    size_t n;
    struct prober_target targets[];
};

struct prober {
    struct thread thread;
    struct mailbox *orders, *reports;
    struct event *order_event;
    struct probe_set *set;
    uint32_t *ids; /* of the targets in the set */
    size_t n_ids;
};

static void post(struct prober *p, struct prober_mail mail)
{
    struct prober_mail *copy = NEW(struct prober_mail);
    *copy = mail;
    mailbox_post(p->reports, &copy->mail);
}

static void on_report(void *arg, const struct probe_report *report)
{
    post(arg, (struct prober_mail){.kind = PROBER_REPORT, .report = *report});
}

static void adopt(struct prober *p, const struct order *order)
{
    for (size_t i = 0; i < p->n_ids; i++)
        probe_remove(p->set, p->ids[i]);
    p->ids = mem_resize(p->ids, order->n * sizeof *p->ids);
    p->n_ids = order->n;
    for (size_t i = 0; i < order->n; i++) {
        const struct prober_target *t = &order->targets[i];
        p->ids[i] = t->id;
        probe_add(p->set, t->id, &t->at, t->conf, &t->health);
    }
    post(p, (struct prober_mail){.kind = PROBER_ADOPTED, .generation = order->generation});
}

static void on_orders(evutil_socket_t fd, short what, void *arg)
{
    struct prober *p = arg;
    (void)fd, (void)what;
    for (struct mail *m = mailbox_take(p->orders), *next; m; m = next) {
        next = m->next;
        adopt(p, (const struct order *)(void *)m);
        free(m);
    }
}

static void at_end(struct event_base *base, void *arg)
{
    struct prober *p = arg;
    (void)base;
    probe_free(p->set);
    if (p->order_event)
        event_free(p->order_event);
}

static void prober_free(struct prober *p)
{
    mailbox_free(p->orders);
    free(p->ids);
    free(p);
}

static bool watch_orders(struct prober *p, struct err *err)
{
    p->order_event =
        event_new(p->thread.base, mailbox_fd(p->orders), EV_READ | EV_PERSIST, on_orders, p);
    return (p->order_event && event_add(p->order_event, NULL) == 0) ||
           err_set(err, "cannot set up the probe thread: out of memory");
}

struct prober *prober_start(uint64_t seed, struct mailbox *reports, struct err *err)
{
    struct prober *p = NEW(struct prober);
    p->reports = reports;
    if (!thread_init(&p->thread, "probe", at_end, p, err)) {
        free(p);
        return NULL;
    }
    p->orders = mailbox_new();
    p->set = probe_new(p->thread.base, seed, on_report, p);
    if (watch_orders(p, err) && thread_start(&p->thread, err))
        return p;
    at_end(p->thread.base, p);
    thread_fini(&p->thread);
    prober_free(p);
    return NULL;
}

void prober_set_targets(struct prober *p, const struct prober_target *targets, size_t n,
                        void *generation)
{
    struct order *order = mem_alloc(1, sizeof *order + n * sizeof *targets);
    order->generation = generation;
    order->n = n;
    if (n)
        memcpy(order->targets, targets, n * sizeof *targets);
    mailbox_post(p->orders, &order->mail);
}

void prober_stop(struct prober *p)
{
    thread_stop(&p->thread);
    prober_free(p);
}
