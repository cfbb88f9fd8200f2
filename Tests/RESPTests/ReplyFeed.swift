import RESP
import Testing

/// What a client sees of a connection's bytes, in order.
enum ReplyItem: Equatable {
    case reply(Reply)
    case failure(ProtocolError)
    /// The bytes end inside a reply.
    case pending
}

/// Returns what a parser makes of bytes that come in pieces of these sizes, then the rest.
func replies(
    in bytes: [UInt8], pieces: [Int] = [], limits: ReplyLimits = .standard
) -> [ReplyItem] {
    var parser = ReplyParser(limits: limits)
    var items: [ReplyItem] = []
    var buffer: [UInt8] = []
    var rest = bytes[...]
    for piece in pieces + [bytes.count] {
        buffer.append(contentsOf: rest.prefix(piece))
        rest = rest.dropFirst(piece)
        if takeReplies(&parser, &buffer, &items) { return items }
    }
    if !buffer.isEmpty || parser.isMidReply { items.append(.pending) }
    return items
}

/// Takes all whole replies off a buffer; returns whether the parser failed.
private func takeReplies(
    _ parser: inout ReplyParser, _ buffer: inout [UInt8], _ items: inout [ReplyItem]
) -> Bool {
    while true {
        let consumed: Int
        switch outcome(of: &parser, buffer) {
        case .incomplete(let consumedBytes, let neededBytes):
            #expect(consumedBytes <= buffer.count && neededBytes >= 1)
            buffer.removeFirst(consumedBytes)
            return false
        case .reply(let reply, let consumedBytes):
            items.append(.reply(reply))
            consumed = consumedBytes
        case .failure(let error):
            #expect(outcome(of: &parser, buffer) == .failure(error), "a failure stays")
            items.append(.failure(error))
            return true
        }
        #expect(consumed >= 1 && consumed <= buffer.count)
        buffer.removeFirst(consumed)
    }
}

/// Returns what a parser says of bytes; a function of its own because `#expect` copies its operands.
func outcome(of parser: inout ReplyParser, _ bytes: [UInt8]) -> ReplyParser.Outcome {
    parser.parse(bytes.span.octets)
}

/// Expects the same items however the bytes are cut: whole, byte by byte, at every place in two.
func expectReplies(
    _ bytes: [UInt8], _ expected: [ReplyItem], limits: ReplyLimits = .standard,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(replies(in: bytes, limits: limits) == expected, sourceLocation: sourceLocation)
    let ones = [Int](repeating: 1, count: bytes.count)
    #expect(
        replies(in: bytes, pieces: ones, limits: limits) == expected, "byte by byte",
        sourceLocation: sourceLocation)
    let places = bytes.indices.filter {
        replies(in: bytes, pieces: [$0], limits: limits) != expected
    }
    #expect(places.isEmpty, "cut in two at these places", sourceLocation: sourceLocation)
}

func expectReply(
    _ sent: String, _ expected: Reply, sourceLocation: SourceLocation = #_sourceLocation
) {
    expectReplies(bytes(sent), [.reply(expected)], sourceLocation: sourceLocation)
}
