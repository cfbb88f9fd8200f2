/// A length as it follows its type byte: decimal digits, an optional minus, CR LF.
///
/// Strict as Redis is: no plus, no leading zero, no `-0`. So a header that has not failed has at
/// most 20 bytes before its CR, and reading it again when more bytes come costs next to nothing.
enum LengthHeader {
    /// The bytes end before the header does.
    case incomplete
    /// A well-formed length; `end` is the offset behind its LF.
    case length(Int64, end: Int)
    /// No 64-bit integer.
    case malformed
    /// The CR is followed by this byte instead of LF.
    case noLineFeed(UInt8)

    /// Reads the header that begins at `start`.
    @inline(__always)
    static func read(_ bytes: RawSpan, from start: Int) -> LengthHeader {
        readShort(bytes, from: start) ?? readAny(bytes, from: start)
    }

    /// Reads one or two digits with CR LF behind them, which is what nearly all headers are.
    @inline(__always)
    private static func readShort(_ bytes: RawSpan, from start: Int) -> LengthHeader? {
        guard bytes.byteCount - start >= 4 else { return nil }
        // The one check above covers the four bytes.
        let word = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: start, as: UInt32.self)
        let first = UInt8(truncatingIfNeeded: UInt32(littleEndian: word)) &- ASCII.zero
        let rest = UInt32(littleEndian: word) >> 8
        guard first < 10 else { return nil }
        if rest & 0xFFFF == 0x0A0D { return .length(Int64(first), end: start + 3) }
        let second = UInt8(truncatingIfNeeded: rest) &- ASCII.zero
        guard second < 10, first > 0, rest >> 8 == 0x0A0D else { return nil }
        return .length(Int64(first) * 10 + Int64(second), end: start + 4)
    }

    private static func readAny(_ bytes: RawSpan, from start: Int) -> LengthHeader {
        let count = bytes.byteCount
        guard start < count else { return .incomplete }
        let negative = bytes.byte(at: start) == ASCII.minus
        let firstDigit = negative ? start + 1 : start
        var index = firstDigit
        var magnitude: Int64 = 0
        while index < count {
            let byte = bytes.byte(at: index)
            let digit = byte &- ASCII.zero
            guard digit < 10 else {
                guard byte == ASCII.carriageReturn, index > firstDigit,
                    !(negative && magnitude == 0)
                else { return .malformed }
                guard index + 1 < count else { return .incomplete }
                let next = bytes.byte(at: index + 1)
                guard next == ASCII.lineFeed else { return .noLineFeed(next) }
                return .length(negative ? -magnitude : magnitude, end: index + 2)
            }
            if magnitude == 0 && index > firstDigit { return .malformed }
            let (tenfold, tooLarge) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeSum) = tenfold.addingReportingOverflow(Int64(digit))
            if tooLarge || tooLargeSum { return .malformed }
            magnitude = sum
            index += 1
        }
        return .incomplete
    }
}

extension RawSpan {
    /// Returns one byte; the offset is checked.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Returns the offset of the first `byte` at or behind `start`, or nil if there is none.
    func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < byteCount {
            if self.byte(at: index) == byte { return index }
            index += 1
        }
        return nil
    }
}
