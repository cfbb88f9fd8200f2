internal import EventModel
internal import ReferenceEvents

/// A system to which events are appended.
protocol AppendTarget: AnyObject {
    /// A short name for tables.
    var name: String { get }
    /// Version, configuration, and in whose favour the work differs, one line each.
    var facts: [String] { get }

    /// Begins anew on an empty store.
    func begin() throws
    /// Ends the server.
    func end()
    /// Returns the request that appends an event, `id` and `name` to be written over.
    func request(for event: EventDraft, json: [UInt8]) -> [UInt8]
    /// Waits until what the load left undone is done, and forgets what would slow the next round.
    func settle() throws
    /// Appends for some seconds, each event on disk before its answer, after a warm-up.
    ///
    /// - Parameter ordinal: The number of the next request of the ring.
    func appendRound(
        _ ring: RequestRing, connections: Int, depth: Int, seconds: Double,
        from ordinal: inout UInt64
    ) throws -> Round
}

/// A server under load.
protocol LoadTarget: AppendTarget {
    /// A path, or `tcp:` and a port.
    var socketPath: String { get }
    var wire: Wire { get }
    /// Requests that each connection sends before the load.
    var greeting: [[UInt8]] { get }
    /// Processor seconds of the server so far.
    func cpuSeconds() throws -> Double
}

extension LoadTarget {
    func appendRound(
        _ ring: RequestRing, connections: Int, depth: Int, seconds: Double,
        from ordinal: inout UInt64
    ) throws -> Round {
        var loop = try ClosedLoop(
            socketPath: socketPath, wire: wire, greeting: greeting, connections: connections,
            depth: depth, ring: ring, from: ordinal)
        defer { ordinal = loop.nextOrdinal }
        return try loop.run(warmUp: seconds / 10, seconds: seconds, serverCPU: cpuSeconds)
    }
}

extension AppendTarget {
    /// Encodes the reference events for this target.
    func appendRing(_ workload: Workload) -> RequestRing {
        var events = ReferenceEvents(
            seed: workload.seed, count: workload.events, text: workload.text)
        var ring = RequestRing(seed: workload.seed)
        while let event = events.next() {
            ring.append(request(for: event, json: event.json), event.marks)
        }
        return ring
    }
}

/// Which reference events are sent.
struct Workload: Codable, Sendable {
    var seed: UInt64
    /// As many before they come round again under new ids and names.
    var events: Int
    var text: MessageText
}

extension EventDraft {
    /// The interaction or the order; else nothing.
    var streamName: String {
        for name in ["interaction", "order"] {
            if case .text(let text) = self[name] { return text }
        }
        return ""
    }

    /// What of it is made anew each lap.
    var marks: RequestRing.Marks {
        var session = ""
        if case .text(let text) = self["session_id"] { session = String(text.dropFirst(2)) }
        return RequestRing.Marks(
            id: id, name: streamName, session: session, occurred: occurred,
            customer: identifiers.first { $0.kind == "crm" }?.value ?? "")
    }

    /// The customer as a key: `crm:00000042`.
    var customerKey: String {
        identifiers.first.map { "\($0.kind):\($0.value)" } ?? ""
    }
}

/// Writes RESP requests.
enum RESPRequest {
    static func bytes(_ words: [[UInt8]]) -> [UInt8] {
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words {
            bytes.append(contentsOf: "$\(word.count)\r\n".utf8)
            bytes.append(contentsOf: word)
            bytes.append(contentsOf: "\r\n".utf8)
        }
        return bytes
    }

    static func bytes(_ words: String...) -> [UInt8] { bytes(words.map { Array($0.utf8) }) }
}
