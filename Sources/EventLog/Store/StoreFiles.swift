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
        let folder = try OpenFolder(of: path)
        try move(temporary, to: path)
        try finishReplacing(path, temporary, folder)
    }

    /// The first half of `replace`: from here on the path names the new file.
    static func move(_ temporary: String, to path: String) throws(EventLogError) {
        guard unsafe rename(temporary, path) == 0 else {
            throw .system(operation: "rename", path: temporary, errno: errno)
        }
    }

    /// The second half of `replace`: the new name is on disk, lock files are gone.
    ///
    /// - Parameter folder: That of the path, opened before the first half: a process that may open no
    ///   more files must not find that out between the two.
    static func finishReplacing(
        _ path: String, _ temporary: String, _ folder: borrowing OpenFolder
    ) throws(EventLogError) {
        for file in [path + "-lock", temporary + "-lock"] {
            guard unsafe unlink(file) == 0 || errno == ENOENT else {
                throw .system(operation: "remove", path: file, errno: errno)
            }
        }
        try folder.sync()
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

/// A folder that is open, whose entries can be put on disk without opening anything.
///
/// Opened before something in it is renamed: a process that may open no more files must not find that
/// out when half is done.
public struct OpenFolder: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Opens the folder in which a path lies.
    init(of path: String) throws(EventLogError) {
        try self.init(path: path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
    }

    /// Opens a folder.
    public init(path: String) throws(EventLogError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(operation: "open folder", path: path, errno: errno)
        }
    }

    deinit { close(descriptor) }

    /// Puts its entries on disk.
    public func sync() throws(EventLogError) {
        guard fsync(descriptor) == 0 else {
            throw .system(operation: "fsync folder", path: path, errno: errno)
        }
    }
}
