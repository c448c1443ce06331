/* test_tcp_pace.c - how long a TCP client may take (RFC 7766 6.2.3, RFC 9210 4.2), with a clock of
 * our own. */
#include "dnsd/serve/tcp_pace.h"
#include "tests/unit/test.h"

enum { NOW = 1000 * 1000 };

static void expect_due(const struct tcp_pace *p, int64_t due_ms, bool slow)
{
    assert_int_equal(tcp_pace_due_ms(p), due_ms);
    assert_int_equal(tcp_pace_slow(p), slow);
}

static void who_asks_nothing_is_idle(void **state)
{
    struct tcp_pace p;
    (void)state;
    tcp_pace_begin(&p, NOW);
    expect_due(&p, NOW + TCP_IDLE_MS, false);
    tcp_pace_begin(&p, NOW + 9999);
    expect_due(&p, NOW + 9999 + TCP_IDLE_MS, false);
}

/* One byte a second: the first byte counts, the later ones buy no time. */
static void a_message_that_began_has_two_seconds(void **state)
{
    struct tcp_pace p;
    (void)state;
    tcp_pace_begin(&p, NOW);
    assert_true(tcp_pace_unfinished(&p, true, NOW + 100));
    expect_due(&p, NOW + 100 + TCP_MESSAGE_MS, true);
    assert_false(tcp_pace_unfinished(&p, true, NOW + 1100));
    assert_false(tcp_pace_unfinished(&p, true, NOW + 2099));
    expect_due(&p, NOW + 100 + TCP_MESSAGE_MS, true);
}

/* Even if it began when the idle time was nearly over. */
static void a_message_that_began_late_has_its_two_seconds_too(void **state)
{
    struct tcp_pace p;
    (void)state;
    tcp_pace_begin(&p, NOW);
    tcp_pace_unfinished(&p, true, NOW + TCP_IDLE_MS - 1);
    expect_due(&p, NOW + TCP_IDLE_MS - 1 + TCP_MESSAGE_MS, true);
}

/* The end of one message and the beginning of the next in one segment. */
static void the_next_message_has_its_own_time(void **state)
{
    struct tcp_pace p;
    (void)state;
    tcp_pace_begin(&p, NOW);
    tcp_pace_unfinished(&p, true, NOW);
    tcp_pace_begin(&p, NOW + 1900);
    assert_true(tcp_pace_unfinished(&p, true, NOW + 1900));
    expect_due(&p, NOW + 1900 + TCP_MESSAGE_MS, true);
}

/* Bytes that wait because the replies do (or that nobody will read) are not the client's delay. */
static void nothing_unfinished_is_idle_again(void **state)
{
    struct tcp_pace p;
    (void)state;
    tcp_pace_begin(&p, NOW);
    tcp_pace_unfinished(&p, true, NOW + 500);
    assert_false(tcp_pace_unfinished(&p, false, NOW + 600));
    expect_due(&p, NOW + TCP_IDLE_MS, false);
    assert_true(tcp_pace_unfinished(&p, true, NOW + 700));
    expect_due(&p, NOW + 700 + TCP_MESSAGE_MS, true);
}

/* Replies that take long to read do not count as idle time; a message that began counts on. */
static void idle_begins_when_the_replies_are_sent(void **state)
{
    struct tcp_pace p;
    (void)state;
    tcp_pace_begin(&p, NOW);
    tcp_pace_replied(&p, NOW + 4000);
    expect_due(&p, NOW + 4000 + TCP_IDLE_MS, false);
    tcp_pace_unfinished(&p, true, NOW + 5000);
    tcp_pace_replied(&p, NOW + 6000);
    expect_due(&p, NOW + 5000 + TCP_MESSAGE_MS, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_asks_nothing_is_idle),
        cmocka_unit_test(a_message_that_began_has_two_seconds),
        cmocka_unit_test(a_message_that_began_late_has_its_two_seconds_too),
        cmocka_unit_test(the_next_message_has_its_own_time),
        cmocka_unit_test(nothing_unfinished_is_idle_again),
        cmocka_unit_test(idle_begins_when_the_replies_are_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
