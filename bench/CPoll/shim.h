#include <poll.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// ppoll(2), which glibc's headers show only with _GNU_SOURCE.
static inline long bench_ppoll(
    struct pollfd *sockets, unsigned long count, const struct timespec *timeout) {
    return syscall(SYS_ppoll, sockets, count, timeout, NULL, 0);
}
