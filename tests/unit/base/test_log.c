/* What reaches stderr: the tests hang a pipe on it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "tests/unit/test.h"

enum { TEXT_SIZE = 60 * 1024 /* a pipe holds 64 KiB */ };

struct capture {
    int saved, read_end;
};

static struct capture capture_begin(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct capture c = {dup(STDERR_FILENO), ends[0]};
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    return c;
}

static const char *capture_end(struct capture c)
{
    static char text[TEXT_SIZE];
    size_t len = 0;
    dup2(c.saved, STDERR_FILENO);
    close(c.saved);
    for (ssize_t n;
         len < sizeof text - 1 && (n = read(c.read_end, text + len, sizeof text - 1 - len)) > 0;)
        len += (size_t)n;
    text[len] = '\0';
    close(c.read_end);
    return text;
}

static size_t count_char(const char *text, char c)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

/* Checks `2026-11-20T09:12:03.125Z` and what follows it. */
static void assert_line(const char *line, const char *rest)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ ";
    for (size_t i = 0; i < sizeof shape - 1; i++)
        assert_true(shape[i] == 'd' ? line[i] >= '0' && line[i] <= '9' : line[i] == shape[i]);
    assert_string_equal(line + sizeof shape - 1, rest);
}

static void a_line_has_time_level_and_sentence(void **state)
{
    static const struct {
        enum log_level level;
        const char *rest;
    } rows[] = {
        {LOG_LEVEL_ERROR, "error node b is down\n"},
        {LOG_LEVEL_WARN, "warn  node b is down\n"},
        {LOG_LEVEL_INFO, "info  node b is down\n"},
        {LOG_LEVEL_DEBUG, "debug node b is down\n"},
    };
    (void)state;
    log_set_level(LOG_LEVEL_DEBUG);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct capture c = capture_begin();
        log_write(rows[i].level, "node %s is down", "b");
        assert_line(capture_end(c), rows[i].rest);
    }
    log_set_level(LOG_LEVEL_INFO);
}

static void quieter_levels_are_written(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_WARN);
    struct capture c = capture_begin();
    log_error("1");
    log_warn("2");
    log_info("3");
    log_debug("4");
    assert_int_equal(count_char(capture_end(c), '\n'), 2);
    log_set_level(LOG_LEVEL_INFO);
}

static void nothing_forges_a_line(void **state)
{
    (void)state;
    struct capture c = capture_begin();
    log_info("peer said \"%s\"", "x\"\n2026-11-20T09:12:03.125Z error forged\r\x1b[31m\x7f\t");
    assert_line(capture_end(c),
                "info  peer said \"x\"?2026-11-20T09:12:03.125Z error forged??[31m??\"\n");
}

static void a_long_line_is_cut_and_ends(void **state)
{
    char large[10000];
    (void)state;
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    struct capture c = capture_begin();
    log_info("%s", large);
    const char *text = capture_end(c);
    assert_true(strlen(text) > 1000 && strlen(text) <= 2048);
    assert_int_equal(count_char(text, '\n'), 1);
    assert_int_equal(text[strlen(text) - 1], '\n');
}

static void the_journal_gets_a_prefix_and_no_time(void **state)
{
    struct stat st;
    char stream[64];
    (void)state;
    struct capture c = capture_begin();
    fstat(STDERR_FILENO, &st);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_error("a");
    log_warn("b");
    log_info("c");
    setenv("JOURNAL_STREAM", "1:1", 1); /* inherited, but stderr is something else */
    log_info("d");
    unsetenv("JOURNAL_STREAM");
    const char *text = capture_end(c), *journal = "<3>a\n<4>b\n<6>c\n";
    assert_memory_equal(text, journal, strlen(journal));
    assert_line(text + strlen(journal), "info  d\n");
}

enum { WRITERS = 2, LINES = 15, LINE_LEN = 1000 }; /* a pipe has 16 pages, none holds 4 lines */

static void *write_lines(void *letter)
{
    char text[LINE_LEN + 1];
    memset(text, *(const char *)letter, LINE_LEN);
    text[LINE_LEN] = '\0';
    for (int i = 0; i < LINES; i++)
        log_info("%s", text);
    return NULL;
}

static void lines_of_several_threads_stay_whole(void **state)
{
    static char letters[WRITERS] = {'a', 'b'};
    pthread_t threads[WRITERS];
    int count[WRITERS] = {0};
    (void)state;
    struct capture c = capture_begin();
    for (int i = 0; i < WRITERS; i++)
        pthread_create(&threads[i], NULL, write_lines, &letters[i]);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    const char *text = capture_end(c);
    for (struct span line, rest = span_of(text); span_split(&rest, '\n', &line) && line.len;) {
        char letter = line.p[line.len - 1];
        assert_in_range(letter, 'a', 'b');
        count[letter - 'a']++;
        for (size_t i = 0; i < LINE_LEN; i++)
            assert_int_equal(line.p[line.len - 1 - i], letter);
        assert_int_equal(line.len, LINE_LEN + strlen("2026-11-20T09:12:03.125Z info  "));
    }
    assert_true(count[0] == LINES && count[1] == LINES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_and_sentence),
        cmocka_unit_test(quieter_levels_are_written),
        cmocka_unit_test(nothing_forges_a_line),
        cmocka_unit_test(a_long_line_is_cut_and_ends),
        cmocka_unit_test(the_journal_gets_a_prefix_and_no_time),
        cmocka_unit_test(lines_of_several_threads_stay_whole),
    };
    unsetenv("JOURNAL_STREAM");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
