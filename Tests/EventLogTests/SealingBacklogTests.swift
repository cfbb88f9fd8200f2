import EventModel
import Glibc
import LMDB
import TestSupport
import Testing

@testable import EventLog

@Suite("Segments that end while others are sealed")
struct SealingBacklogTests {
    private let folder: TemporaryFolder
    private let opened: OpenLog

    /// A log whose sealer does nothing by itself.
    init() throws {
        folder = try TemporaryFolder()
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 300
        sizes.readerCheckMilliseconds = 0
        opened = try OpenLog(folder.path, sizes: sizes)
        opened.log.sealer.stop()
    }

    /// Appends events until so many segments have ended and their indexes are complete.
    private func end(_ segments: ClosedRange<UInt64>) throws {
        for segment in segments {
            let last = segment * 300
            for id in last - 299...last { try opened.append([Said("\(id)")]) }
            opened.writer.endSegment()
            try waitUntil("segment \(segment) has ended with its index") {
                opened.log.settle()
                return opened.log.indexes.isComplete(
                    first: Position(last - 299), end: Position(last + 1))
            }
        }
    }

    private var merged: [Position] {
        opened.log.indexes.all.compactMap {
            guard case .sealed(_, let first, _) = $0 else { return nil }
            return first
        }
    }

    @Test("their indexes are merged before the next one is packed, and all are counted until then")
    func merging() throws {
        try end(1...2)
        #expect(opened.log.sealing.unsealed == 2)
        #expect(merged.isEmpty)
        let log = opened.log
        let repair = IndexRepair(indexes: log.indexes) { () throws(EventLogError) in
            throw .full(operation: "repair")
        }
        var pass = SealingPass(log.segments, log.indexes, repair, log.erasures)
        var mergedAtFirst: [Position] = []
        var mergedAtSecond: [Position] = []
        let outcome = try pass.run(
            scrubbing: .zero, scrubs: { _ in },
            status: { change in
                var status = Sealer.Status()
                change(&status)
                if status.segment == Position(1) {
                    mergedAtFirst = merged
                    do { try end(3...4) } catch { Issue.record(error) }
                }
                if status.segment == Position(301) { mergedAtSecond = merged }
            }, goesOn: { true })
        #expect(outcome == .done)
        #expect(mergedAtFirst == [1, 301].map { Position($0) })
        #expect(mergedAtSecond == [1, 301, 601, 901].map { Position($0) })
        #expect(log.segments.endedCount(from: Position(601)) == 2)
    }

    @Test("while several wait, and while erasures do, one is packed in haste")
    func haste() {
        let usual = LogLimits.sealedLevel
        #expect(SealingPass.level(waiting: 0, erasing: false) == usual)
        #expect(SealingPass.level(waiting: 1, erasing: false) == usual)
        #expect(SealingPass.level(waiting: 2, erasing: false) < usual)
        #expect(SealingPass.level(waiting: 0, erasing: true) < usual)
    }

    @Test("the slots of tools that were killed while they read what is being written are cleared")
    func killedReaders() async throws {
        try end(1...1)
        let segment = opened.log.segments.newest.environment.path
        let index = folder.path + "/log/00000000000000000001.index"
        let before = opened.log.staleReadersCleared
        await #expect(processExitsWith: .exitCode(7)) {
            [segment = segment as String, index = index as String] in
            try dieReading(segment, index)
        }
        try end(2...2)
        #expect(opened.log.staleReadersCleared == before + 2)
    }
}

/// Ends the process with status 7 while it reads two files that another one writes.
private func dieReading(_ segment: String, _ index: String) throws {
    let environments = try [segment, index].map {
        try Environment.openReadOnlyShared(path: $0, mapBytes: 1 << 36, maxDatabases: 8)
    }
    die(holding: try environments[0].beginRead(), try environments[1].beginRead())
}

/// Borrowing keeps the transactions from ending before the process does.
private func die(
    holding one: borrowing ReadTransaction, _ other: borrowing ReadTransaction
) -> Never { _exit(7) }
