internal import Glibc

/// The mark of an index file in which damage was met: an empty file `<name>.damaged` beside it. The
/// next opening makes the index anew. The file itself may be what cannot be written any more.
enum IndexMark {
    private static func path(_ index: String) -> String { index + ".damaged" }

    /// Marks an index file. Where that fails, the next look-up meets the damage again.
    static func put(_ index: String) {
        let descriptor = unsafe open(path(index), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether an index file is marked.
    static func isPut(_ index: String) -> Bool { unsafe access(path(index), F_OK) == 0 }

    /// Removes the mark, after the index is gone: a start that is killed in between begins again.
    static func remove(_ index: String) throws(EventLogError) {
        guard unsafe unlink(path(index)) == 0 || errno == ENOENT else {
            throw .system(operation: "remove", path: path(index), errno: errno)
        }
    }
}
