internal import Glibc

/// The file of the listening socket: made without a moment in which strangers could connect, and
/// only ever removed when it is a dead socket of our own.
@safe
struct SocketPath {
    let path: String

    /// Checks the path and makes its folder.
    ///
    /// - Throws: `ServerError.socket` that says what stands in the way.
    init(_ path: String) throws(ServerError) {
        self.path = path
        guard path.utf8.count <= ServerLimits.socketPathBytesMax else {
            throw .socket(
                path: path,
                reason: "the path has \(path.utf8.count) bytes, a Unix socket takes at most "
                    + "\(ServerLimits.socketPathBytesMax); choose a shorter one with --socket")
        }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .socket(path: path, reason: "it must be an absolute path in a folder of its own")
        }
        let folder = String(path[..<slash])
        if unsafe access(folder, F_OK) != 0 {
            guard unsafe mkdir(folder, 0o750) == 0 else {
                throw .socket(
                    path: path,
                    reason: "folder \(folder) cannot be made: \(ServerError.words(errno))")
            }
        }
        try Self.checkFolder(folder, path)
        try removeDeadSocket()
    }

    /// A folder that others may write to would let them put their own socket there.
    private static func checkFolder(_ folder: String, _ path: String) throws(ServerError) {
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else {
            throw .socket(
                path: path, reason: "folder \(folder) cannot be read: \(ServerError.words(errno))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .socket(path: path, reason: "\(folder) is not a folder")
        }
        guard status.st_mode & 0o002 == 0 else {
            throw .socket(
                path: path,
                reason:
                    "everybody may write to folder \(folder); use a folder of the daemon's own, "
                    + "mode 0750")
        }
    }

    private func removeDeadSocket() throws(ServerError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else {
            throw .socket(path: path, reason: "something else than a socket of ours lies there")
        }
        guard !Self.isAnswered(path) else {
            throw .socket(path: path, reason: "a daemon listens there already")
        }
        guard unsafe unlink(path) == 0 else {
            throw .socket(
                path: path, reason: "the old socket cannot be removed: \(ServerError.words(errno))")
        }
    }

    private static func isAnswered(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Runs `bind` under a umask that lets only owner and group connect from the first moment.
    func withTightMask<Result>(_ bind: () throws -> Result) rethrows -> Result {
        let before = umask(0o117)
        defer { umask(before) }
        return try bind()
    }

    /// Removes the socket at the end.
    func remove() { _ = unsafe unlink(path) }
}
