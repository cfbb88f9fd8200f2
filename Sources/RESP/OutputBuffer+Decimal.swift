extension OutputBuffer {
    /// Writes an integer in decimal.
    @inlinable
    public mutating func append<Integer: FixedWidthInteger>(decimal value: Integer) {
        append(magnitude: UInt64(value.magnitude), isNegative: value < 0)
    }

    /// The number of bytes that `append(decimal:)` writes.
    @inlinable
    public static func decimalByteCount<Integer: FixedWidthInteger>(_ value: Integer) -> Int {
        Decimal.byteCount(magnitude: UInt64(value.magnitude), isNegative: value < 0)
    }

    @usableFromInline
    mutating func append(magnitude: UInt64, isNegative: Bool) {
        reserve(Decimal.byteCountMax)
        var place = end
        var memory = storage.mutableSpan
        Decimal.put(magnitude, isNegative, &memory, &place)
        end = place
    }

    /// Writes a type byte, an integer and CR LF, such as `$12` or `:-1`.
    @usableFromInline
    package mutating func append(line type: UInt8, magnitude: UInt64, isNegative: Bool = false) {
        reserve(Decimal.lineByteCountMax)
        var place = end
        var memory = storage.mutableSpan
        Decimal.putLine(type, magnitude, isNegative, &memory, &place)
        end = place
    }

    /// Writes a bulk string: its header, its bytes and CR LF.
    package mutating func append(bulk bytes: RawSpan) {
        let byteCount = bytes.byteCount
        reserve(Decimal.lineByteCountMax + byteCount + 2)
        var place = end
        var memory = storage.mutableSpan
        Decimal.putLine(UInt8(ascii: "$"), UInt64(byteCount), false, &memory, &place)
        if byteCount > 0 {
            unsafe memory.withUnsafeMutableBytes { target in
                unsafe bytes.withUnsafeBytes { source in
                    unsafe UnsafeMutableRawBufferPointer(
                        rebasing: target[place..<place + byteCount]
                    ).copyMemory(from: source)
                }
            }
            place += byteCount
        }
        Decimal.putLineEnd(&memory, &place)
        end = place
    }

    /// Writes a literal as a bulk string.
    package mutating func append(bulk text: StaticString) {
        text.withUTF8Buffer { unsafe append(bulk: $0.span.octets) }
    }

    /// Writes an integer's digits as a bulk string.
    @usableFromInline
    package mutating func append(bulkOf magnitude: UInt64, isNegative: Bool) {
        let byteCount = Decimal.byteCount(magnitude: magnitude, isNegative: isNegative)
        reserve(2 * Decimal.lineByteCountMax)
        var place = end
        var memory = storage.mutableSpan
        Decimal.putLine(UInt8(ascii: "$"), UInt64(byteCount), false, &memory, &place)
        Decimal.put(magnitude, isNegative, &memory, &place)
        Decimal.putLineEnd(&memory, &place)
        end = place
    }
}
