#ifndef THROUGHLINE_CFILESYSTEM_SHIM_H
#define THROUGHLINE_CFILESYSTEM_SHIM_H

#include <sys/vfs.h>

/// Returns the number of the kind of file system that a path lies on, or -1 (statfs(2)). The name of
/// the function is also that of its structure, which Swift's Glibc module leaves out.
static inline long throughline_file_system_kind(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}

#endif
