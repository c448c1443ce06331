/* steps.h - the language of the stories: one table of sentences. */
#ifndef TESTS_SCENARIO_STEPS_H
#define TESTS_SCENARIO_STEPS_H

#include "stage.h"

struct play {
    struct stage stage;
    const char *reload; /* path of the story's second configuration, or NULL */
    char why[512];      /* why a step failed */
};

/** Plays `at TIME SENTENCE`. @return false with p->why filled if it cannot be played or an
 * expectation fails */
bool steps_play(struct play *p, const char *line);

/** Prints every sentence of the language, for `scenario --help`. */
void steps_list(void);

#endif
