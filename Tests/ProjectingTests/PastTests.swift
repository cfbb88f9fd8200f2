import EventLog
import EventModel
import Foundation
import TestSupport
import Testing
import Views

@testable import Projecting

@Suite("The past")
struct PastTests {
    private let folder: TemporaryFolder
    private static let seed =
        ProcessInfo.processInfo.environment["THROUGHLINE_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 0..<1_000_000)

    init() throws { folder = try TemporaryFolder() }

    /// - Parameter isFoldedAnew: Then states are kept between checkpoints, else at them.
    @Test("is told as it was: the same bytes, whatever came since", arguments: [false, true])
    func sameBytes(isFoldedAnew: Bool) throws {
        print("the past: THROUGHLINE_SEED=\(Self.seed)")
        let store = try FoldedStore(folder.store)
        var centre = BusyCentre(store, seed: Self.seed)
        try centre.run(events: 10_000, notes: 8)
        if isFoldedAnew {
            #expect(store.views.rebuild("queues"))
            wait(store.views.queues) { $0.rebuild == nil }
            var kept: [UInt64] = []
            try store.views.queues.store.forEachSnapshot { at, _ in kept.append(at.rawValue) }
            #expect(kept == [4_096, 8_192])
        }
        let past = try store.views.past()
        for said in centre.said {
            let moment = try past.moment(.position(said.position))
            #expect(moment.position == said.position)
            let again = try centre.saidAgain(of: moment, past, said.now)
            #expect(again.count == said.documents.count)
            for (now, then) in zip(again, said.documents) where now != then {
                Issue.record(
                    """
                    at \(said.position), seed \(Self.seed):
                    \(String(decoding: now, as: UTF8.self))
                    instead of
                    \(String(decoding: then, as: UTF8.self))
                    """)
                return
            }
        }
        let kept = try store.views.queues.store.snapshot(atOrBefore: Position(.max))
        #expect(try #require(kept).position >= Position(8_192))
    }

    @Test("states that were kept behind the checkpoint of a process that died are not believed")
    func keptBehindCheckpoint() throws {
        do {
            let store = try FoldedStore(folder.store)
            try store.appendCalls(1...10)
            store.catchUp()
        }
        do {
            let view = try ViewStore.open(path: folder.view(QueuesProjection.self))
            try view.keep(PastRows(), at: Position(20))
            try view.keep(PastRows(), at: Position(25))
            try view.settle()
        }
        let store = try FoldedStore(folder.store)
        try store.appendCalls(11...15)
        store.catchUp()
        let kept = try store.views.queues.store.snapshot(atOrBefore: Position(.max))
        #expect(try #require(kept).position == Position(20))
    }

    @Test("by recorded time is that of the last event recorded by then")
    func recordedTime() throws {
        let store = try FoldedStore(folder.store)
        for number in 1...30 {
            let now = FoldedStore.noon.advanced(byMilliseconds: Int64(number / 3) * 1_000)
            try store.stage("note.taken source pbx id \(number) interaction c-1", now: now)
            try store.commit(now: now)
        }
        store.catchUp()
        let past = try store.views.past()
        func at(_ milliseconds: Int64) throws -> Position {
            let moment = FoldedStore.noon.advanced(byMilliseconds: milliseconds)
            return try past.moment(.recorded(moment)).position
        }
        #expect(try at(-1) == .zero)
        #expect(try at(0) == Position(2))
        #expect(try at(999) == Position(2))
        #expect(try at(1_000) == Position(5))
        #expect(try at(60_000) == Position(30))
        let last = try past.moment(.position(Position(4)))
        #expect(last.now == FoldedStore.noon.advanced(byMilliseconds: 1_000))
    }

    @Test("by occurred time holds what is known now of what had happened, however late it came")
    func occurred() throws {
        let store = try FoldedStore(folder.store)
        let noon = FoldedStore.noon
        func time(_ minutes: Int64) -> String {
            noon.advanced(byMilliseconds: minutes * 60_000).rfc3339
        }
        let lines = [
            "interaction.created source pbx id 1 occurred \(time(0)) interaction c-1 channel voice "
                + "direction inbound method inbound customer crm:1",
            "interaction.disconnected source pbx id 2 occurred \(time(30)) interaction c-1 "
                + "by customer",
            "queue.entered source pbx id 3 occurred \(time(10)) interaction c-1 queue billing",
        ]
        for (index, line) in lines.enumerated() {
            let now = noon.advanced(byMilliseconds: Int64(index + 1) * 3_600_000)
            try store.stage(line, now: now)
            try store.commit(now: now)
        }
        store.catchUp()
        let past = try store.views.past()
        let asked = noon.advanced(byMilliseconds: 20 * 60_000)
        let moment = try past.moment(.occurred(asked))
        #expect(moment.position == Position(3))
        var json = JSONWriter()
        #expect(
            try QueuesView.writeQueue(
                "billing", now: moment.now, from: past.queues(at: moment), to: &json))
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains("\"waiting_count\":1"))
        #expect(text.contains("\"wait_ms\":600000"))
        var known = JSONWriter()
        let then = try past.moment(.recorded(asked))
        #expect(
            try !QueuesView.writeQueue(
                "billing", now: asked, from: past.queues(at: then), to: &known))
    }

    @Test("rows in memory are changed and found by key")
    func rows() {
        var random = SeededGenerator(seed: Self.seed)
        var rows = PastRows()
        var model: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<50 {
            var changes: [[UInt8]: [UInt8]?] = [:]
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let key = random.bytes(Int.random(in: 1...2, using: &random)).map { $0 & 7 }
                changes.updateValue(random.once(in: 3) ? nil : random.bytes(3), forKey: key)
            }
            rows.apply(
                changes.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                    .map { (key: $0.key, row: $0.value) })
            for (key, row) in changes { model[key] = row }
            let sorted = model.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            #expect(rows.keys == sorted.map(\.key) && rows.rows == sorted.map(\.value))
            var bytes: [UInt8] = []
            rows.encode(into: &bytes)
            #expect(unsafe (try? PastRows(stored: bytes.span.bytes))?.rows == rows.rows)
            let key = random.bytes(1).map { $0 & 7 }
            #expect(rows.row(key) == model[key])
        }
    }
}
