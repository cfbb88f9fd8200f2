import Glibc

@testable import LMDB

/// A folder of its own for one test, removed with everything in it at the end.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/lmdb-tests-XXXXXX".utf8CString)
        let created = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map {
                unsafe String(cString: $0)
            }
        }
        guard let created else {
            throw LMDBError(.open, file: "temporary folder", cause: .system(errno: errno))
        }
        path = created
    }

    deinit {
        guard let folder = unsafe opendir(path) else { return }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { unsafe unlink("\(path)/\(name)") }
        }
        unsafe closedir(folder)
        unsafe rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The bytes of a file in the folder.
    func contents(of name: String) throws -> [UInt8] {
        let file = try OpenFile(path: file(name), flags: O_RDONLY, for: .open)
        return try file.read(at: 0, byteCount: Int(status(of: name).st_size))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = try OpenFile(
            path: file(name), flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, for: .open)
        let written = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(file.descriptor, $0.baseAddress, $0.count, 0)
        }
        guard written == bytes.count else {
            throw LMDBError(.open, file: name, cause: .system(errno: errno))
        }
    }

    func status(of name: String) throws -> stat {
        var status = stat()
        guard unsafe stat(file(name), &status) == 0 else {
            throw LMDBError(.open, file: name, cause: .system(errno: errno))
        }
        return status
    }

    func exists(_ name: String) -> Bool { unsafe access(file(name), F_OK) == 0 }
}
