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
