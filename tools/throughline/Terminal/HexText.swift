import Importing

/// Bytes for people.
enum HexText {
    private static let table = Array("0123456789abcdef".utf8)

    /// Two digits a byte.
    static func digits(_ bytes: [UInt8]) -> String {
        String(
            decoding: bytes.flatMap { [table[Int($0 >> 4)], table[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Digits, and beside them what can be read, in one line.
    static func line(_ bytes: [UInt8]) -> String { digits(bytes) + "  |" + readable(bytes) + "|" }

    /// ASCII as it is, a dot for every other byte: nothing that a terminal would follow.
    static func readable(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : 0x2E }, as: UTF8.self)
    }

    /// Sixteen bytes a line, with the offset of the first.
    static func dump(_ bytes: [UInt8], from offset: Int) -> String {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let part = Array(bytes[start..<min(start + 16, bytes.count)])
            let place = String(offset + start, radix: 16)
            let zeros = String(repeating: "0", count: max(0, 8 - place.count))
            let pairs = part.map { digits([$0]) }.joined(separator: " ")
            let filled = DisplayWidth.pad(pairs, to: 47)
            return "\(zeros)\(place)  \(filled)  |\(readable(part))|\n"
        }.joined()
    }

    /// The bytes that pairs of digits stand for; nil for other text.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
