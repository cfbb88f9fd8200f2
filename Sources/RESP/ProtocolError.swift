/// Why bytes are not RESP, or are more of it than is allowed.
///
/// A framing error cannot be recovered from: nobody knows where the next frame begins. The server
/// answers `-ERR Protocol error: …` and closes; the client closes.
public enum ProtocolError: Error, Equatable, Sendable {
    /// A byte that must stand here does not: `expected '$', got 'x'`.
    case unexpectedByte(expected: String, got: UInt8)
    /// A length is no integer in range; `got` is nil if it is no 64-bit integer at all.
    case invalidLength(Counted, got: Int64?, max: Int)
    /// The whole request is longer than allowed.
    case requestTooLarge(max: Int)
    /// An inline command has more words than allowed.
    case tooManyArguments(max: Int)
    /// An inline command has no line feed within the allowed length.
    case inlineTooLong(max: Int)
    /// An inline command has a quote without end, or text directly after a closing quote.
    case unbalancedQuotes
    /// An inline command holds a NUL byte: whoever speaks here does not speak RESP.
    case nulInInline
    /// A scalar of a reply cannot be read as what its type byte says.
    case invalidScalar(Scalar)
    /// A simple string, an error or a number of a reply has no end within the allowed length.
    case lineTooLong(max: Int)
    /// Aggregates of a reply lie deeper inside each other than allowed.
    case replyTooDeep(max: Int)
    /// The whole reply is longer than allowed.
    case replyTooLarge(max: Int)
    /// The reply holds more values than allowed.
    case tooManyElements(max: Int)

    /// What a length counts; the raw value is the word that a message uses.
    public enum Counted: String, Sendable {
        /// The arguments of a request.
        case multibulk
        /// The bytes of an argument or of a bulk string.
        case bulk
        /// The values of an array, a set or a push.
        case array
        /// The pairs of a map or of an attribute.
        case map
    }

    /// What a scalar was meant to be; the raw value is the word that a message uses.
    public enum Scalar: String, Sendable {
        /// A signed 64-bit integer.
        case integer
        /// A floating point number.
        case double
        /// `t` or `f`.
        case boolean
        /// Digits without limit.
        case bigNumber = "big number"
        /// Nothing at all.
        case null
        /// Three letters of format, a colon, text.
        case verbatim = "verbatim string"
    }
}

extension ProtocolError: CustomStringConvertible {
    /// The message: what was expected and what came, never bytes as the peer sent them.
    public var description: String {
        switch self {
        case .unexpectedByte(let expected, let got):
            "expected \(expected), got \(Self.quoted(got))"
        case .invalidLength(let counted, let got?, let max):
            "invalid \(counted.rawValue) length: expected at most \(max), got \(got)"
        case .invalidLength(let counted, nil, let max):
            "invalid \(counted.rawValue) length: expected at most \(max), got no integer"
        case .requestTooLarge(let max):
            "too big request: expected at most \(max) bytes"
        case .tooManyArguments(let max):
            "too many arguments: expected at most \(max)"
        case .inlineTooLong(let max):
            "too big inline request: expected a line feed within \(max) bytes"
        case .unbalancedQuotes:
            "unbalanced quotes in request"
        case .nulInInline:
            "NUL byte in inline request"
        case .invalidScalar(let scalar):
            "invalid \(scalar.rawValue) in reply"
        case .lineTooLong(let max):
            "too big line in reply: expected its end within \(max) bytes"
        case .replyTooDeep(let max):
            "too deep reply: expected at most \(max) levels"
        case .replyTooLarge(let max):
            "too big reply: expected at most \(max) bytes"
        case .tooManyElements(let max):
            "too many values in reply: expected at most \(max)"
        }
    }

    /// Returns one byte between single quotes, escaped unless it is a printable ASCII character.
    static func quoted(_ byte: UInt8) -> String {
        switch byte {
        case ASCII.carriageReturn: return "'\\r'"
        case ASCII.lineFeed: return "'\\n'"
        case ASCII.singleQuote, ASCII.backslash: return "'\\\(Character(Unicode.Scalar(byte)))'"
        case ASCII.space..<ASCII.delete: return "'\(Character(Unicode.Scalar(byte)))'"
        default:
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "'\\x0\(digits)'" : "'\\x\(digits)'"
        }
    }
}
