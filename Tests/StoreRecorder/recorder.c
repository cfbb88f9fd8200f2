// Preloaded into a daemon: records, in order, what it does to the files of its store and what it
// answers, and makes one call fail where told.
//
//   THROUGHLINE_RECORDER_ROOT   the folder in which `store` lies
//   THROUGHLINE_RECORDER_LOG    the file that the recording is written to
//   THROUGHLINE_RECORDER_FAULT  kind:place:n:how, as in write:log:17:5
//
// kind is write, sync, truncate, mmap, open or rename; place is a path below the root that the
// file's path begins with; n counts such calls from 1; how is an errno, or `short` for writes, or
// several of them joined by `+` for that call and those after it.
//
// The real functions are reached by syscall(2): nothing is looked up by name, so that it does not
// matter who calls first. Beginning and end of a write are two entries, written before and after the
// call; whatever is between them was under way meanwhile, also on other threads. An answer is
// noted before it is written: what it acknowledges must be durable by then. The calls that change
// folders are made under the lock, so that their order is the recorded one.

#define _GNU_SOURCE
#include "StoreRecorder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { descriptors_max = 4096, path_max = 512 };

struct known {
    bool is_store;
    uint32_t flags;
    uint64_t file;
    char path[path_max];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct known table[descriptors_max];
static char root[path_max];
static size_t root_bytes;
static int output = -1;
static uint64_t last_serial;
enum { outcomes_max = 4, outcome_short = -1 };
static char fault_kind[16], fault_place[path_max], fault_how[32];
static long fault_number;
static int fault_outcomes[outcomes_max], fault_outcome_count;
static atomic_long fault_count;

static void write_fully(const void *bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        long done = syscall(SYS_write, output, next, count);
        if (done <= 0) {
            static const char message[] = "recorder: the recording cannot be written\n";
            (void)!syscall(SYS_write, 2, message, sizeof message - 1);
            _exit(70);
        }
        next += done;
        count -= (size_t)done;
    }
}

// Writes an entry; the lock is held.
static void note(struct recorder_entry entry, const char *text, const struct iovec *parts,
                 int count) {
    if (output < 0) return;
    size_t data = 0;
    for (int i = 0; i < count; i++) data += parts[i].iov_len;
    entry.text_bytes = text ? (uint32_t)strlen(text) : 0;
    entry.data_bytes = (uint32_t)data;
    write_fully(&entry, sizeof entry);
    if (text) write_fully(text, entry.text_bytes);
    for (int i = 0; i < count; i++) write_fully(parts[i].iov_base, parts[i].iov_len);
}

__attribute__((constructor)) static void begin(void) {
    const char *place = getenv("THROUGHLINE_RECORDER_ROOT");
    const char *path = getenv("THROUGHLINE_RECORDER_LOG");
    if (!place || !path || strlen(place) >= path_max) return;
    strcpy(root, place);
    root_bytes = strlen(root);
    long opened = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                          0600);
    // Out of the way of the numbers that the process gets.
    output = opened < 0 ? -1 : (int)syscall(SYS_fcntl, (int)opened, F_DUPFD_CLOEXEC, 3000);
    if (opened >= 0) syscall(SYS_close, (int)opened);
    const char *fault = getenv("THROUGHLINE_RECORDER_FAULT");
    if (!fault) return;
    bool is_read = sscanf(fault, "%15[^:]:%511[^:]:%ld:%31s", fault_kind, fault_place,
                          &fault_number, fault_how) == 4;
    char *rest = NULL;
    for (char *how = strtok_r(fault_how, "+", &rest); is_read && how;
         how = strtok_r(NULL, "+", &rest)) {
        is_read = fault_outcome_count < outcomes_max;
        if (is_read)
            fault_outcomes[fault_outcome_count++] =
                strcmp(how, "short") == 0 ? outcome_short : atoi(how);
    }
    if (!is_read) {
        fputs("recorder: THROUGHLINE_RECORDER_FAULT is not kind:place:n:how\n", stderr);
        _exit(70);
    }
}

