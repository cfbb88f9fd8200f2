import Glibc

/// A folder of its own for one test, removed with everything in it at the end.
final class TemporaryFolder: Sendable {
    let path: String

    init(in parent: String = "/tmp") throws {
        var template = Array("\(parent)/log-tests-XXXXXX".utf8CString)
        let created = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map {
                unsafe String(cString: $0)
            }
        }
        guard let created else { throw SystemFault(operation: "mkdtemp", errno: errno) }
        path = created
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if let folder = unsafe opendir(path) {
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != "." && name != ".." { remove("\(path)/\(name)") }
            }
            unsafe closedir(folder)
            unsafe rmdir(path)
        } else {
            unsafe unlink(path)
        }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// A system call of a test that failed.
struct SystemFault: Error {
    let operation: String
    let errno: Int32
}

/// Whole files, for tests that damage or compare them.
enum File {
    static func contents(_ path: String) throws -> [UInt8] {
        let descriptor = try open(path, O_RDONLY)
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw SystemFault(operation: "read", errno: errno) }
            if count == 0 { return contents }
            contents += chunk[..<count]
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = try open(path, O_WRONLY | O_CREAT | O_TRUNC)
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let rest = Array(bytes[written...])
            let count = unsafe Glibc.write(descriptor, rest, rest.count)
            guard count > 0 else { throw SystemFault(operation: "write", errno: errno) }
            written += count
        }
    }

    /// Overwrites bytes in place.
    static func patch(_ bytes: [UInt8], at offset: Int, of path: String) throws {
        let descriptor = try open(path, O_WRONLY)
        defer { close(descriptor) }
        guard unsafe pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else {
            throw SystemFault(operation: "pwrite", errno: errno)
        }
    }

    static func makeFolder(_ path: String) throws {
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw SystemFault(operation: "mkdir", errno: errno)
        }
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func remove(_ path: String) throws {
        guard unsafe unlink(path) == 0 else {
            throw SystemFault(operation: "unlink", errno: errno)
        }
    }

    private static func open(_ path: String, _ flags: Int32) throws -> Int32 {
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault(operation: "open \(path)", errno: errno) }
        return descriptor
    }
}
