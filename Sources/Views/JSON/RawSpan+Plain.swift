internal import EventModel

extension RawSpan {
    /// Tells whether the bytes are ASCII that JSON needs not escape: eight bytes a step.
    var isPlain: Bool {
        var offset = 0
        while offset + 8 <= byteCount {
            guard load(littleEndian: UInt64.self, at: offset).holdsPlainBytes else { return false }
            offset += 8
        }
        while offset < byteCount {
            let byte = self[offset]
            guard byte >= 0x20, byte < 0x7F, byte != 0x22, byte != 0x5C else { return false }
            offset += 1
        }
        return true
    }
}

extension UInt64 {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// Whether all eight bytes are 20 … 7E but none is `"` or `\`.
    var holdsPlainBytes: Bool {
        // A byte minus its bound borrows into its top bit; bytes with that bit are none of ours.
        let low = self &- Self.ones &* 0x20
        let quote = (self ^ Self.ones &* 0x22) &- Self.ones
        let backslash = (self ^ Self.ones &* 0x5C) &- Self.ones
        let delete = (self ^ Self.ones &* 0x7F) &- Self.ones
        return (self | low | quote | backslash | delete) & Self.tops == 0
    }
}
