/* main.c - plays stories: `scenario FILE...` prints `ok FILE: TITLE` or `FAIL FILE: why` for each.
 */
#include <stddef.h>
#include <stdio.h>

#include "base/conf.h"
#include "steps.h"

struct story {
    const char *title, *config, *reload;
    struct conf_list steps; /* of const char * */
};

static const struct conf_field story_rows[] = {
    {.kind = CONF_TEXT,
     .key = "story",
     .offset = offsetof(struct story, title),
     .dflt = CONF_REQUIRED,
     .help = "what the story shows, in one sentence"},
    {.kind = CONF_TEXT,
     .key = "config",
     .offset = offsetof(struct story, config),
     .dflt = CONF_REQUIRED,
     .help = "path of a dnsd.yaml, beside the story"},
    {.kind = CONF_TEXT,
     .key = "reload",
     .offset = offsetof(struct story, reload),
     .help = "path of the dnsd.yaml that `reload` adopts"},
    {.kind = CONF_LIST,
     .key = "steps",
     .offset = offsetof(struct story, steps),
     .elem = CONF_TEXT,
     .elem_size = sizeof(const char *),
     .dflt = CONF_REQUIRED,
     .help = "`at TIME SENTENCE` each, in order of time"},
    {.kind = CONF_END},
};

/* A path in a story is relative to the story. */
static const char *beside(struct arena *arena, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    return slash && path ? arena_printf(arena, "%.*s/%s", (int)(slash - file), file, path) : path;
}

static bool play_story(const char *file, const struct story *story, struct arena *arena)
{
    struct play p = {.reload = beside(arena, file, story->reload)};
    const char *const *steps = story->steps.items;
    bool good = stage_open(&p.stage, beside(arena, file, story->config));
    if (!good)
        printf("FAIL %s: its configuration is wrong\n", file);
    for (size_t i = 0; good && i < story->steps.n; i++) {
        good = steps_play(&p, steps[i]);
        if (!good)
            printf("FAIL %s: step %zu: %s: %s\n", file, i + 1, steps[i], p.why);
    }
    if (good)
        printf("ok %s: %s\n", file, story->title);
    stage_close(&p.stage);
    return good;
}

static bool play_file(const char *file)
{
    struct story story;
    struct errs errs = {0};
    struct arena *arena = arena_new();
    bool good = conf_load(file, story_rows, &story, arena, &errs);
    errs_print(&errs, stdout);
    errs_fini(&errs);
    if (good)
        good = play_story(file, &story, arena);
    else
        printf("FAIL %s: it cannot be read\n", file);
    arena_free(arena);
    return good;
}

int main(int argc, char **argv)
{
    bool good = true;
    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        printf("scenario FILE...\n\nA story is a YAML file with `story`, `config`, `reload` and "
               "`steps`. A step is one of\n\n");
        steps_list();
        return argc < 2 ? 2 : 0;
    }
    for (int i = 1; i < argc; i++)
        good &= play_file(argv[i]);
    return good ? 0 : 1;
}
