internal import Glibc

/// A segment of whose reading a process has died, by a signal that cannot be handled: it is not opened until
/// it can be read again, and its events are damaged. An empty file beside it says so.
public enum SetAside {
    /// Behind a segment's name.
    public static let ending = ".set-aside"

    static let reason =
        "a process has died of reading it; restore it from a backup (restore --segment) and start again"

    /// Whether a segment is not to be opened.
    public static func isMarked(_ path: String) -> Bool {
        unsafe access(path + ending, F_OK) == 0
    }

    /// Has a segment not opened any more.
    public static func mark(_ path: String) throws(EventLogError) {
        let descriptor = unsafe open(path + ending, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .system(operation: "create", path: path + ending, errno: errno)
        }
        close(descriptor)
    }

    /// Has a segment opened again.
    public static func unmark(_ path: String) throws(EventLogError) {
        guard unsafe unlink(path + ending) == 0 || errno == ENOENT else {
            throw .system(operation: "remove", path: path + ending, errno: errno)
        }
    }
}
