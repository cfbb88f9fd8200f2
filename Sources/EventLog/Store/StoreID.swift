/// The name of a store, as files of it carry it.
enum StoreID {
    /// Returns the 16 bytes that 32 hexadecimal digits stand for.
    static func bytes(of digits: String) -> [UInt8] {
        precondition(digits.utf8.count == 32, "a store's id has 32 digits")
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
