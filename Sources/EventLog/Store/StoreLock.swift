internal import Glibc

/// Who holds a store, as far as can be told.
public enum StoreHolder: Equatable, Sendable {
    /// This process, as the system says.
    case process(Int32)
    /// A running process of this number is named in LOCK; it may be another by now.
    case perhaps(Int32)
    /// Nothing names it: it may live where process numbers are others.
    case unknown
}

extension StoreHolder: CustomStringConvertible {
    /// Names the process.
    public var description: String {
        switch self {
        case .process(let number): "process \(number)"
        case .perhaps(let number): "another process, by what LOCK says process \(number),"
        case .unknown: "another process"
        }
    }
}

/// The lock of a store: an flock of its file LOCK, which ends with the process, however that ends,
/// so that a file which a killed process left is no obstacle.
///
/// An flock does not tell who holds it. So the holder also takes a record lock of the same file,
/// which does, and writes its pid into it; neither of them decides anything.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Parameter folder: The store's.
    /// - Throws: `inUse`, `system`.
    init(folder: String) throws(EventLogError) {
        let path = folder + "/LOCK"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            if reason == EWOULDBLOCK { throw .inUse(path: folder, holder: holder) }
            throw .system(operation: "lock", path: path, errno: reason)
        }
        self.descriptor = descriptor
        Self.sign(descriptor)
    }

    /// Lets go of the lock itself, not only of this descriptor: a process being started at this
    /// moment still has a copy of it.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Whether a process holds the lock, as far as can be told without taking it.
    static func isHeld(folder: String) -> Bool {
        let descriptor = unsafe open(folder + "/LOCK", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var record = recordLock
        return unsafe fcntl(descriptor, F_GETLK, &record) == 0 && record.l_type != Int16(F_UNLCK)
    }

    /// Says who holds the lock. Where that fails, as on a full disk, it is only not said.
    private static func sign(_ descriptor: Int32) {
        var record = recordLock
        _ = unsafe fcntl(descriptor, F_SETLK, &record)
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe pwrite(descriptor, text, text.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> StoreHolder {
        var record = recordLock
        if unsafe fcntl(descriptor, F_GETLK, &record) == 0, record.l_type != Int16(F_UNLCK),
            record.l_pid > 0
        {
            return .process(record.l_pid)
        }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        // A killed holder's number may stand there until the next has signed.
        guard text.hasSuffix("\n"), let number = Int32(text.dropLast()), number > 0,
            kill(number, 0) == 0 || errno == EPERM
        else { return .unknown }
        return .perhaps(number)
    }

    private static var recordLock: Glibc.flock {
        var record = Glibc.flock()
        record.l_type = Int16(F_WRLCK)
        record.l_whence = Int16(SEEK_SET)
        return record
    }
}
