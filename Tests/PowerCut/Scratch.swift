import Foundation

/// A folder in memory, where opening a store costs no disk, filled with one image after the other.
/// Neighbouring states differ in few files: what is there as it is to be is not written again.
final class Scratch {
    /// What was written to a file, and the file.
    private struct Written {
        let contents: [UInt8]
        let inode: UInt64
    }

    let folder: String
    private var written: [String: Written] = [:]

    init(_ folder: String) { self.folder = folder }

    static func folder(named name: String) throws -> String {
        let parent =
            FileManager.default.isWritableFile(atPath: "/dev/shm")
            ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        let path = parent + "/" + name
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Makes the folder hold an image and nothing else.
    func fill(_ image: Disk.Image) throws {
        let wanted = Set(image.map(\.path))
        // Deepest first, so that folders are empty when their turn comes.
        let found = try FileManager.default.subpathsOfDirectory(atPath: folder)
        for path in found.sorted(by: >) where !wanted.contains(path) {
            written[path] = nil
            try Self.check(unsafe remove(folder + "/" + path) == 0)
        }
        for (path, contents) in image {
            if let contents {
                try put(contents, path)
            } else {
                try Self.check(unsafe mkdir(folder + "/" + path, 0o700) == 0 || errno == EEXIST)
            }
        }
    }

    private func put(_ contents: [UInt8], _ path: String) throws {
        let name = folder + "/" + path
        // What is written through a map, as lock files are, shows no time of change.
        if !path.hasSuffix("-lock"), let before = written[path],
            before.contents.isSame(as: contents),
            Self.untouched(name) == before.inode
        {
            return
        }
        try Self.check(unsafe unlink(name) == 0 || errno == ENOENT)
        let descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        try Self.check(
            unsafe descriptor >= 0
                && write(descriptor, contents, contents.count) == contents.count)
        let past = [timespec](repeating: timespec(tv_sec: Self.longAgo, tv_nsec: 0), count: 2)
        try Self.check(unsafe futimens(descriptor, past) == 0)
        written[path] = Self.untouched(name).map { Written(contents: contents, inode: $0) }
    }

    /// The time of change that files get when they are written here: whoever writes to one later
    /// gives it the present one.
    private static let longAgo = 1_000_000_000

    /// The inode of a file that nobody has written to since, else nil.
    private static func untouched(_ path: String) -> UInt64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mtim.tv_sec == longAgo else { return nil }
        return UInt64(status.st_ino)
    }

    private static func check(_ isDone: Bool) throws {
        guard isDone else { throw CocoaError(.fileWriteUnknown) }
    }
}
