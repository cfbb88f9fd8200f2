import EventModel
import Testing

@testable import EventLog

/// Look-ups in merged indexes that wait for a disk are made beside the thread that owns the order.
@Suite("Ids read ahead")
struct ReadAheadTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A log with segments that have ended, of which every look-up counts as one that has waited.
    private func opened() throws -> OpenLog {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 20
        sizes.coldLookUpNanoseconds = 0
        let opened = try OpenLog(folder.path, sizes: sizes)
        for id in 1...70 { try opened.append([Said("\(id)")]) }
        opened.log.settleSealing()
        // A commit lets go of what is in the index's files by then.
        try opened.append([Said("71")])
        #expect(try opened.stage(Said("1")) == .repeated(Position(1)))
        return opened
    }

    @Test("are not looked up by who does not wait, and are found as before by who has read them")
    func unread() throws {
        let opened = try opened()
        var unread: [EventIDHash]? = []
        for (count, id) in ["5", "40", "new"].enumerated() {
            #expect(try opened.stage(Said(id), unread: &unread) == nil)
            #expect(unread?.count == count + 1)
            #expect(opened.writer.stagedCount == 0)
        }
        #expect(try opened.stageAhead(Said("40")) == .repeated(Position(40)))
        var other = Said("41")
        other.type += ".other"
        #expect(try opened.stageAhead(other) == .conflicting(Position(41)))
        #expect(try opened.stageAhead(Said("new")) == .new(Position(72)))
        // Those of which the index is in memory are never read ahead.
        #expect(try opened.stage(Said("70"), unread: &unread) == .repeated(Position(70)))
        #expect(try opened.stage(Said("new"), unread: &unread) == .repeated(Position(72)))
        #expect(unread?.count == 3)
    }

    @Test("end when none of them has waited any more")
    func warm() throws {
        let lookUps = ColdLookUps(nanosecondsMax: 0)
        var faults = MajorFaults()
        try lookUps.timing(&faults) {}
        #expect(lookUps.areCold)
        // Too slow, but for want of a processor: no page was read.
        let quick = ColdLookUps(nanosecondsMax: 1)
        try quick.timing(&faults) {}
        #expect(!quick.areCold)
    }

    @Test("are read while the index is read by who owns the order, in one file for both")
    func shared() throws {
        let opened = try opened()
        var unread: [EventIDHash]? = []
        for id in 1...60 { #expect(try opened.stage(Said("\(id)"), unread: &unread) == nil) }
        let ids = try #require(unread)
        let log = opened.log
        let thread = TestThread {
            do {
                var reader = try log.makeReader()
                for _ in 0..<50 { log.readAhead(ids, &reader) }
            } catch {
                Issue.record("\(error)")
            }
        }
        for round in 0..<50 {
            for id in 1...60 {
                #expect(
                    try opened.stage(Said("\(id)")) == .repeated(Position(UInt64(id))),
                    "round \(round)")
            }
        }
        thread.join()
    }
}
