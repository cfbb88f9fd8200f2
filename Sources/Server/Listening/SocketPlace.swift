internal import CFileSystem
internal import Glibc

/// The place of the listening socket in a folder that only the daemon's user and root can write to: not
/// its group, the daemon's own included, whose members may be the peers. A sticky folder is no way out:
/// who may write there can put a socket in the place before the daemon does.
///
/// All is done in the folder that was opened and checked, whatever happens to its path meanwhile.
/// A lock on `<name>.lock` beside the socket decides which daemon owns the place; a socket that
/// lies there when the lock is held belongs to a daemon that is gone. What a failure leaves open
/// ends with the process.
@safe
struct SocketPlace: Sendable {
    let path: String
    private let name: String
    private let folder: Int32
    private let lock: Int32

    /// Opens the folder, which is made with mode 0750 when missing, and takes the place.
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
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex,
            path.hasPrefix("/")
        else {
            throw .socket(path: path, reason: "it must be an absolute path in a folder of its own")
        }
        name = String(path[path.index(after: slash)...])
        guard !name.isEmpty, name != ".", name != ".." else {
            throw .socket(path: path, reason: "it must end with the socket's name")
        }
        folder = try Self.openFolder(String(path[..<slash]), path)
        lock = try Self.takeLock(in: folder, name + ".lock", path)
        do throws(ServerError) {
            try removeDeadSocket()
        } catch {
            leave()
            throw error
        }
    }

    /// Lets go of the lock and the folder.
    func leave() {
        close(lock)
        close(folder)
    }

    private static func openFolder(_ folder: String, _ path: String) throws(ServerError) -> Int32 {
        var descriptor = unsafe throughline_open_folder(folder)
        if descriptor < 0, errno == ENOENT {
            guard unsafe mkdir(folder, 0o750) == 0 else {
                throw .socket(
                    path: path,
                    reason: "folder \(folder) cannot be made: \(ServerError.words(errno))")
            }
            descriptor = unsafe throughline_open_folder(folder)
            // A umask may have taken from the mode what the group needs.
            if descriptor >= 0 { _ = unsafe chmod("/proc/self/fd/\(descriptor)", 0o750) }
        }
        guard descriptor >= 0 else {
            throw .socket(
                path: path,
                reason: errno == ELOOP
                    ? "a symbolic link stands in the path of folder \(folder); name the folder it "
                        + "leads to"
                    : errno == ENOTDIR
                        ? "\(folder) is not a folder"
                        : "folder \(folder) cannot be opened: \(ServerError.words(errno))")
        }
        try checkFolder(descriptor, folder, path)
        return descriptor
    }

    /// Others who may write to the folder could put their own socket there. An access list is seen, too:
    /// what it allows anybody beyond the owner is bounded by the group's bits.
    private static func checkFolder(
        _ descriptor: Int32, _ folder: String, _ path: String
    ) throws(ServerError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .socket(
                path: path, reason: "folder \(folder) cannot be read: \(ServerError.words(errno))")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .socket(
                path: path,
                reason: "folder \(folder) belongs to user \(status.st_uid); use a folder of the "
                    + "daemon's own, mode 0750")
        }
        guard status.st_mode & 0o022 == 0 else {
            let isOpenToAll = status.st_mode & 0o002 != 0
            throw .socket(
                path: path,
                reason: "\(isOpenToAll ? "everybody" : "group \(status.st_gid)") may write to "
                    + "folder \(folder), and so put another socket in its place; say chmod "
                    + "\(isOpenToAll ? "go-w" : "g-w"), or use a folder of the daemon's own, mode 0750"
            )
        }
    }

    private static func takeLock(
        in folder: Int32, _ name: String, _ path: String
    ) throws(ServerError) -> Int32 {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe throughline_open_file(folder, name, flags, 0o600)
        guard descriptor >= 0 else {
            throw .socket(
                path: path, reason: "\(name) beside it cannot be made: \(ServerError.words(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .socket(path: path, reason: "a daemon listens there already")
        }
        return descriptor
    }

    private func removeDeadSocket() throws(ServerError) {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else {
            throw .socket(path: path, reason: "something else than a socket of ours lies there")
        }
        // One that was handed over by a service manager has no lock beside it.
        guard !isListenedOn else {
            throw .socket(path: path, reason: "somebody listens there already")
        }
        guard unsafe unlinkat(folder, name, 0) == 0 else {
            throw .socket(
                path: path, reason: "the old socket cannot be removed: \(ServerError.words(errno))")
        }
    }

    /// Whether a connection to what lies at the place is taken, or would be if there were room.
    private var isListenedOn: Bool {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0, let address = UnixAddress(path: pathByFolder) else { return false }
        defer { close(descriptor) }
        return address.connect(descriptor) || errno == EAGAIN
    }

    /// The path by which the kernel finds the place in the folder that was opened.
    var pathByFolder: String { "/proc/self/fd/\(folder)/\(name)" }

    /// Gives the socket to a group.
    func give(to group: gid_t) -> Bool {
        unsafe fchownat(folder, name, uid_t.max, group, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// What lies at the place: device and number of the file.
    var file: FileName? {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return FileName(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// Removes what lies at the place.
    func remove() -> Bool { unsafe unlinkat(folder, name, 0) == 0 }

    /// A file whatever its name.
    struct FileName: Sendable, Equatable {
        let device: UInt64
        let number: UInt64
    }
}
