import RESP
import TestSupport

/// Random replies, and how a server writes them.
struct ReplySamples {
    var samples: RequestSamples

    init(seed: UInt64) {
        samples = RequestSamples(seed: seed)
    }

    /// Returns a reply no deeper than told.
    mutating func reply(depth: Int, isTop: Bool = false) -> Reply {
        let kinds = depth == 0 ? 0..<9 : 0..<(isTop ? 13 : 12)
        switch Int.random(in: kinds, using: &samples.generator) {
        case 0: return .simple(line())
        case 1: return .error(code: "ERR", message: line())
        case 2: return .integer(Int64.random(in: .min ... .max, using: &samples.generator))
        case 3: return .bulk(payload())
        case 4: return .null
        case 5: return .boolean(Bool.random(using: &samples.generator))
        case 6: return .double(Double.random(in: -1e9...1e9, using: &samples.generator))
        case 7: return .bigNumber(String(repeating: "7", count: 25))
        case 8: return .verbatim(format: "txt", text: payload())
        case 9: return .array(values(depth))
        case 10: return .set(values(depth))
        case 11:
            let pairs = zip(values(depth), values(depth))
            return .map(pairs.map { Reply.Entry(key: $0, value: $1) })
        default: return .push(values(depth))
        }
    }

    private mutating func values(_ depth: Int) -> [Reply] {
        (0..<Int.random(in: 0...4, using: &samples.generator)).map { _ in reply(depth: depth - 1) }
    }

    private mutating func payload() -> [UInt8] {
        samples.generator.bytes(Int.random(in: 0...20, using: &samples.generator))
    }

    private mutating func line() -> String {
        String(
            (0..<Int.random(in: 0...12, using: &samples.generator)).map { _ in
                Character(Unicode.Scalar(UInt8.random(in: 32..<127, using: &samples.generator)))
            })
    }
}

extension ReplyWriter {
    /// Writes a reply as read, an attribute before every so many.
    mutating func write(_ reply: Reply) {
        switch reply {
        case .simple(let text): simpleString(text)
        case .error(let code, let message): error(code: code, message)
        case .integer(let value): integer(value)
        case .bulk(let bytes): bulk(bytes)
        case .null: null()
        case .boolean(let value): boolean(value)
        case .double(let value): double(value)
        case .bigNumber(let digits): bigNumber(digits)
        case .verbatim(_, let text): verbatim(text.span.octets)
        case .array(let values):
            array(values.count)
            for value in values { write(value) }
        case .set(let values):
            set(values.count)
            for value in values { write(value) }
        case .push(let values):
            push(values.count)
            for value in values { write(value) }
        case .map(let entries):
            map(entries.count)
            for entry in entries {
                write(entry.key)
                write(entry.value)
            }
        }
    }
}

extension Reply {
    /// The reply as RESP2 can say it.
    var inRESP2: Reply {
        switch self {
        case .boolean(let value): .integer(value ? 1 : 0)
        case .double(let value): .bulk(bytes(value.description))
        case .bigNumber(let digits): .bulk(bytes(digits))
        case .verbatim(_, let text): .bulk(text)
        case .array(let values), .set(let values), .push(let values):
            .array(values.map(\.inRESP2))
        case .map(let entries): .array(entries.flatMap { [$0.key.inRESP2, $0.value.inRESP2] })
        default: self
        }
    }
}
