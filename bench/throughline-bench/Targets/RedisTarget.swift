internal import EventModel

/// redis-server's streams.
final class RedisTarget: LoadTarget {
    /// How an event is added.
    enum Manner {
        /// XADD: whoever repeats himself is stored twice.
        case plain
        /// XADD behind SET NX of the event's id, in one function.
        case once
    }

    private let server: RedisServer
    private let manner: Manner
    /// Whether this target, of those that share the server, starts and ends it.
    private let isOwner: Bool
    let wire = Wire.resp(expects: UInt8(ascii: "$"))
    let greeting: [[UInt8]] = []

    init(_ server: RedisServer, _ manner: Manner, isOwner: Bool) {
        self.server = server
        self.manner = manner
        self.isOwner = isOwner
    }

    var name: String { manner == .plain ? "redis XADD" : "redis SETNX+XADD" }
    var socketPath: String { server.socketPath }

    var facts: [String] {
        switch manner {
        case .plain:
            server.facts + [
                "  XADD of one field, the event as JSON, to one stream, no MAXLEN; FLUSHALL between"
                    + " rounds. No schema, ids, indexes, views: less work than ours"
            ]
        case .once: ["  the same behind SET NX of source:id in one FCALL: ids unique"]
        }
    }

    func begin() throws { if isOwner { try server.begin() } }
    func end() { if isOwner { server.end() } }
    func cpuSeconds() throws -> Double { try server.cpuSeconds() }
    func settle() throws { try server.call("FLUSHALL", "SYNC") }

    func request(for event: EventDraft, json: [UInt8]) -> [UInt8] {
        switch manner {
        case .plain:
            RESPRequest.bytes(["XADD", "events", "*", "d"].map { Array($0.utf8) } + [json])
        case .once:
            RESPRequest.bytes(
                ["FCALL", "append_once", "2", "\(event.source):\(event.id)", "events"]
                    .map { Array($0.utf8) } + [json])
        }
    }
}
