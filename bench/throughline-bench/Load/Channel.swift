internal import Glibc

/// One connection of a load: what is to be sent, what has come, and when each request went.
struct Channel: ~Copyable {
    private static let receiveBytesMin = 64 << 10

    let descriptor: Int32
    private let wire: Wire
    private var outbox: [UInt8] = []
    private var sentBytes = 0
    private var inbox = [UInt8](repeating: 0, count: 4 * Self.receiveBytesMin)
    private var received = 0
    private var parsed = 0
    /// When the requests under way were sent, a ring.
    private var sentAt: [UInt64]
    private var oldest = 0
    /// Requests without a reply.
    private(set) var underWay = 0

    init(socketPath: String, wire: Wire, depth: Int) throws {
        descriptor = try LoadSocket.connect(socketPath)
        self.wire = wire
        sentAt = Array(repeating: 0, count: depth)
    }

    deinit { _ = close(descriptor) }

    /// Whether bytes wait for the socket to take them.
    var hasUnsent: Bool { sentBytes < outbox.count }
    /// How many requests may still be sent.
    var room: Int { sentAt.count - underWay }

    /// Encodes a request that counts as sent at a moment.
    mutating func add(sent moment: UInt64, _ encode: (inout [UInt8]) -> Void) {
        if underWay == sentAt.count { grow() }
        let start = outbox.count
        encode(&outbox)
        if case .nats = wire { NATSRequest.address(&outbox, from: start, to: descriptor) }
        sentAt[(oldest + underWay) % sentAt.count] = moment
        underWay += 1
    }

    private mutating func grow() {
        sentAt =
            (0..<underWay).map { sentAt[(oldest + $0) % sentAt.count] }
            + Array(repeating: 0, count: max(16, underWay))
        oldest = 0
    }

    /// Sends what the socket takes.
    mutating func flush() throws {
        guard hasUnsent else { return }
        sentBytes += try LoadSocket.send(descriptor, outbox, from: sentBytes)
        if sentBytes == outbox.count {
            outbox.removeAll(keepingCapacity: true)
            sentBytes = 0
        }
    }

    /// Receives what is there; `reply` finds it.
    mutating func receive() throws {
        if parsed > 0 {
            inbox.withUnsafeMutableMove(from: parsed, count: received - parsed)
            received -= parsed
            parsed = 0
        }
        if inbox.count - received < Self.receiveBytesMin {
            inbox.append(contentsOf: repeatElement(0, count: inbox.count))
        }
        received += try LoadSocket.receive(descriptor, &inbox, from: received)
    }

    /// Takes the next reply; returns when its request was sent, nil when none is complete.
    ///
    /// - Throws: `BenchFailure` with the text of a reply that is not as expected.
    mutating func nextReply() throws -> UInt64? {
        guard case .reply(let end, let isGood) = wire.find(inbox, from: parsed, to: received)
        else { return nil }
        guard isGood, underWay > 0 else {
            let text = String(decoding: inbox[parsed..<min(end, parsed + 300)], as: UTF8.self)
            throw BenchFailure(
                "the server answered what was not expected: \(text)",
                text.hasPrefix("-STOPPING ") ? .stopping : .other)
        }
        lastReply = parsed..<end
        parsed = end
        let moment = sentAt[oldest]
        oldest = (oldest + 1) % sentAt.count
        underWay -= 1
        return moment
    }

    private var lastReply = 0..<0

    /// Whether what was answered last says that a view is late.
    var lastIsStale: Bool { Wire.isStale(inbox[lastReply]) }

    /// The integer that was answered last: `:42`.
    var lastInteger: UInt64 {
        var number: UInt64 = 0
        for byte in inbox[(lastReply.lowerBound + 1)..<(lastReply.upperBound - 2)] {
            number = number * 10 + UInt64(byte - 48)
        }
        return number
    }

    /// What was answered last.
    var lastAnswer: ArraySlice<UInt8> { inbox[lastReply] }

    /// Sends a request and waits for its reply, before the load begins.
    mutating func greet(_ request: [UInt8]) throws {
        add(sent: 0) { $0.append(contentsOf: request) }
        try flush()
        var sockets = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        while underWay > 0 {
            try LoadSocket.wait(&sockets, nanoseconds: -1)
            try receive()
            _ = try nextReply()
        }
    }
}

extension [UInt8] {
    /// Moves bytes to the front.
    fileprivate mutating func withUnsafeMutableMove(from start: Int, count: Int) {
        guard count > 0 else { return }
        unsafe withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            _ = unsafe memmove(base, base + start, count)
        }
    }
}
