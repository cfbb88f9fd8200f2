internal import EventModel

extension DocumentMask {
    /// Walks the tokens of a document of ours, which is well formed, and writes it anew from the first
    /// replacement on.
    struct Walk {
        enum Kind {
            case objectBegins, arrayBegins, ends
            /// The name of a field, without its quotes.
            case field
            /// A text, without its quotes.
            case string
            case number
            /// `true`, `false`, `null`.
            case word
        }

        struct Token {
            let kind: Kind
            let range: Range<Int>
        }

        private let text: [UInt8]
        private var offset = 0
        private var written: [UInt8] = []
        /// Up to where `written` stands for the text.
        private var copied = 0

        init(_ text: [UInt8]) { self.text = text }

        /// The document with what was replaced; nil while nothing was.
        var result: [UInt8]? { copied == 0 ? nil : written + text[copied...] }

        /// Writes something in the place of a text or number, quotes included.
        mutating func replace(_ token: Token, with bytes: [UInt8]) {
            let quote = token.kind == .string ? 1 : 0
            if copied == 0 { written.reserveCapacity(text.count + 256) }
            written += text[copied..<token.range.lowerBound - quote]
            written += bytes
            copied = token.range.upperBound + quote
        }

        mutating func next() -> Token? {
            while offset < text.count {
                let start = offset
                offset += 1
                switch text[start] {
                case UInt8(ascii: "{"): return Token(kind: .objectBegins, range: start..<offset)
                case UInt8(ascii: "["): return Token(kind: .arrayBegins, range: start..<offset)
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    return Token(kind: .ends, range: start..<offset)
                case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A: continue
                case UInt8(ascii: "\""): return string()
                case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
                    return scalar(.word, from: start)
                default: return scalar(.number, from: start)
                }
            }
            return nil
        }

        private mutating func string() -> Token {
            let start = offset
            while text[offset] != UInt8(ascii: "\"") {
                offset += text[offset] == UInt8(ascii: "\\") ? 2 : 1
            }
            let range = start..<offset
            offset += 1
            let isField = offset < text.count && text[offset] == UInt8(ascii: ":")
            return Token(kind: isField ? .field : .string, range: range)
        }

        private mutating func scalar(_ kind: Kind, from start: Int) -> Token {
            while offset < text.count {
                let byte = text[offset]
                if byte == 0x2C || byte == 0x5D || byte == 0x7D { break }
                offset += 1
            }
            return Token(kind: kind, range: start..<offset)
        }
    }
}
