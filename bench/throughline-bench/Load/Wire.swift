/// How replies are told apart on a connection.
enum Wire: Sendable {
    /// The Redis serialisation protocol; a good reply begins with this byte.
    case resp(expects: UInt8)
    /// The same; whatever is no error is a good reply, and so is `-STALE`: the server says that a view
    /// is late, which is what happens to it, not what is wrong with it.
    case respAnswer
    /// PostgreSQL's protocol, version 3: a reply ends with ReadyForQuery.
    case postgres
    /// The protocol of NATS: a reply is a message to this connection's inbox, or PONG; what the
    /// server says of itself is passed over.
    case nats

    /// What lies at a place of the received bytes.
    enum Found: Equatable {
        case incomplete
        case reply(end: Int, isGood: Bool)
    }

    /// Finds the reply that begins at `start`.
    func find(_ bytes: [UInt8], from start: Int, to end: Int) -> Found {
        guard start < end else { return .incomplete }
        switch self {
        case .resp(let expected):
            guard let replyEnd = Self.respEnd(bytes, start, end) else { return .incomplete }
            let isNull = bytes[start] == UInt8(ascii: "$") && bytes[start + 1] == UInt8(ascii: "-")
            return .reply(end: replyEnd, isGood: bytes[start] == expected && !isNull)
        case .respAnswer:
            guard let replyEnd = Self.respEnd(bytes, start, end) else { return .incomplete }
            let isError = bytes[start] == UInt8(ascii: "-")
            return .reply(
                end: replyEnd, isGood: !isError || Self.isStale(bytes[start..<replyEnd]))
        case .postgres:
            return Self.postgresReply(bytes, start, end)
        case .nats:
            return NATSReply.find(bytes, start, end)
        }
    }

    /// Whether a reply says that a view has not come as far as it was to be.
    static func isStale(_ reply: ArraySlice<UInt8>) -> Bool { reply.starts(with: "-STALE ".utf8) }

    private static func respEnd(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var number = 0
        var place = start + 1
        while place < end, bytes[place] != UInt8(ascii: "\r") {
            number = number &* 10 &+ Int(bytes[place]) - 48
            place += 1
        }
        let lineEnd = place + 2
        guard lineEnd <= end else { return nil }
        let isNull = bytes[start + 1] == UInt8(ascii: "-")
        switch bytes[start] {
        case UInt8(ascii: "$") where !isNull:
            let replyEnd = lineEnd + number + 2
            return replyEnd <= end ? replyEnd : nil
        case UInt8(ascii: "*") where !isNull:
            var next = lineEnd
            for _ in 0..<number {
                guard next < end, let elementEnd = respEnd(bytes, next, end) else { return nil }
                next = elementEnd
            }
            return next
        default:
            return lineEnd
        }
    }

    /// Each message is a type byte and four bytes of length, which count themselves.
    private static func postgresReply(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Found {
        var place = start
        var isGood = true
        while place + 5 <= end {
            let type = bytes[place]
            let length = bytes[(place + 1)...(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            place += 1 + length
            guard place <= end else { return .incomplete }
            if type == UInt8(ascii: "E") { isGood = false }
            if type == UInt8(ascii: "Z") { return .reply(end: place, isGood: isGood) }
        }
        return .incomplete
    }
}
