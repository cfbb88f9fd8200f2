/// Says that stored bytes do not have the form their format gives.
public struct MalformedBytes: Error, Equatable {
    /// What was being read, e.g. `event record` or `queue row`.
    public let what: StaticString
    /// Where it went wrong, in bytes from the start.
    public let offset: Int

    /// Makes the error.
    public init(_ what: StaticString, at offset: Int) {
        self.what = what
        self.offset = offset
    }

    /// Compares by wording and place.
    public static func == (left: MalformedBytes, right: MalformedBytes) -> Bool {
        "\(left.what)" == "\(right.what)" && left.offset == right.offset
    }
}

/// Reads stored bytes front to back, checking every bound: a damaged row is an error, not a trap.
@frozen
public struct ByteReader: ~Escapable {
    /// The bytes being read.
    public let bytes: RawSpan
    @usableFromInline var place: Int
    @usableFromInline let what: StaticString

    /// Starts at the first byte; `what` names the thing in errors.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, of what: StaticString) {
        self.bytes = bytes
        self.what = what
        place = 0
    }

    /// How far the reader has come.
    @inlinable
    public var offset: Int { place }

    /// Tells whether all bytes have been read.
    @inlinable
    public var isAtEnd: Bool { place == bytes.byteCount }

    @usableFromInline
    func malformed() -> MalformedBytes { MalformedBytes(what, at: place) }

    /// Reads one byte.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func byte() throws(MalformedBytes) -> UInt8 {
        guard offset < bytes.byteCount else { throw malformed() }
        defer { place += 1 }
        return bytes[offset]
    }

    /// Reads a fixed-width integer, least significant byte first.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type
    ) throws(MalformedBytes) -> Integer {
        let size = MemoryLayout<Integer>.size
        guard bytes.byteCount - offset >= size else { throw malformed() }
        defer { place += size }
        return bytes.load(littleEndian: type, at: offset)
    }

    /// Reads a variable-length unsigned integer. Most are of one byte, which is read in place.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func varint() throws(MalformedBytes) -> UInt64 {
        guard place < bytes.byteCount else { throw malformed() }
        let first = bytes[place]
        guard first < 0x80 else { return try longVarint() }
        place += 1
        return UInt64(first)
    }

    @usableFromInline
    @inline(never)
    @_lifetime(self: copy self)
    mutating func longVarint() throws(MalformedBytes) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw malformed() }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// Reads a variable-length signed integer in zigzag form.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func zigzag() throws(MalformedBytes) -> Int64 {
        let raw = try varint()
        return Int64(bitPattern: (raw >> 1) ^ (0 &- (raw & 1)))
    }

    /// Reads a count that must not exceed the bytes left, each item taking at least one.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func count() throws(MalformedBytes) -> Int {
        let raw = try varint()
        guard raw <= UInt64(bytes.byteCount - offset) else { throw malformed() }
        return Int(raw)
    }

    /// Reads so many bytes.
    @inlinable
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func span(_ count: Int) throws(MalformedBytes) -> RawSpan {
        guard count >= 0, bytes.byteCount - offset >= count else { throw malformed() }
        defer { place += count }
        return bytes.extracting(offset..<offset + count)
    }

    /// Reads text behind its variable-length length.
    @_lifetime(self: copy self)
    public mutating func text() throws(MalformedBytes) -> String {
        let length = try count()
        return try span(length).text()
    }

    /// Reads text that may be absent.
    @_lifetime(self: copy self)
    public mutating func optionalText() throws(MalformedBytes) -> String? {
        try optionalBytes()?.text()
    }

    /// Reads the bytes of text that may be absent.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func optionalBytes() throws(MalformedBytes) -> RawSpan? {
        let raw = try varint()
        guard raw > 0 else { return nil }
        guard raw - 1 <= UInt64(bytes.byteCount - offset) else { throw malformed() }
        return try span(Int(raw - 1))
    }
}
