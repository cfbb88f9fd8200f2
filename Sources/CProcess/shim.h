#ifndef THROUGHLINE_CPROCESS_SHIM_H
#define THROUGHLINE_CPROCESS_SHIM_H

#include <linux/sched.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Sets how the calling thread is scheduled, or returns -1 and sets errno (sched_setattr(2), for
/// which older versions of glibc have no function).
///
/// `policy` is SCHED_NORMAL, SCHED_BATCH or SCHED_IDLE; `slice_nanoseconds` is how long it wants to
/// run at a time, 0 for the system's own choice; kernels before 6.12 take no notice of it.
static inline int throughline_schedule_thread(
    uint32_t policy, int32_t nice, uint64_t slice_nanoseconds) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {
        .size = sizeof attributes, .policy = policy, .nice = nice, .runtime = slice_nanoseconds};
    return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/// Has the process's memory kept from other processes of its user and out of dumps of what was in it
/// when it died (PR_SET_DUMPABLE of prctl(2), which takes what Swift cannot give), or returns -1.
static inline int throughline_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

#endif
