/// A growable run of bytes to be sent, made to be filled, sent and filled again.
///
/// It keeps its memory between uses and grows by doubling, so that after warm-up writing to it
/// allocates nothing. Bytes go in behind the last one; nothing is formatted by way of `String`.
/// One owner fills it; copying it copies its bytes on the next write.
@frozen
public struct OutputBuffer: Sendable {
    /// All of the memory; only the first `end` bytes mean anything.
    @usableFromInline var storage: [UInt8] = []
    @usableFromInline var end = 0

    /// The least memory that is worth asking for.
    @usableFromInline static var bytesMin: Int { 256 }

    /// Creates an empty buffer with room for some bytes.
    public init(minimumCapacity: Int = 0) {
        if minimumCapacity > 0 { grow(by: minimumCapacity) }
    }

    /// The number of bytes written.
    @inlinable
    public var count: Int { end }

    /// Whether no byte is written.
    @inlinable
    public var isEmpty: Bool { end == 0 }

    /// How many bytes fit before more memory is needed.
    @inlinable
    public var capacity: Int { storage.count }

    /// The bytes written, in place.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { storage.span.octets.extracting(0..<end) }
    }

    /// Forgets the bytes; keeps the memory if told so.
    public mutating func removeAll(keepingCapacity: Bool = true) {
        if !keepingCapacity { storage = [] }
        end = 0
    }

    /// Forgets the bytes; keeps the memory unless it is more than told, so that one large reply
    /// does not cost an idle connection its size.
    public mutating func removeAll(keepingCapacityUpTo byteCountMax: Int) {
        removeAll(keepingCapacity: capacity <= byteCountMax)
    }

    /// Forgets all bytes from `count` on: takes back what was begun and failed.
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= end)
        end = count
    }

    /// Forgets the first bytes and moves the others to the front.
    ///
    /// Complexity: O(bytes that stay).
    public mutating func removeFirst(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= end)
        move(from: byteCount, to: 0, byteCount: end - byteCount)
        end -= byteCount
    }

    /// Makes room, so that the next `byteCount` bytes need no growth.
    @inlinable
    public mutating func reserve(_ byteCount: Int) {
        if storage.count - end < byteCount { grow(by: byteCount) }
    }

    @usableFromInline
    mutating func grow(by byteCount: Int) {
        let size = max(end + byteCount, storage.count * 2, Self.bytesMin)
        var larger = [UInt8](repeating: 0, count: size)
        let written = end
        unsafe storage.withUnsafeBytes { old in
            unsafe larger.withUnsafeMutableBytes { new in
                unsafe new.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[..<written]))
            }
        }
        storage = larger
    }

    /// Moves bytes within the memory; the two places may overlap.
    mutating func move(from source: Int, to target: Int, byteCount: Int) {
        guard source != target, byteCount > 0 else { return }
        unsafe storage.withUnsafeMutableBytes { memory in
            let moved = unsafe UnsafeRawBufferPointer(rebasing: memory[source..<source + byteCount])
            unsafe memory[target..<target + byteCount].copyBytes(from: moved)
        }
    }

    /// Sets the end to anywhere within the memory, where a header is put before a moved body.
    mutating func setEnd(_ count: Int) {
        precondition(count >= 0 && count <= storage.count)
        end = count
    }

    /// Replaces control bytes from `start` on by spaces.
    mutating func replaceControlBytes(from start: Int) {
        for index in start..<end
        where storage[index] < ASCII.space || storage[index] == ASCII.delete {
            storage[index] = ASCII.space
        }
    }
}
