/* stage.h - a pool on a stage: the real steering logic with simulated nodes and a clock that the
 * story moves. No sockets, no threads, no sleeping. Checks run when health_delay says so and end as
 * the node's part demands. */
#ifndef TESTS_SCENARIO_STAGE_H
#define TESTS_SCENARIO_STAGE_H

#include "dnsd/answer/answer.h"
#include "dnsd/generation.h"
#include "dnsd/steer/steer.h"

/* How a node plays its part: what its next checks find. */
struct part {
    enum reason reason; /* REASON_OK, or how the check fails */
    bool silent;        /* the check ends only with its timeout */
    enum word word;
    bool load_given, frozen; /* frozen: the same report again and again */
    double load, limit;
};

struct actor { /* one target */
    struct steer_target target;
    struct part part;
    int64_t next_ms; /* start of the next check, or end of the one under way */
    bool checking;
    int64_t started_ms;
    unsigned checks;
    unsigned changes; /* of its health: for stories about flapping */
    uint64_t boot, seq;
};

struct stage {
    int64_t now_ms;
    struct generation *generation;
    struct steer *steer;
    struct world *world;
    struct status *status;
    struct answer_ctx ctx;
    struct answer_settings settings;
    struct actor *actors;
    size_t n_actors;
    unsigned worlds; /* published so far */
    bool asleep;     /* the prober is suspended: no check starts or ends */
};

/** Sets the stage from the dnsd.yaml at `path`. @return false after printing the errors */
bool stage_open(struct stage *s, const char *path);
void stage_close(struct stage *s);

/** A new configuration, as by a reload. @return false after printing the errors; the old one goes
 * on */
bool stage_reload(struct stage *s, const char *path);

/** Lets time pass: every check that is due by `to_ms` runs. */
void stage_run_until(struct stage *s, int64_t to_ms);

/** Gives every target of the node `name` ("all": of every node; an address: only this one) a part.
 * @return how many there are */
size_t stage_cast(struct stage *s, const char *name, const struct part *part);

/** The node's reports stand still from now on, until it is given another part. */
size_t stage_freeze(struct stage *s, const char *name);

/** The node's process is another one from now on. */
size_t stage_restart(struct stage *s, const char *name);

/* What an idle connection can do. */
enum tripwire { TRIP_FIN, TRIP_RST };

/** The idle probe connections of the node break: the prober looks at once. */
void stage_trip(struct stage *s, const char *name, enum tripwire how);

/** Publishes what changed and makes a fresh picture. */
void stage_publish(struct stage *s, bool changed);

#endif
