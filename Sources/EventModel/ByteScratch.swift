/// Bytes being put together, by one owner: it keeps its room, and unlike an Array it is never
/// shared, so that appending checks for room and nothing else.
@safe
struct ByteScratch: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 256) {
        precondition(capacity > 0)
        self.capacity = capacity
        unsafe base = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit { unsafe base.deallocate() }

    var isEmpty: Bool { count == 0 }

    /// Forgets the bytes and keeps the room.
    mutating func removeAll() { count = 0 }

    /// The bytes so far.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
            return unsafe _overrideLifetime(buffer.bytes, borrowing: self)
        }
    }

    mutating func append(_ byte: UInt8) {
        makeRoom(1)
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends a fixed-width integer, least significant byte first.
    mutating func append<Integer: FixedWidthInteger & BitwiseCopyable>(
        littleEndian value: Integer
    ) {
        makeRoom(MemoryLayout<Integer>.size)
        unsafe base.storeBytes(of: value.littleEndian, toByteOffset: count, as: Integer.self)
        count += MemoryLayout<Integer>.size
    }

    mutating func append(_ bytes: RawSpan) {
        makeRoom(bytes.byteCount)
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (base + count).copyMemory(from: start, byteCount: source.count)
        }
        count += bytes.byteCount
    }

    mutating func append(_ other: borrowing ByteScratch) {
        makeRoom(other.count)
        unsafe (base + count).copyMemory(from: other.base, byteCount: other.count)
        count += other.count
    }

    /// Appends zeroes to be overwritten by `store`.
    mutating func append(zeroes: Int) {
        precondition(zeroes >= 0)
        makeRoom(zeroes)
        unsafe (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: zeroes)
        count += zeroes
    }

    /// Overwrites a fixed-width integer, least significant byte first.
    mutating func store<Integer: FixedWidthInteger & BitwiseCopyable>(
        littleEndian value: Integer, at offset: Int
    ) {
        precondition(offset >= 0 && offset + MemoryLayout<Integer>.size <= count)
        unsafe base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
    }

    private mutating func makeRoom(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        unsafe moved.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe base = moved
        capacity = larger
    }
}
