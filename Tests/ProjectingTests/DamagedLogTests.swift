import EventLog
import EventModel
import LMDB
import Testing
import Views

@testable import Projecting

@Suite("A damaged block of the log")
struct DamagedLogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Spoils a block in the middle of the first segment; returns its first position.
    private func spoilBlock() throws -> Position {
        let environment = try Environment.open(
            path: folder.store + "/log/00000000000000000001.segment",
            options: .init(mapBytes: 1 << 30, maxDatabases: 8, creation: .never))
        let blocks = try environment.openDatabases([.init("blocks", keys: .integer)])[0]
        var found: [(key: UInt64, value: [UInt8])] = []
        do {
            let reading = try environment.beginRead()
            try reading.forEach(in: blocks, from: 0) { key, value in
                found.append((key, copied(value)))
                return true
            }
        }
        try #require(found.count > 4)
        var (key, value) = found[found.count / 2]
        value[value.count - 1] ^= 1
        var transaction = try environment.beginWrite()
        try unsafe transaction.put(blocks, key: key, value: value.span.bytes)
        try transaction.commit()
        return Position(key)
    }

    @Test("every fold goes up to the last event before it, and says why it stands still")
    func stops() throws {
        do {
            let store = try FoldedStore(folder.store)
            try store.appendCalls(1...200)
            // An index holds the events then: a log is opened without reading them.
            store.endSegment()
        }
        let first = try spoilBlock()
        try removeViews()
        let store = try FoldedStore(folder.store)
        let before = Position(first.rawValue - 1)
        let reason = whyHalted(store.views.identity)
        #expect(reason.contains("the events from position \(first)"), "\(reason)")
        #expect(store.views.identity.status.position == before)
        _ = store.views.customers.progress.wait(beyond: Position(before.rawValue - 1))
        #expect(store.views.customers.status.position == before)
        #expect(try store.views.customers.snapshot().position == before)
    }

    @Test("rules for all events are found behind it")
    func generation() throws {
        var defined = Position.zero
        do {
            let store = try FoldedStore(folder.store)
            try store.appendCalls(1...400)
            try store.append(
                "definition.set source ops id rules kind identityRules key default version 2 "
                    + #"body {"region":"ES","all_history":true}"#)
            defined = store.log.head.position
            store.endSegment()
        }
        #expect(try spoilBlock() < defined)
        try removeViews()
        let store = try FoldedStore(folder.store)
        #expect(!whyHalted(store.views.identity).isEmpty)
        #expect(try IdentityView.generation(store.views.identity.snapshot()) == defined)
    }

    private func removeViews() throws {
        for name in [
            folder.view(IdentityProjection.self), folder.view(QueuesProjection.self),
            folder.view(MetricsProjection.self), folder.view(CustomersProjection.self),
        ] { try Environment.remove(path: name) }
    }
}
