extension OutputBuffer {
    /// Writes one byte.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        storage[end] = byte
        end += 1
    }

    /// Writes bytes.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { source in unsafe append(copying: source) }
    }

    /// Writes bytes.
    @inlinable
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.span.octets)
    }

    /// Writes the UTF-8 of a literal.
    @inlinable
    public mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { source in
            unsafe append(copying: UnsafeRawBufferPointer(source))
        }
    }

    /// Writes the UTF-8 of a text.
    @inlinable
    public mutating func append(_ text: String) {
        append(text.utf8.span.octets)
    }

    @inlinable
    mutating func append(copying source: UnsafeRawBufferPointer) {
        guard source.count > 0 else { return }
        reserve(source.count)
        let start = end
        unsafe storage.withUnsafeMutableBytes { memory in
            unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + source.count])
                .copyMemory(from: source)
        }
        end = start + source.count
    }

    /// Writes an integer in decimal.
    public mutating func append<Integer: FixedWidthInteger>(decimal value: Integer) {
        if value < 0 { append(ASCII.minus) }
        append(digitsOf: UInt64(value.magnitude))
    }

    /// The number of bytes that `append(decimal:)` writes.
    public static func decimalByteCount<Integer: FixedWidthInteger>(_ value: Integer) -> Int {
        digitCount(UInt64(value.magnitude)) + (value < 0 ? 1 : 0)
    }

    @usableFromInline
    mutating func append(digitsOf value: UInt64) {
        let digits = Self.digitCount(value)
        reserve(digits)
        put(digitsOf: value, digits, at: end)
        end += digits
    }

    /// Writes digits over memory that is already there.
    mutating func put(digitsOf value: UInt64, _ digits: Int, at start: Int) {
        unsafe storage.withUnsafeMutableBufferPointer { memory in
            let place = unsafe UnsafeMutableBufferPointer(rebasing: memory[start..<start + digits])
            var rest = value
            for index in stride(from: digits - 1, through: 0, by: -1) {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                unsafe place[index] = ASCII.zero + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
        }
    }

    @usableFromInline
    static func digitCount(_ value: UInt64) -> Int {
        var digits = 1
        var rest = value
        while rest >= 10_000 {
            rest /= 10_000
            digits += 4
        }
        return digits + (rest >= 1_000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
    }
}
