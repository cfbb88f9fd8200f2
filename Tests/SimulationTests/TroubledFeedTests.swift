import EventModel
import FoldTesting
import Simulation
import Testing

@testable import Views

@Suite("What goes wrong on the way to the log")
struct TroubledFeedTests {
    private static let options = SimulationOptions(seed: 3, start: midnight, customers: 120)

    private func feed(_ body: (inout FeedTrouble) -> Void) -> [EventDraft] {
        var trouble = FeedTrouble()
        body(&trouble)
        return Array(IteratorSequence(TroubledFeed(ShopSimulation(Self.options), trouble)))
    }

    @Test("without trouble events come as they happen, and trouble is the same every time")
    func same() {
        #expect(feed { _ in } == events(of: Self.options))
        let first = feed { $0.late = 50 }
        #expect(first == feed { $0.late = 50 })
        #expect(first != events(of: Self.options))
    }

    @Test("late events all come, behind later ones; about as many as were asked for")
    func late() {
        let plain = events(of: Self.options)
        let late = feed { $0.late = 100 }
        #expect(Set(late.map(\.id)) == Set(plain.map(\.id)) && late.count == plain.count)
        var newest: Int64 = 0
        var behind = 0
        for draft in late {
            if draft.moment < newest { behind += 1 }
            newest = max(newest, draft.moment)
        }
        // Some of them have nothing behind them for so long.
        #expect(behind > plain.count / 20 && behind < plain.count / 7)
    }

    @Test("events that come twice are the same twice, lost ones never come")
    func twice() {
        let plain = events(of: Self.options)
        let twice = feed { $0.duplicated = 100 }
        let counts = Dictionary(grouping: twice, by: \.id)
        #expect(counts.count == plain.count && counts.values.allSatisfy { $0.count <= 2 })
        #expect(counts.values.allSatisfy { $0.first == $0.last })
        let share = Double(twice.count - plain.count) / Double(plain.count)
        // 0.1, five standard errors to either side.
        let error = (0.09 / Double(plain.count)).squareRoot()
        #expect(abs(share - 0.1) < 5 * error, "\(share) of \(plain.count)")
        let lost = feed { $0.lost = 100 }
        #expect(abs(1 - Double(lost.count) / Double(plain.count) - 0.1) < 5 * error)
    }

    @Test("a silent system tells afterwards what happened, but for its heartbeats")
    func silent() {
        let plain = events(of: Self.options)
        let silent = feed { $0.silences = 3 }
        let told = Set(silent.map(\.id))
        let missing = plain.filter { !told.contains($0.id) }
        #expect(!missing.isEmpty && missing.allSatisfy { $0.type == "source.heartbeat" })
        for source in Set(plain.map(\.source)) {
            let own = silent.filter { $0.source == source }.map(\.moment)
            #expect(own == own.sorted(), "\(source) tells in order")
        }
        #expect(silent.map(\.moment) != silent.map(\.moment).sorted())
    }

    @Test("once each event is there, queues are as if nothing had gone wrong")
    func folded() throws {
        let plain = try Self.rows(events(of: Self.options))
        let troubled = feed {
            $0.late = 200
            $0.duplicated = 50
        }
        var seen: Set<String> = []
        // The log stores each once for ever.
        let rows = try Self.rows(troubled.filter { seen.insert($0.id).inserted })
        for prefix in "wesqbtafmny".utf8 {
            #expect(plain.all.count { $0.key[0] == prefix } > 0 || prefix == UInt8(ascii: "b"))
            let left = plain.all.filter { $0.key[0] == prefix }
            let right = rows.all.filter { $0.key[0] == prefix }
            #expect(
                left.map(\.key) == right.map(\.key) && left.map(\.row) == right.map(\.row),
                "rows \(Character(Unicode.Scalar(prefix)))")
        }
    }

    /// Nobody is named: whose id is whose depends on who was seen first.
    private static func rows(_ drafts: [EventDraft]) throws -> MemoryRows {
        var intake = EventIntake()
        var log = MemoryLog(clock: midnight.milliseconds)
        for var draft in drafts {
            draft.identifiers = []
            var record: [UInt8] = []
            try draft.encode(with: &intake, into: &record)
            try log.append(record: record)
        }
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        return run.rows
    }

    @Test("on holidays as many times more contacts come as was asked for")
    func holiday() {
        var options = SimulationOptions(seed: 5, start: midnight, customers: 300, days: 3)
        options.lastDayMilliseconds = 86_400_000
        options.holidays = SimulationOptions.Holidays(firstDay: 1, days: 1, factor: 3)
        // Legs and second tries follow from contacts; visits are what comes by itself.
        var visits = [0, 0, 0]
        for draft in events(of: options) where draft.type == "session.started" {
            visits[Int((draft.moment - midnight.milliseconds) / 86_400_000)] += 1
        }
        let usual = Double(visits[0] + visits[2]) / 2
        // Poisson: six standard errors of a ratio of such counts.
        let error = 3 * (1 / Double(visits[1]) + 1 / (2 * usual)).squareRoot()
        #expect(abs(Double(visits[1]) / usual - 3) < 6 * error, "\(visits)")
    }
}
