/// One reply as a client keeps it: owned, of any version of the protocol.
///
/// Attributes are read over and dropped. Two NaNs are not equal, as everywhere.
public enum Reply: Equatable, Sendable {
    /// `+OK`.
    case simple(String)
    /// `-CODE message`: the first word, and what follows it.
    case error(code: String, message: String)
    /// `:1`.
    case integer(Int64)
    /// The bytes of a bulk string.
    case bulk([UInt8])
    /// No value: `_`, and RESP2's `$-1` and `*-1`.
    case null
    /// Values in their order.
    case array([Reply])
    /// Pairs in their order; keys may repeat.
    case map([Entry])
    /// Values that the server says are different; kept in their order.
    case set([Reply])
    /// `#t` and `#f`.
    case boolean(Bool)
    /// `,1.5`.
    case double(Double)
    /// The digits of `(`, with their sign if there was one.
    case bigNumber(String)
    /// A text with its format, such as `txt` or `mkd`.
    case verbatim(format: String, text: [UInt8])
    /// What the server sends unasked; it answers no request.
    case push([Reply])

    /// One pair of a map.
    public struct Entry: Equatable, Sendable {
        /// What the value is found by.
        public var key: Reply
        /// What is found.
        public var value: Reply

        /// Creates a pair.
        public init(key: Reply, value: Reply) {
            self.key = key
            self.value = value
        }
    }
}

extension Reply {
    /// The integer, or nil if the reply is none.
    public var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The text of a string of any kind, bytes that are not UTF-8 replaced; nil for other replies.
    public var text: String? {
        switch self {
        case .simple(let text), .bigNumber(let text): text
        case .bulk(let bytes), .verbatim(_, let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// The values of an array, a set or a push; nil for other replies.
    public var elements: [Reply]? {
        switch self {
        case .array(let values), .set(let values), .push(let values): values
        default: nil
        }
    }

    /// The first value under a key of a map, or of an array of keys and values as RESP2 has it.
    public func value(forKey key: String) -> Reply? {
        switch self {
        case .map(let entries):
            return entries.first { $0.key.text == key }?.value
        case .array(let values):
            let keys = stride(from: 0, to: values.count - 1, by: 2)
            return keys.first { values[$0].text == key }.map { values[$0 + 1] }
        default:
            return nil
        }
    }

    /// Whether the server refused.
    public var isError: Bool {
        if case .error = self { true } else { false }
    }
}
