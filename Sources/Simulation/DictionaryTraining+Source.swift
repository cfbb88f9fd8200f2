internal import EventModel

extension DictionaryTraining {
    /// Letters of base64 in one line of the source file.
    private static let lettersPerLine = 88

    /// Returns the Swift file that holds a dictionary as text.
    ///
    /// The text is one string literal in base64: an array literal of as many numbers costs the
    /// compiler seconds.
    public static func source(of dictionary: [UInt8]) -> String {
        var letters: [UInt8] = []
        Base64.append(unsafe dictionary.span.bytes, to: &letters)
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
}
