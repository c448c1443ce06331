#include "s3node/serve/iopool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

struct iopool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct job *first, **end;
    bool ending;
    pthread_t *threads;
    unsigned n_threads;
};

/* The next job; NULL when there will be none any more. */
static struct job *next_job(struct iopool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->first && !p->ending)
        pthread_cond_wait(&p->work, &p->lock);
    struct job *job = p->first;
    if (job) {
        p->first = job->next;
        if (!p->first)
            p->end = &p->first;
    }
    pthread_mutex_unlock(&p->lock);
    return job;
}

static void *pool_thread(void *arg)
{
    struct iopool *p = arg;
    for (struct job *job; (job = next_job(p)) != NULL;) {
        struct mailbox *home = job->home;
        job->run(job);
        if (home)
            mailbox_post(home, &job->mail);
    }
    return NULL;
}

struct iopool *iopool_new(unsigned threads)
{
    struct iopool *p = NEW(struct iopool);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    p->end = &p->first;
    p->threads = NEW_ARRAY(pthread_t, threads);
    while (p->n_threads < threads &&
           pthread_create(&p->threads[p->n_threads], NULL, pool_thread, p) == 0)
        p->n_threads++;
    return p;
}

void iopool_free(struct iopool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->ending = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n_threads; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p->threads);
    free(p);
}

void iopool_post(struct iopool *p, struct job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&p->lock);
    *p->end = job;
    p->end = &job->next;
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->lock);
}

void iopool_collect(struct mailbox *home)
{
    for (struct mail *mail = mailbox_take(home), *next; mail; mail = next) {
        next = mail->next;
        struct job *job = (struct job *)mail; /* `mail` is its first member */
        job->done(job);
    }
}
