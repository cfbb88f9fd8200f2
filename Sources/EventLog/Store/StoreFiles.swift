internal import Glibc

/// Putting files of a store into their place.
enum StoreFiles {
    /// Puts a file that is whole and on disk into the place of another, or where there is none, at
    /// once and durably. Lock files of either are removed: what is replaced does not change again.
    ///
    /// Whoever has the old file open keeps it as it was.
    static func replace(
        _ path: String, with temporary: String
    ) throws(EventLogError) {
        try move(temporary, to: path)
        try finishReplacing(path, temporary)
    }

    /// The first half of `replace`: from here on the path names the new file.
    static func move(_ temporary: String, to path: String) throws(EventLogError) {
        guard unsafe rename(temporary, path) == 0 else {
            throw .system(operation: "rename", path: temporary, errno: errno)
        }
    }

    /// The second half of `replace`: the new name is on disk, lock files are gone.
    static func finishReplacing(
        _ path: String, _ temporary: String
    ) throws(EventLogError) {
        for file in [path + "-lock", temporary + "-lock"] {
            guard unsafe unlink(file) == 0 || errno == ENOENT else {
                throw .system(operation: "remove", path: file, errno: errno)
            }
        }
        let slash = path.lastIndex(of: "/")
        try StoreFolder.syncFolder(slash.map { String(path[..<$0]) } ?? ".")
    }

    /// Removes what a killed process left under a temporary name.
    static func removeLeftovers(_ temporary: String) throws(EventLogError) {
        for file in [temporary, temporary + "-lock"] {
            guard unsafe unlink(file) == 0 || errno == ENOENT else {
                throw .system(operation: "remove", path: file, errno: errno)
            }
        }
    }
}
