internal import EventModel
internal import Foundation
internal import Histogram

/// SQLite inside this process: what all connections would have under way is one transaction.
final class SQLiteTarget: AppendTarget {
    let name = "sqlite"
    private let library: SQLiteLibrary
    private let folder: String
    private let settings: [String]
    private var store: SQLiteStore?
    private var request: [UInt8] = []

    /// - Returns: nil when SQLite is not installed.
    init?(scratch: String, _ durability: Durability) {
        guard let library = SQLiteLibrary() else { return nil }
        self.library = library
        folder = scratch + "/sqlite"
        settings = SQLiteStore.settings + [durability.sqlite]
    }

    var facts: [String] {
        [
            "SQLite \(library.version), \(settings.joined(separator: " "))",
            "  in the bench's own process, one prepared insert (stream version, unique id) an event,"
                + " connections × depth events a transaction: no socket, no server, in its favour",
        ]
    }

    func begin() throws {
        end()
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(library, path: folder + "/events.db", settings: settings)
    }

    func end() { store = nil }

    func settle() throws { try store?.clear() }

    /// Stream and id, each behind its length, then the body.
    func request(for event: EventDraft, json: [UInt8]) -> [UInt8] {
        let stream = event.streamName.isEmpty ? event.customerKey : event.streamName
        return [UInt8(stream.utf8.count)] + Array(stream.utf8)
            + [UInt8(event.id.utf8.count)] + Array(event.id.utf8) + json
    }

    func appendRound(
        _ ring: RequestRing, connections: Int, depth: Int, seconds: Double,
        from ordinal: inout UInt64
    ) throws -> Round {
        guard let store else { throw BenchFailure("SQLite has not begun") }
        try run(store, ring, connections * depth, seconds / 10, &ordinal, nil)
        var latencies = Round.emptyHistogram()
        let before = Clock.threadCPU()
        let begin = Clock.now()
        try run(store, ring, connections * depth, seconds, &ordinal) { nanoseconds in
            latencies.record(min(nanoseconds, Round.latencyMax), count: UInt64(connections * depth))
        }
        let cpu = Double(Clock.threadCPU() - before) / 1e9
        return Round(
            latencies: latencies, seconds: Double(Clock.now() - begin) / 1e9, serverSeconds: cpu,
            clientSeconds: 0)
    }

    private func run(
        _ store: SQLiteStore, _ ring: RequestRing, _ count: Int, _ seconds: Double,
        _ ordinal: inout UInt64, _ record: ((UInt64) -> Void)?
    ) throws {
        let end = Clock.now() + UInt64(seconds * 1e9)
        while true {
            let begin = Clock.now()
            if begin >= end { return }
            try Interruption.check()
            try store.begin()
            for _ in 0..<count {
                request.removeAll(keepingCapacity: true)
                ring.write(ordinal, to: &request)
                ordinal += 1
                let streamEnd = 1 + Int(request[0])
                let idEnd = streamEnd + 1 + Int(request[streamEnd])
                try store.add(
                    stream: request[1..<streamEnd], id: request[(streamEnd + 1)..<idEnd],
                    body: request[idEnd...])
            }
            try store.commit()
            record?(Clock.now() - begin)
        }
    }
}
