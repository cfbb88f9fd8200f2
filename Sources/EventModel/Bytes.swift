extension UInt8 {
    /// Tells whether the byte is `0` … `9`.
    @inlinable
    public var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
}

extension BinaryInteger {
    /// Returns the quotient rounded towards negative infinity; `divisor` is positive.
    @inlinable
    public func flooredQuotient(_ divisor: Self) -> Self {
        let quotient = self / divisor
        return self < 0 && quotient * divisor != self ? quotient - 1 : quotient
    }
}

extension [UInt8] {
    /// Appends the bytes a span shows.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Appends a fixed-width integer, least significant byte first.
    @inlinable
    public mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
        unsafe Swift.withUnsafeBytes(of: value.littleEndian) { unsafe append(contentsOf: $0) }
    }

    /// Appends a fixed-width integer, most significant byte first, so that keys sort by value.
    @inlinable
    public mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    /// Overwrites a fixed-width integer, least significant byte first.
    @inlinable
    public mutating func store<Integer: FixedWidthInteger>(
        littleEndian value: Integer, at offset: Int
    ) {
        precondition(offset >= 0 && offset + MemoryLayout<Integer>.size <= count)
        unsafe withUnsafeMutableBytes {
            unsafe $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
        }
    }

    /// Appends a number of zero-padded decimal digits; the value is not negative and fits.
    @inlinable
    public mutating func appendDigits(_ value: Int, width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(truncatingIfNeeded: 0x30 + value / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends a decimal integer without a String in between.
    public mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = count
        repeat {
            append(UInt8(truncatingIfNeeded: 0x30 + rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }
}

extension RawSpan {
    /// Loads a fixed-width integer, least significant byte first.
    ///
    /// The bounds are checked: a read beyond the span is a broken invariant and traps.
    @inlinable
    public func load<Integer: FixedWidthInteger & BitwiseCopyable>(
        littleEndian: Integer.Type, at offset: Int
    ) -> Integer {
        precondition(offset >= 0 && offset + MemoryLayout<Integer>.size <= byteCount)
        return unsafe Integer(
            littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// Loads a fixed-width integer, most significant byte first.
    @inlinable
    public func load<Integer: FixedWidthInteger & BitwiseCopyable>(
        bigEndian: Integer.Type, at offset: Int
    ) -> Integer {
        precondition(offset >= 0 && offset + MemoryLayout<Integer>.size <= byteCount)
        return unsafe Integer(
            bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// Returns one byte; the bounds are checked.
    @inlinable
    public subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Tells whether the span shows just these bytes.
    @inlinable
    public func equals(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                unsafe left.isEqual(to: right)
            }
        }
    }

    /// Tells whether the span shows just these ASCII bytes.
    @inlinable
    public func equals(_ text: StaticString) -> Bool {
        guard byteCount == text.utf8CodeUnitCount else { return false }
        return unsafe withUnsafeBytes { left in
            let right = unsafe UnsafeRawBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount)
            return unsafe left.isEqual(to: right)
        }
    }

    /// Returns a copy of the bytes.
    @inlinable
    public func copied() -> [UInt8] {
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// Returns the bytes as text; bytes that are not UTF-8 become U+FFFD.
    @inlinable
    public func text() -> String {
        unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension UnsafeRawBufferPointer {
    /// Compares two buffers of one length. Names are short: eight bytes a step, the last step
    /// overlapping the one before, cost less than calling out.
    @inlinable
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count >= 8 else { return unsafe isEqualAndShort(to: other) }
        var offset = 0
        while offset < count {
            let place = Swift.min(offset, count - 8)
            let left = unsafe loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let right = unsafe other.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if left != right { return false }
            offset += 8
        }
        return true
    }

    @inlinable
    func isEqualAndShort(to other: UnsafeRawBufferPointer) -> Bool {
        for offset in 0..<count where unsafe self[offset] != other[offset] { return false }
        return true
    }
}
