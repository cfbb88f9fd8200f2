/// A text in which escapes stand for what they are, as JSON writes them (RFC 8259, section 7), and
/// where each byte of it stood. Documents are quoted within documents: so any number of backslashes
/// before `n`, `t`, `u00e9` … is one escape, and any other backslashes are one.
struct UnescapedText {
    /// The text to be searched.
    let bytes: [UInt8]
    /// Where each byte stood, and where the text ended; nil where nothing was escaped.
    private let places: [Int]?

    init(_ text: [UInt8]) {
        guard text.contains(Self.backslash) else {
            bytes = text
            places = nil
            return
        }
        var bytes: [UInt8] = []
        var places: [Int] = []
        bytes.reserveCapacity(text.count)
        places.reserveCapacity(text.count + 1)
        var offset = 0
        while offset < text.count {
            var end = offset
            while end < text.count, text[end] == Self.backslash { end += 1 }
            let before = bytes.count
            if end == offset {
                bytes.append(text[offset])
                end += 1
            } else {
                end = Self.unescape(text, at: end, to: &bytes)
            }
            places += repeatElement(offset, count: bytes.count - before)
            offset = end
        }
        places.append(text.count)
        self.bytes = bytes
        self.places = places
    }

    private static let backslash = UInt8(ascii: "\\")

    /// Appends what backslashes that end at an offset stand for; returns where the text goes on.
    private static func unescape(
        _ text: [UInt8], at offset: Int, to bytes: inout [UInt8]
    ) -> Int {
        switch offset < text.count ? text[offset] : 0 {
        case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
        case UInt8(ascii: "/"): bytes.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(text, at: offset + 1) else { fallthrough }
            append(unit, to: &bytes)
            return offset + 5
        default:
            bytes.append(backslash)
            return offset
        }
        return offset + 1
    }

    private static func codeUnit(_ text: [UInt8], at offset: Int) -> UInt16? {
        guard offset + 4 <= text.count else { return nil }
        var unit: UInt16 = 0
        for byte in text[offset..<offset + 4] {
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt16(byte & 0x0F)
            case 0x41...0x46, 0x61...0x66: unit = unit << 4 | UInt16(byte & 0x07) + 9
            default: return nil
            }
        }
        return unit
    }

    /// Appends a code unit as UTF-8 does; halves of pairs too, which no rule looks for.
    private static func append(_ unit: UInt16, to bytes: inout [UInt8]) {
        let last = UInt8(unit & 0x3F) | 0x80
        if unit < 0x80 {
            bytes.append(UInt8(unit))
        } else if unit < 0x800 {
            bytes += [0xC0 | UInt8(unit >> 6), last]
        } else {
            bytes += [0xE0 | UInt8(unit >> 12), UInt8(unit >> 6 & 0x3F) | 0x80, last]
        }
    }

    /// Where a part of `bytes` stands in the text as it was given.
    func place(of range: Range<Int>) -> Range<Int> {
        guard let places else { return range }
        return places[range.lowerBound]..<places[range.upperBound]
    }
}
