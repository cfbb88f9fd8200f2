import EventLog
import EventModel
import Foundation
import TestSupport
import Testing
import Views

@testable import Projecting

/// Views folded whole up to past moments have the very rows that the views had then.
@Suite("A view folded whole up to a past moment")
struct WholePastTests {
    private static let seed =
        ProcessInfo.processInfo.environment["THROUGHLINE_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 0..<1_000_000)

    private let folder: TemporaryFolder
    private let store: FoldedStore

    init() throws {
        folder = try TemporaryFolder()
        store = try FoldedStore(folder.store)
    }

    private static func rows(
        _ snapshot: borrowing ViewSnapshot
    ) throws(ViewFault) -> [[UInt8]: [UInt8]] {
        var all: [[UInt8]: [UInt8]] = [:]
        try snapshot.rows(from: [0], below: [UInt8](repeating: 0xFF, count: 16)) {
            (key, row) throws(ViewFault) in
            all[copied(key)] = copied(row)
            return true
        }
        return all
    }

    /// The rows of metrics, customers and identity in use.
    private func present() throws -> [[[UInt8]: [UInt8]]] {
        [
            try Self.rows(store.views.metrics.snapshot()),
            try Self.rows(store.views.customers.snapshot()),
            try Self.rows(store.views.identity.snapshot()),
        ]
    }

    private func past(_ past: PastViews, _ position: Position) throws -> [[[UInt8]: [UInt8]]] {
        let moment = try past.moment(.position(position))
        var all: [[[UInt8]: [UInt8]]] = []
        func note(_ view: borrowing ViewSnapshot) throws(ViewFault) {
            #expect(view.position == position)
            all.append(try Self.rows(view))
        }
        try past.wholeMetrics(at: moment, note)
        try past.wholeCustomers(at: moment, note)
        try past.wholeIdentity(at: moment, note)
        return all
    }

    private var file: String {
        "\(folder.store)/views/\(MetricsProjection.name)-v\(MetricsProjection.version).past"
    }

    @Test(
        "has the rows of then: earlier moments, later ones, the same again, whatever came between")
    func sameRows() throws {
        print("whole past: THROUGHLINE_SEED=\(Self.seed)")
        var random = SeededGenerator(seed: Self.seed)
        var then: [(position: Position, rows: [[[UInt8]: [UInt8]]])] = []
        for step in 0..<8 {
            try store.appendCalls(step * 7 + 1...step * 7 + 7)
            store.catchUp()
            then.append((store.log.head.position, try present()))
        }
        let views = try store.views.past()
        for _ in 0..<24 {
            let asked = random.pick(then)
            #expect(
                try past(views, asked.position) == asked.rows,
                "seed \(Self.seed), position \(asked.position)")
            // An erasure has views folded anew: what was folded before is not used any more.
            if random.once(in: 6) { try store.views.metrics.whole.discard() }
        }
        let none = try views.moment(.recorded(.earliest))
        try views.wholeMetrics(at: none) { (view) throws(ViewFault) in
            #expect(try Self.rows(view).isEmpty)
        }
    }

    @Test("leaves no file behind a view that is folded anew, nor behind a start")
    func files() throws {
        try store.appendCalls(1...9)
        store.catchUp()
        let views = try store.views.past()
        _ = try past(views, Position(4))
        #expect(folder.isThere(file))
        let ticket = store.views.foldAnew(scrubbedThrough: Position(9))
        let moved = DispatchSemaphore(value: 0)
        store.views.customers.observe { moved.signal() }
        while case .waits = store.views.state(of: ticket) {
            _ = moved.wait(timeout: .now() + .milliseconds(50))
        }
        guard case .done = store.views.state(of: ticket) else {
            Issue.record("a view could not be folded anew")
            return
        }
        #expect(!folder.isThere(file))
        let other = try TemporaryFolder()
        let left = "\(other.store)/views/\(MetricsProjection.name)-v1.past"
        do { _ = try FoldedStore(other.store) }
        try Data([1]).write(to: URL(fileURLWithPath: left))
        _ = try FoldedStore(other.store)
        #expect(!other.isThere(left))
    }

    @Test("ends early where the daemon stops, and says so")
    func stopped() throws {
        try store.appendCalls(1...9)
        store.catchUp()
        let views = try store.views.past()
        store.views.stopPast()
        let moment = try views.moment(.position(Position(4)))
        do {
            try views.wholeMetrics(at: moment) { _ in Issue.record("it was folded") }
        } catch {
            #expect("\(error)".contains("the daemon stops"))
        }
        #expect(!folder.isThere(file))
    }
}
