import Glibc
import Zstd

/// Where an export goes: standard output, or a file that grows portion by portion.
///
/// Beside a file that is not finished lies `<file>.resume`: the bytes that are good, the position to
/// go on from, and the words the export was asked with. It is written anew, by renaming, when a
/// portion is on disk; what a crash leaves behind those bytes is cut off by the next run.
struct ExportSink: ~Copyable {
    /// Positions looked at for one portion.
    static let portionEvents: UInt64 = 16_384
    /// Bytes of documents of one portion.
    static let portionBytes = 1 << 20

    /// Where a resumed export goes on; nil for one from the start.
    private(set) var next: UInt64?
    private let path: String?
    private let words: [String]
    private var descriptor: Int32 = STDOUT_FILENO
    private var bytes: UInt64 = 0
    private let isCompressed: Bool

    init(path: String?, resumes: Bool, words: [String]) throws {
        self.path = path
        self.words = words
        isCompressed = path.map { $0.hasSuffix(".zst") } ?? false
        guard let path else { return }
        if resumes {
            let note = try Self.note(path)
            guard note.words == words else {
                throw ToolFailure("\(path) was begun with other words or from another store")
            }
            (next, bytes) = (note.next, note.bytes)
        }
        let flags = O_WRONLY | O_CLOEXEC | (resumes ? 0 : O_CREAT | O_EXCL)
        descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        guard ftruncate(descriptor, off_t(bytes)) == 0,
            lseek(descriptor, off_t(bytes), SEEK_SET) >= 0
        else { throw Self.failure("cut", path) }
    }

    deinit { if path != nil, descriptor >= 0 { close(descriptor) } }

    /// Writes a portion; a file has it on disk then.
    mutating func write(_ lines: [UInt8], next: UInt64) throws {
        guard let path else { return Terminal.write(lines) }
        var portion = lines
        if isCompressed, !lines.isEmpty {
            portion.removeAll()
            var compressor = try Compressor(level: 3, checksum: true)
            try unsafe compressor.compress(lines.span.bytes, into: &portion)
        }
        try Self.put(portion, descriptor, path)
        guard fdatasync(descriptor) == 0 else { throw Self.failure("flush", path) }
        bytes += UInt64(portion.count)
        let note = ["\(bytes)", "\(next)"] + words
        let text = note.joined(separator: "\n")
        let temporary = path + ".resume.new"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("open", temporary) }
        defer { close(file) }
        try Self.put(Array(text.utf8), file, temporary)
        guard fsync(file) == 0, unsafe rename(temporary, path + ".resume") == 0 else {
            throw Self.failure("write", temporary)
        }
    }

    /// Says that nothing is left to go on with.
    mutating func finish() throws {
        guard let path else { return }
        guard unsafe unlink(path + ".resume") == 0 || errno == ENOENT else {
            throw Self.failure("remove", path + ".resume")
        }
    }

    private static func note(
        _ path: String
    ) throws -> (bytes: UInt64, next: UInt64, words: [String]) {
        let name = path + ".resume"
        guard let text = try? TextFile.read(name) else {
            throw ToolFailure("there is no \(name): nothing that was interrupted to go on with")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 2, let bytes = UInt64(lines[0]), let next = UInt64(lines[1]) else {
            throw ToolFailure("\(name) cannot be read; remove it and export again")
        }
        return (bytes, next, Array(lines.dropFirst(2)))
    }

    private static func put(_ bytes: [UInt8], _ descriptor: Int32, _ path: String) throws {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { memory in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[start...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            start += count
        }
    }

    private static func failure(_ what: String, _ path: String) -> ToolFailure {
        let reason = unsafe String(cString: strerror(errno))
        return ToolFailure("cannot \(what) \(path): \(reason)")
    }
}
