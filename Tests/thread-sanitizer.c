// Tells Thread Sanitizer what it cannot see: how a Mutex of Swift's Synchronization goes from one thread
// to another where they contend for it. The slow ways lie in a library that is not instrumented, the
// fast ones are compiled into whoever uses them. And it keeps maps small: the sanitizer leaves a process
// 6 TiB of addresses, in which 24 segments have room at 256 GiB each. `tools/test --long tsan` preloads
// this; in programs without the sanitizer it does nothing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

typedef SWIFT void lock_slow(uint32_t, SELF void *);
typedef SWIFT void unlock_slow(SELF void *);

SWIFT void throughline_lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFT void throughline_unlock_slow(SELF void *mutex) __asm__(UNLOCK_SLOW);

SWIFT void throughline_lock_slow(uint32_t thread, SELF void *mutex) {
    ((lock_slow *)dlsym(RTLD_NEXT, LOCK_SLOW))(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void throughline_unlock_slow(SELF void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
    ((unlock_slow *)dlsym(RTLD_NEXT, UNLOCK_SLOW))(mutex);
}

struct MDB_env;
typedef int set_mapsize(struct MDB_env *, size_t);

int mdb_env_set_mapsize(struct MDB_env *environment, size_t bytes) {
    size_t most = (size_t)4 << 30;
    if (__tsan_acquire && bytes > most) bytes = most;
    return ((set_mapsize *)dlsym(RTLD_NEXT, "mdb_env_set_mapsize"))(environment, bytes);
}
