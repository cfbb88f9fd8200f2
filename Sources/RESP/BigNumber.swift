/// The grammar of a big number: at most one sign, then digits.
enum BigNumber {
    static func isValid(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount > 0 else { return false }
        let first = bytes.byte(at: 0)
        let firstDigit = first == ASCII.minus || first == ASCII.plus ? 1 : 0
        guard firstDigit < bytes.byteCount else { return false }
        for index in firstDigit..<bytes.byteCount where bytes.byte(at: index) &- ASCII.zero > 9 {
            return false
        }
        return true
    }
}
