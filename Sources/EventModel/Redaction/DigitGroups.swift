/// The digits of a text in groups, and which groups only separators part.
struct DigitGroups {
    struct Group {
        /// Where its digits stand in the text.
        let range: Range<Int>
        /// Where they stand in `digits`.
        let digits: Range<Int>
        /// Whether only separators stand between it and the group before.
        let isJoined: Bool
    }

    private(set) var groups: [Group] = []
    /// The values of all digits.
    private(set) var digits: [UInt8] = []

    /// How many bytes separators between two groups have at most.
    static let separatorBytesMax = 4

    init(_ text: [UInt8]) {
        var offset = 0
        while offset < text.count {
            guard text[offset].isASCIIDigit else {
                offset += 1
                continue
            }
            let start = offset
            let first = digits.count
            while offset < text.count, text[offset].isASCIIDigit {
                digits.append(text[offset] & 0x0F)
                offset += 1
            }
            let isJoined = groups.last.map { Self.parts(text[$0.range.upperBound..<start]) }
            groups.append(
                Group(
                    range: start..<offset, digits: first..<digits.count,
                    isJoined: isJoined ?? false))
        }
    }

    /// Whether bytes are what people put between the groups of one number: blanks, dashes and dots
    /// of ASCII, the no-break spaces and dashes of Unicode.
    private static func parts(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count <= separatorBytesMax else { return false }
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, 0x2D, 0x2E, 0x2F, 0x5F: continue
            case 0xC2:  // U+00A0
                guard rest.popFirst() == 0xA0 else { return false }
            case 0xE2:  // U+2000 … U+2015, U+202F
                guard rest.popFirst() == 0x80, let last = rest.popFirst(),
                    (0x80...0x95).contains(last) || last == 0xAF
                else { return false }
            default: return false
            }
        }
        return true
    }

    func count(_ group: Int) -> Int { groups[group].range.count }
}
