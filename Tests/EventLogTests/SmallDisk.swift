import Glibc

/// A memory file system of a few megabytes, which only root may mount; gone at the end.
final class SmallDisk {
    let path: String
    private let folder: TemporaryFolder

    init(byteCount: Int) throws {
        folder = try TemporaryFolder()
        path = folder.path
        guard unsafe mount("none", path, "tmpfs", 0, "size=\(byteCount)") == 0 else {
            throw SystemFault(operation: "mount", errno: errno)
        }
    }

    deinit { unsafe umount2(path, 2) }  // MNT_DETACH

    /// Whether this process may mount one.
    static let isAllowed: Bool = {
        do {
            _ = try SmallDisk(byteCount: 1 << 20)
            return true
        } catch {
            return false
        }
    }()

    /// Fills the disk to the last byte with one file.
    func fill(_ name: String) throws {
        let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault(operation: "open", errno: errno) }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4_096)
        while unsafe write(descriptor, page, page.count) > 0 {}
    }
}
