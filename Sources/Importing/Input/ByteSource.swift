/// Where lines come from: a file, a pipe, or memory in tests.
public protocol ByteSource: ~Copyable {
    /// What to call it in messages.
    var path: String { get }

    /// Reads bytes over the storage from an offset on; returns how many, 0 at the end.
    mutating func read(into storage: inout [UInt8], at offset: Int) throws(ImportError) -> Int
}

/// Bytes in memory, handed out a few at a time.
public struct MemorySource: ByteSource {
    /// What to call it in messages.
    public let path: String
    private let bytes: [UInt8]
    private let stride: Int
    private var position = 0

    /// Makes a source of bytes that gives at most `stride` of them per read.
    public init(_ bytes: [UInt8], path: String = "memory", stride: Int = .max) {
        precondition(stride > 0)
        self.bytes = bytes
        self.path = path
        self.stride = stride
    }

    /// Reads the next bytes.
    public mutating func read(
        into storage: inout [UInt8], at offset: Int
    ) throws(ImportError) -> Int {
        let count = min(stride, bytes.count - position, storage.count - offset)
        storage.replaceSubrange(
            offset..<offset + count, with: bytes[position..<position + count])
        position += count
        return count
    }
}
