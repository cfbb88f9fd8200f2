extension DictionaryTraining {
    /// Letters of base64 in one line of the source file.
    private static let lettersPerLine = 88

    /// Returns the Swift file that holds a dictionary as text.
    ///
    /// The text is one string literal in base64: an array literal of as many numbers costs the
    /// compiler seconds.
    public static func source(of dictionary: [UInt8]) -> String {
        let letters = base64(dictionary)
        let lines = stride(from: 0, to: letters.count, by: lettersPerLine).map { start in
            let end = min(start + lettersPerLine, letters.count)
            return "        " + String(decoding: letters[start..<end], as: UTF8.self)
        }
        return """
            /// Written by `throughline train-dictionary`; not to be edited.
            extension FirstDictionary {
                /// The dictionary's \(dictionary.count) bytes in base64.
                static let text: StaticString = \"""
            \(lines.joined(separator: "\\\n"))
                    \"""
            }

            """
    }

    /// Encodes bytes in base64 (RFC 4648).
    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var letters: [UInt8] = []
        letters.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= 8 * UInt32(3 - group.count)
            for place in 0...3 {
                letters.append(
                    place <= group.count
                        ? alphabet[Int(bits >> (18 - 6 * UInt32(place)) & 63)]
                        : UInt8(ascii: "="))
            }
        }
        return letters
    }
}
