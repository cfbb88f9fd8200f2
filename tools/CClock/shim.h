#ifndef THROUGHLINE_CCLOCK_SHIM_H
#define THROUGHLINE_CCLOCK_SHIM_H

#include <sys/timex.h>

/// Returns the state of the machine's clock (TIME_ERROR where nothing sets it), or -1, and how far it
/// is off at most, in microseconds (adjtimex(2), whose header Swift's Glibc module leaves out).
static inline int throughline_clock_state(long *most) {
    struct timex clock = {.modes = 0};
    int state = adjtimex(&clock);
    *most = clock.maxerror;
    return state;
}

#endif
