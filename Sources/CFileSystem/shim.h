#ifndef THROUGHLINE_CFILESYSTEM_SHIM_H
#define THROUGHLINE_CFILESYSTEM_SHIM_H

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/// Returns the number of the kind of file system that a path lies on, or -1 (statfs(2)). The name of
/// the function is also that of its structure, which Swift's Glibc module leaves out.
static inline long throughline_file_system_kind(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}

/// Opens a folder for naming things in it, or returns -1 and sets errno; ELOOP where any part of the
/// path is a symbolic link (openat2(2), for which glibc has no function).
static inline int throughline_open_folder(const char *path) {
    struct open_how how = {
        .flags = __O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

/// Opens a file in a folder, or returns -1 and sets errno (openat(2), which takes its mode as a
/// variable argument that Swift does not pass).
static inline int throughline_open_file(int folder, const char *name, int flags, mode_t mode) {
    return openat(folder, name, flags, mode);
}

/// Has the system write what has changed of a part of a file, and waits until it is written; returns
/// -1 and sets errno where that fails (sync_file_range(2), which Swift's Glibc module leaves out).
/// No flush: what says where the file's blocks lie is not written.
static inline int throughline_write_out(int file, off_t offset, off_t count) {
    return (int)syscall(
        SYS_sync_file_range, file, offset, count,
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

#endif
