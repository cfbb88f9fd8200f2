import RESP
import Testing

/// What a server sees of a connection's bytes, in order.
enum RequestItem: Equatable {
    case request([[UInt8]])
    case blank
    case failure(ProtocolError)
    /// Bytes at the end that are no whole request.
    case pending(byteCount: Int)
}

/// Feeds a parser as a server does: appends what comes, drops what is consumed.
struct RequestFeed: ~Copyable {
    var parser: RequestParser
    private var buffer: [UInt8] = []
    private var items: [RequestItem] = []
    private var hasFailed = false

    init(limits: RequestLimits = .standard) {
        parser = RequestParser(limits: limits)
    }

    mutating func receive(_ bytes: ArraySlice<UInt8>) {
        buffer.append(contentsOf: bytes)
        while !hasFailed, step() {}
    }

    consuming func finish() -> [RequestItem] {
        if !buffer.isEmpty, !hasFailed { items.append(.pending(byteCount: buffer.count)) }
        return items
    }

    /// Takes one item; returns whether there may be another.
    private mutating func step() -> Bool {
        let consumed: Int
        switch outcome(of: &parser, buffer) {
        case .incomplete(let neededBytes):
            #expect(neededBytes >= 1)
            return false
        case .request(let consumedBytes):
            items.append(.request(Self.arguments(parser, buffer)))
            consumed = consumedBytes
        case .blank(let consumedBytes):
            items.append(.blank)
            consumed = consumedBytes
        case .failure(let error):
            #expect(outcome(of: &parser, buffer) == .failure(error), "a failure stays")
            items.append(.failure(error))
            hasFailed = true
            return false
        }
        #expect(consumed >= 1 && consumed <= buffer.count)
        buffer.removeFirst(consumed)
        return !buffer.isEmpty
    }

    private static func arguments(
        _ parser: borrowing RequestParser, _ buffer: [UInt8]
    ) -> [[UInt8]] {
        let arguments = parser.arguments(in: buffer.span.octets)
        return (0..<arguments.count).map { arguments.copy(at: $0) }
    }
}

/// Returns what a parser makes of bytes that come in pieces of these sizes, then the rest.
func requests(
    in bytes: [UInt8], pieces: [Int] = [], limits: RequestLimits = .standard
) -> [RequestItem] {
    var feed = RequestFeed(limits: limits)
    var rest = bytes[...]
    for piece in pieces {
        feed.receive(rest.prefix(piece))
        rest = rest.dropFirst(piece)
    }
    feed.receive(rest)
    return feed.finish()
}

/// Expects the same items however the bytes are cut: whole, byte by byte, at every place in two.
func expectRequests(
    _ bytes: [UInt8], _ expected: [RequestItem], limits: RequestLimits = .standard,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let whole = requests(in: bytes, limits: limits)
    #expect(whole == expected, sourceLocation: sourceLocation)
    let ones = [Int](repeating: 1, count: bytes.count)
    #expect(
        requests(in: bytes, pieces: ones, limits: limits) == expected, "byte by byte",
        sourceLocation: sourceLocation)
    let places = bytes.indices.filter {
        requests(in: bytes, pieces: [$0], limits: limits) != expected
    }
    #expect(places.isEmpty, "cut in two at these places", sourceLocation: sourceLocation)
}

func request(_ words: String...) -> RequestItem {
    .request(words.map { Array($0.utf8) })
}

func bytes(_ text: String) -> [UInt8] {
    Array(text.utf8)
}

/// Returns what a parser says of bytes; a function of its own because `#expect` copies its operands.
func outcome(of parser: inout RequestParser, _ bytes: [UInt8]) -> RequestParser.Outcome {
    parser.parse(bytes.span.octets)
}

extension ReferenceRequestParser.Item {
    init(_ item: RequestItem) {
        switch item {
        case .request(let arguments): self = .request(arguments)
        case .blank: self = .blank
        case .pending(let byteCount): self = .pending(byteCount: byteCount)
        case .failure: self = .refused
        }
    }
}
