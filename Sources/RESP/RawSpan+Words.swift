extension RawSpan {
    /// Returns whether the bytes are this word, ASCII letters compared without regard to case.
    public func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard byteCount == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            for index in 0..<byteCount {
                let own = byte(at: index)
                let other = unsafe letters[index]
                guard own != other else { continue }
                // Letters differ from their other case in bit 5 alone, and so do some others.
                let lower = own | 0x20
                guard lower == other | 0x20, lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "z")
                else { return false }
            }
            return true
        }
    }

    /// Returns the bytes as a signed decimal integer, or nil if they are none that fits.
    ///
    /// Strict: digits with an optional minus, no plus, no leading zero, no `-0`, no white space.
    public func decimalInteger() -> Int64? {
        guard byteCount > 0, byteCount <= 20 else { return nil }
        let negative = byte(at: 0) == ASCII.minus
        let firstDigit = negative ? 1 : 0
        guard byteCount > firstDigit else { return nil }
        if byte(at: firstDigit) == ASCII.zero { return byteCount == 1 ? 0 : nil }
        // Summed up below zero, where the range is one larger.
        var value: Int64 = 0
        for index in firstDigit..<byteCount {
            let digit = byte(at: index) &- ASCII.zero
            guard digit < 10 else { return nil }
            let (tenfold, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeSum) = tenfold.subtractingReportingOverflow(Int64(digit))
            guard !tooLarge, !tooLargeSum else { return nil }
            value = sum
        }
        guard !negative else { return value }
        return value == Int64.min ? nil : -value
    }
}
