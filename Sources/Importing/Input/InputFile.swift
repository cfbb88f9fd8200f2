internal import Glibc

/// A file opened for reading, decompressed on the way if it is a zstd file.
///
/// A compressed file is given to the program `zstd` as its standard input. Both processes then
/// share the file's offset, so that how far the import has come is known without asking.
public struct InputFile: ~Copyable, ByteSource {
    /// The path as it was given.
    public let path: String
    /// The file itself; for a compressed one, what the child reads.
    private let file: Descriptor
    private var decompressor: Decompressor?
    private var bytesRead = 0

    /// Opens a file; `-` is standard input.
    ///
    /// - Throws: `unreadable` or `decompressorMissing`.
    public init(path: String) throws(ImportError) {
        let number = unsafe path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .unreadable(path: path, fault: systemFault("open")) }
        let file = Descriptor(number)
        try Self.refuseFolder(number, path)
        let decompressor = try Self.decompressor(of: number, path)
        self.path = path
        self.file = file
        self.decompressor = decompressor
    }

    /// Returns a file's size on disk; nil for what is no regular file, or not there.
    static func byteCount(at path: String) -> Int? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int(status.st_size)
    }

    /// How many bytes of the file on disk were taken so far.
    public var bytesTaken: Int {
        guard decompressor != nil else { return bytesRead }
        return max(0, lseek(file.number, 0, SEEK_CUR))
    }

    /// Reads the next bytes of the text.
    public mutating func read(
        into storage: inout [UInt8], at offset: Int
    ) throws(ImportError) -> Int {
        let descriptor = decompressor?.output.number ?? file.number
        while true {
            let count = unsafe storage.withUnsafeMutableBytes { memory in
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset...])
                return unsafe Glibc.read(descriptor, room.baseAddress, room.count)
            }
            if count > 0 {
                bytesRead += count
                return count
            }
            if count == 0 {
                try finishDecompression()
                return 0
            }
            guard errno == EINTR else {
                throw .unreadable(path: path, fault: systemFault("read"))
            }
        }
    }

    private mutating func finishDecompression() throws(ImportError) {
        guard let status = decompressor?.wait(), status != 0 else { return }
        throw .decompressionFailed(path: path, status: status)
    }

    private static func refuseFolder(_ file: Int32, _ path: String) throws(ImportError) {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else {
            throw .unreadable(path: path, fault: systemFault("fstat"))
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw .unreadable(path: path, fault: "it is a folder; name the files in it")
        }
    }

    private static func decompressor(
        of file: Int32, _ path: String
    ) throws(ImportError) -> Decompressor? {
        guard path.hasSuffix(".zst") || hasMagic(file) else { return nil }
        return try Decompressor(of: file, path: path)
    }

    /// Whether a regular file starts with the magic number of a zstd frame (RFC 8878, 3.1.1).
    private static func hasMagic(_ file: Int32) -> Bool {
        var start: UInt32 = 0
        let count = unsafe withUnsafeMutableBytes(of: &start) { memory in
            unsafe pread(file, memory.baseAddress, memory.count, 0)
        }
        return count == 4 && UInt32(littleEndian: start) == 0xFD2F_B528
    }
}
