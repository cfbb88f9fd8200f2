/// Writes integers in decimal into memory that has room for them.
@usableFromInline
enum Decimal {
    /// A sign and the digits of the largest magnitude.
    static let byteCountMax = 21
    /// A type byte before that and CR LF behind it.
    static let lineByteCountMax = 1 + byteCountMax + 2

    @usableFromInline
    static func byteCount(magnitude: UInt64, isNegative: Bool) -> Int {
        digitCount(magnitude) + (isNegative ? 1 : 0)
    }

    @inline(__always)
    static func putLine(
        _ type: UInt8, _ magnitude: UInt64, _ isNegative: Bool,
        _ memory: inout MutableSpan<UInt8>, _ place: inout Int
    ) {
        memory[place] = type
        place += 1
        put(magnitude, isNegative, &memory, &place)
        putLineEnd(&memory, &place)
    }

    @inline(__always)
    static func putLineEnd(_ memory: inout MutableSpan<UInt8>, _ place: inout Int) {
        memory[place] = ASCII.carriageReturn
        memory[place + 1] = ASCII.lineFeed
        place += 2
    }

    /// Writes the sign and, from the last one on, the digits.
    @inline(__always)
    static func put(
        _ magnitude: UInt64, _ isNegative: Bool,
        _ memory: inout MutableSpan<UInt8>, _ place: inout Int
    ) {
        if isNegative {
            memory[place] = ASCII.minus
            place += 1
        }
        let end = place + digitCount(magnitude)
        var index = end - 1
        var rest = magnitude
        while rest >= 10 {
            let quotient = rest / 10
            memory[index] = ASCII.zero + UInt8(truncatingIfNeeded: rest - quotient * 10)
            index -= 1
            rest = quotient
        }
        memory[index] = ASCII.zero + UInt8(truncatingIfNeeded: rest)
        place = end
    }

    private static func digitCount(_ value: UInt64) -> Int {
        var digits = 1
        var rest = value
        while rest >= 10_000 {
            rest /= 10_000
            digits += 4
        }
        return digits + (rest >= 1_000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
    }
}
