#include "base/metrics.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

/* Text with a backslash before the characters of `which` and `\n` for a line end. */
static void add_escaped(struct buf *out, const char *text, const char *which)
{
    for (; *text; text++) {
        if (*text == '\n')
            buf_text(out, "\\n");
        else
            buf_printf(out, strchr(which, *text) ? "\\%c" : "%c", *text);
    }
}

void metrics_family(const char *name, enum metric_type type, const char *help, struct buf *out)
{
    static const char *const words[] = {
        [METRIC_COUNTER] = "counter",
        [METRIC_GAUGE] = "gauge",
    };
    buf_printf(out, "# HELP %s ", name);
    add_escaped(out, help, "\\");
    buf_printf(out, "\n# TYPE %s %s\n", name, words[type]);
}

static uint64_t sum_at(counter *const *sets, size_t n_sets, size_t i)
{
    uint64_t sum = 0;
    for (size_t s = 0; s < n_sets; s++)
        sum += counter_get(&sets[s][i]);
    return sum;
}

void metrics_write(const struct metric *rows, size_t n_rows, counter *const *sets, size_t n_sets,
                   struct buf *out)
{
    for (size_t i = 0; i < n_rows; i++) {
        const struct metric *m = &rows[i];
        if (i == 0 || strcmp(m->name, rows[i - 1].name) != 0)
            metrics_family(m->name, m->type, m->help, out);
        buf_text(out, m->name);
        if (m->labels)
            buf_printf(out, "{%s}", m->labels);
        buf_printf(out, " %" PRIu64 "\n", sum_at(sets, n_sets, i));
    }
}

static void add_value(struct buf *out, double value)
{
    const double exact = 9007199254740992.0; /* 2^53: below, a whole number is one integer only */
    if (isnan(value))
        buf_text(out, "NaN");
    else if (isinf(value))
        buf_text(out, value > 0 ? "+Inf" : "-Inf");
    else if (value > -exact && value < exact && value == (double)(int64_t)value)
        buf_printf(out, "%" PRId64, (int64_t)value);
    else
        buf_printf(out, "%.15g", value);
}

void metrics_sample(struct buf *out, const char *name, double value, ...)
{
    va_list labels;
    const char *key, *before = "{";
    buf_text(out, name);
    va_start(labels, value);
    while ((key = va_arg(labels, const char *))) {
        buf_printf(out, "%s%s=\"", before, key);
        add_escaped(out, va_arg(labels, const char *), "\\\"");
        buf_text(out, "\"");
        before = ",";
    }
    va_end(labels);
    buf_text(out, *before == ',' ? "} " : " ");
    add_value(out, value);
    buf_text(out, "\n");
}
