/// Bytes as hexadecimal digits in lower case.
enum Hexadecimal {
    /// Returns the bytes that pairs of digits stand for.
    static func bytes(of digits: String) -> [UInt8] {
        precondition(digits.utf8.count % 2 == 0, "two digits make a byte")
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits.utf8 {
            let value = digit <= 0x39 ? digit - 0x30 : digit - 0x61 + 10
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
