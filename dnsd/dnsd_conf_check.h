/* dnsd_conf_check.h - what belongs together in dnsd.yaml, once every value is read; fills in what
 * depends on other values. Set-up only. */
#ifndef DNSD_DNSD_CONF_CHECK_H
#define DNSD_DNSD_CONF_CHECK_H

#include "dnsd/dnsd_conf.h"

/** `name` is the path of the file, for errors and relative paths. Says nothing about values that
 * are already reported.
 *  @return false with entries in `errs`, which is put into file order */
NODISCARD bool dnsd_conf_check(const char *name, struct dnsd_conf *conf, struct arena *arena,
                               struct errs *errs);

#endif
