internal import EventModel

/// Words as RESP encodes them: `$<length>\r\n<bytes>\r\n`.
enum EncodedWords {
    /// What stands before a word, the length still to be written.
    static let header = Array("$00\r\n".utf8)

    /// The name of the time and the header of its value, which always has 24 bytes.
    static let occurred = encode(["occurred"]) + Array("$24\r\n".utf8)

    /// Returns words one behind the other.
    static func encode(_ words: [String]) -> [UInt8] {
        words.flatMap { Array("$\($0.utf8.count)\r\n\($0)\r\n".utf8) }
    }

    /// Returns the words as texts.
    static func texts(_ bytes: RawSpan) -> [String] {
        var texts: [String] = []
        var offset = 0
        while offset < bytes.byteCount {
            let rest = bytes.extracting(offset..<bytes.byteCount)
            guard let end = rest.firstOffset(of: 0x0D),
                let count = rest.extracting(1..<end).integer()
            else { preconditionFailure("a batch holds what it encoded") }
            let start = end + 2
            texts.append(rest.extracting(start..<start + Int(count)).text())
            offset += start + Int(count) + 2
        }
        return texts
    }
}