// The path below the root of what is recorded, or null: the root itself and the store.
static const char *below(const char *path) {
    if (root_bytes == 0 || !path || strncmp(path, root, root_bytes) != 0) return NULL;
    const char *rest = path + root_bytes;
    if (*rest == 0) return rest;
    if (*rest != '/' || strncmp(rest + 1, "store", 5) != 0) return NULL;
    return rest[6] == 0 || rest[6] == '/' ? rest + 1 : NULL;
}

static struct known *find(int descriptor) {
    if (descriptor < 0 || descriptor >= descriptors_max) return NULL;
    return table[descriptor].is_store ? &table[descriptor] : NULL;
}

// Returns 0 when this call shall not fail, else how: an errno, which is set, or outcome_short.
static int failure_of(const char *kind, const char *path, uint32_t flags) {
    if (fault_number == 0 || strcmp(kind, fault_kind) != 0) return 0;
    if (!path || strncmp(path, fault_place, strlen(fault_place)) != 0) return 0;
    long index = atomic_fetch_add(&fault_count, 1) + 1 - fault_number;
    if (index < 0 || index >= fault_outcome_count) return 0;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&lock);
    note((struct recorder_entry){.kind = 'X',
                                 .flags = flags,
                                 .number = now.tv_sec * 1000000000 + now.tv_nsec},
         path, NULL, 0);
    pthread_mutex_unlock(&lock);
    if (fault_outcomes[index] > 0) errno = fault_outcomes[index];
    return fault_outcomes[index];
}

