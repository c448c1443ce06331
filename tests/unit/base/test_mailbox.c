#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mailbox.h"
#include "base/mem.h"
#include "tests/unit/test.h"

struct letter {
    struct mail mail;
    int from, number;
};

static void post(struct mailbox *m, int from, int number)
{
    struct letter *l = NEW(struct letter);
    l->from = from;
    l->number = number;
    mailbox_post(m, &l->mail);
}

/* True if the taker's loop would wake within `timeout_ms`. */
static bool wakes(const struct mailbox *m, int timeout_ms)
{
    struct pollfd p = {.fd = mailbox_fd(m), .events = POLLIN};
    return poll(&p, 1, timeout_ms) == 1;
}

static void mail_comes_in_the_order_posted(void **state)
{
    struct mailbox *m = mailbox_new();
    int expected = 0;
    (void)state;
    for (int i = 0; i < 3; i++)
        post(m, 0, i);
    for (struct mail *mail = mailbox_take(m), *next; mail; mail = next) {
        next = mail->next;
        assert_int_equal(((struct letter *)mail)->number, expected++);
        free(mail);
    }
    assert_int_equal(expected, 3);
    assert_null(mailbox_take(m));
    mailbox_free(m);
}

static void the_descriptor_is_readable_while_mail_waits(void **state)
{
    struct mailbox *m = mailbox_new();
    (void)state;
    assert_false(wakes(m, 0));
    post(m, 0, 0);
    assert_true(wakes(m, 0));
    free(mailbox_take(m));
    assert_false(wakes(m, 0));
    post(m, 0, 1);
    assert_true(wakes(m, 0));
    mailbox_free(m); /* and frees what nobody took: LeakSanitizer looks */
}

enum { POSTERS = 3, LETTERS = 2000 };

struct poster {
    struct mailbox *m;
    int from;
};

static void *post_all(void *arg)
{
    struct poster *p = arg;
    for (int i = 0; i < LETTERS; i++)
        post(p->m, p->from, i);
    return NULL;
}

static int take_all(struct mailbox *m, int expected[POSTERS])
{
    int n = 0;
    for (struct mail *mail = mailbox_take(m), *next; mail; mail = next, n++) {
        struct letter *l = (struct letter *)mail;
        next = mail->next;
        assert_int_equal(l->number, expected[l->from]++);
        free(mail);
    }
    return n;
}

static void no_letter_of_several_threads_is_lost(void **state)
{
    struct mailbox *m = mailbox_new();
    struct poster posters[POSTERS];
    pthread_t threads[POSTERS];
    int expected[POSTERS] = {0};
    (void)state;
    for (int i = 0; i < POSTERS; i++) {
        posters[i] = (struct poster){m, i};
        pthread_create(&threads[i], NULL, post_all, &posters[i]);
    }
    for (int left = POSTERS * LETTERS; left > 0; left -= take_all(m, expected))
        assert_true(wakes(m, 10000)); /* a lost wake-up would end here */
    for (int i = 0; i < POSTERS; i++)
        pthread_join(threads[i], NULL);
    mailbox_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_comes_in_the_order_posted),
        cmocka_unit_test(the_descriptor_is_readable_while_mail_waits),
        cmocka_unit_test(no_letter_of_several_threads_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
