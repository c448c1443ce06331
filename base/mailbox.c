#include "base/mailbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct mailbox {
    pthread_mutex_t lock;
    struct mail *first, **end;
    int fd;
};

struct mailbox *mailbox_new(void)
{
    struct mailbox *m = NEW(struct mailbox);
    pthread_mutex_init(&m->lock, NULL);
    m->end = &m->first;
    m->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (m->fd < 0) {
        perror("eventfd");
        abort();
    }
    return m;
}

void mailbox_free(struct mailbox *m)
{
    if (!m)
        return;
    for (struct mail *mail = m->first, *next; mail; mail = next) {
        next = mail->next;
        free(mail);
    }
    close(m->fd);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

void mailbox_post(struct mailbox *m, struct mail *mail)
{
    mail->next = NULL;
    pthread_mutex_lock(&m->lock);
    *m->end = mail;
    m->end = &mail->next;
    pthread_mutex_unlock(&m->lock);
    uint64_t one = 1;
    while (write(m->fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

struct mail *mailbox_take(struct mailbox *m)
{
    uint64_t count;
    while (read(m->fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&m->lock);
    struct mail *all = m->first;
    m->first = NULL;
    m->end = &m->first;
    pthread_mutex_unlock(&m->lock);
    return all;
}

int mailbox_fd(const struct mailbox *m)
{
    return m->fd;
}