static int open_recorded(int folder, const char *path, int flags, mode_t mode) {
    const char *name = below(path);
    if (!name) return (int)syscall(SYS_openat, folder, path, flags, mode);
    if (failure_of("open", name, 0)) return -1;
    pthread_mutex_lock(&lock);
    bool existed = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
    int result = (int)syscall(SYS_openat, folder, path, flags, mode);
    int reason = errno;
    struct stat status;
    if (result >= 0 && result < descriptors_max && strlen(name) < path_max &&
        fstat(result, &status) == 0) {
        struct known *known = &table[result];
        known->is_store = true;
        known->file = status.st_ino;
        known->flags = (existed ? 0 : RECORDER_CREATED) |
                       (flags & O_TRUNC ? RECORDER_EMPTIED : 0) |
                       (flags & O_DSYNC ? RECORDER_DURABLE : 0) |
                       (S_ISDIR(status.st_mode) ? RECORDER_FOLDER : 0);
        strcpy(known->path, name);
        note((struct recorder_entry){
                 .kind = 'O', .flags = known->flags, .file = known->file},
             name, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = reason;
    return result;
}

static mode_t mode_of(int flags, va_list arguments) {
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(arguments, int) : 0;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_recorded(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_recorded(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_recorded(folder, path, flags, mode);
}

int close(int descriptor) {
    struct known *known = find(descriptor);
    if (known) known->is_store = false;
    return (int)syscall(SYS_close, descriptor);
}

static uint64_t note_begin(uint32_t kind, const struct known *known, int64_t number,
                           const struct iovec *parts, int count) {
    pthread_mutex_lock(&lock);
    uint64_t serial = ++last_serial;
    note((struct recorder_entry){.kind = kind,
                                 .flags = known->flags,
                                 .serial = serial,
                                 .file = known->file,
                                 .number = number},
         NULL, parts, count);
    pthread_mutex_unlock(&lock);
    return serial;
}

static long note_end(uint64_t serial, long result) {
    int reason = errno;
    pthread_mutex_lock(&lock);
    note((struct recorder_entry){.kind = 'E', .serial = serial, .number = result}, NULL, NULL,
         0);
    pthread_mutex_unlock(&lock);
    errno = reason;
    return result;
}

static void note_answer(int descriptor, const struct iovec *parts, int count) {
    struct stat status;
    int reason = errno;
    if (output >= 0 && fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode)) {
        pthread_mutex_lock(&lock);
        note((struct recorder_entry){.kind = 'A', .file = (uint64_t)descriptor}, NULL, parts,
             count);
        pthread_mutex_unlock(&lock);
    }
    errno = reason;
}

// Writes parts at an offset, or where the file stands when that is negative.
static ssize_t write_recorded(int descriptor, const struct iovec *parts, int count,
                              off_t offset) {
    struct known *known = find(descriptor);
    if (!known) {
        note_answer(descriptor, parts, count);
        if (offset < 0) return syscall(SYS_writev, descriptor, parts, count);
        return syscall(SYS_pwritev, descriptor, parts, count, (long)offset, 0L);
    }
    struct iovec half = parts[0];
    // liblmdb writes pages whole, but of a meta page, one of a file's first two, only what it holds.
    bool is_meta = offset >= 0 && offset < 8192 && count == 1 && half.iov_len % 512 != 0;
    int failure =
        failure_of("write", known->path, known->flags | (is_meta ? RECORDER_META : 0));
    if (failure > 0) return -1;
    if (failure == outcome_short) {
        half.iov_len = half.iov_len / 2 & ~(size_t)511;
        parts = &half;
        count = 1;
    }
    off_t place = offset < 0 ? (off_t)syscall(SYS_lseek, descriptor, 0L, SEEK_CUR) : offset;
    uint64_t serial = note_begin('W', known, place, parts, count);
    long result = offset < 0
                      ? syscall(SYS_writev, descriptor, parts, count)
                      : syscall(SYS_pwritev, descriptor, parts, count, (long)offset, 0L);
    return note_end(serial, result);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    struct iovec part = {(void *)bytes, count};
    return write_recorded(descriptor, &part, 1, -1);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    struct iovec part = {(void *)bytes, count};
    return write_recorded(descriptor, &part, 1, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    return write_recorded(descriptor, parts, count, -1);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
    return write_recorded(descriptor, parts, count, offset);
}

ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off_t offset) {
    return write_recorded(descriptor, parts, count, offset);
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    struct iovec part = {(void *)bytes, count};
    note_answer(descriptor, &part, 1);
    return syscall(SYS_sendto, descriptor, bytes, count, flags, NULL, 0);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    note_answer(descriptor, message->msg_iov, (int)message->msg_iovlen);
    return syscall(SYS_sendmsg, descriptor, message, flags);
}

static int sync_recorded(int descriptor, long call) {
    struct known *known = find(descriptor);
    if (!known) return (int)syscall(call, descriptor);
    if (failure_of("sync", known->path, known->flags)) return -1;
    uint64_t serial = note_begin('F', known, 0, NULL, 0);
    return (int)note_end(serial, syscall(call, descriptor));
}

int fsync(int descriptor) { return sync_recorded(descriptor, SYS_fsync); }

int fdatasync(int descriptor) { return sync_recorded(descriptor, SYS_fdatasync); }

int ftruncate(int descriptor, off_t length) {
    struct known *known = find(descriptor);
    if (!known) return (int)syscall(SYS_ftruncate, descriptor, length);
    if (failure_of("truncate", known->path, known->flags)) return -1;
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_ftruncate, descriptor, length);
    int reason = errno;
    if (result == 0) {
        note((struct recorder_entry){.kind = 'T', .file = known->file, .number = length}, NULL,
             NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = reason;
    return result;
}

int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

int rename(const char *old, const char *new) {
    const char *from = below(old), *to = below(new);
    if (!from || !to) return (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
    if (failure_of("rename", from, 0)) return -1;
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
    int reason = errno;
    struct iovec part = {(void *)to, strlen(to)};
    if (result == 0) note((struct recorder_entry){.kind = 'R'}, from, &part, 1);
    pthread_mutex_unlock(&lock);
    errno = reason;
    return result;
}

int unlink(const char *path) {
    const char *name = below(path);
    if (!name) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    int reason = errno;
    if (result == 0) note((struct recorder_entry){.kind = 'U'}, name, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = reason;
    return result;
}

int mkdir(const char *path, mode_t mode) {
    const char *name = below(path);
    if (!name) return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    pthread_mutex_lock(&lock);
    int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    int reason = errno;
    struct stat status;
    if (result == 0 && stat(path, &status) == 0) {
        note((struct recorder_entry){.kind = 'M', .file = status.st_ino}, name, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = reason;
    return result;
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor,
           off_t offset) {
    struct known *known = find(descriptor);
    if (known) {
        if (failure_of("mmap", known->path, known->flags)) return MAP_FAILED;
        pthread_mutex_lock(&lock);
        note((struct recorder_entry){.kind = 'P', .file = known->file}, known->path, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int descriptor,
             off_t offset) {
    return mmap(address, length, protection, flags, descriptor, offset);
}
