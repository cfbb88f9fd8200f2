import EventLog
import EventModel
import Foundation
import LMDB
import Synchronization
import Testing
import Views

@testable import Projecting

@Suite("A patrol")
struct PatrolTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fill() throws {
        let store = try FoldedStore(folder.store)
        try store.appendCalls(1...300)
        store.endSegment()
        try store.appendCalls(301...310)
        store.catchUp()
    }

    private func look(_ store: FoldedStore) -> [PatrolFinding] {
        let findings = Findings()
        store.views.patrol.observe { finding in findings.all.withLock { $0.append(finding) } }
        store.views.patrol.round(store.views.patrolled)
        return findings.all.withLock { $0 }
    }

    private final class Findings: Sendable {
        let all = Mutex<[PatrolFinding]>([])
    }

    private var index: String { folder.store + "/log/00000000000000000001.index" }
    private var segment: String { folder.store + "/log/00000000000000000001.segment" }

    /// Turns a bit behind each place of some bytes in a file.
    private func turnBit(behind wanted: [UInt8], by distance: Int, in path: String) throws {
        var contents = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let places = (0..<contents.count - wanted.count - distance).filter {
            contents[$0] == wanted[0]
                && contents[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
        try #require(!places.isEmpty)
        for place in places { contents[place + distance] ^= 1 }
        // In its place: who has the file open sees it.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.write(contentsOf: Data(contents))
        try file.close()
    }

    @Test("finds nothing where nothing is wrong, also while views are folded")
    func healthy() throws {
        try fill()
        let store = try FoldedStore(folder.store)
        try store.appendCalls(311...400)
        #expect(look(store) == [])
        store.catchUp()
        #expect(look(store) == [])
        #expect(store.views.patrol.status.rounds == 2)
        #expect(store.views.patrol.status.findings == 0)
    }

    @Test("finds a row whose key has gone wrong, which nobody has looked for")
    func key() throws {
        try fill()
        let file = folder.view(QueuesProjection.self)
        var key: [UInt8] = []
        try ViewFile(file).changeKeys { each in
            // The last one alone: what an index knows of it stays right.
            if each.starts(with: Array("i".utf8)) { key = each }
        }
        try #require(!key.isEmpty)
        try ViewFile(file).changeKeys { if $0 == key { $0[$0.count - 1] ^= 1 } }
        do {
            let store = try FoldedStore(folder.store)
            #expect(store.views.queues.status.fault == nil)
            let found = look(store)
            #expect(found.map(\.file) == ["views/queues"])
            #expect(found.first?.what.contains("damaged") == true, "\(found)")
            #expect(store.views.queues.status.fault?.contains("damaged") == true)
            #expect(store.views.metrics.status.fault == nil)
            // It is said once.
            #expect(look(store) == [])
        }
        #expect(folder.isThere(file + ".damaged"))
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(look(store) == [])
        var isFound = false
        try store.views.queues.snapshot().row(key) { (_) throws(ViewFault) in isFound = true }
        #expect(isFound)
    }

    @Test(
        "finds a wrong bit in an index that nobody asks, and has it made anew", arguments: [1, 2])
    func leaf(database: Int) throws {
        try fill()
        let store = try FoldedStore(folder.store)
        let before = try Data(contentsOf: URL(fileURLWithPath: index))
        // In a leaf of ids: run 0, from the lowest hash on; in one of streams.
        let lowest = [UInt8](repeating: 0, count: database == 1 ? 10 : 22)
        try turnBit(behind: lowest, by: lowest.count + 9, in: index)
        let found = look(store)
        #expect(found.map(\.file).contains("log/00000000000000000001.index"), "\(found)")
        store.endSegment()
        #expect(look(store) == [])
        #expect(!folder.isThere(index + ".damaged"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: index)).count == before.count)
    }

    @Test("finds a wrong bit in a block that nobody reads, and names what is behind it")
    func block() throws {
        try fill()
        let store = try FoldedStore(folder.store)
        // The head of the first block: version, then its first position.
        let head = try Data(contentsOf: URL(fileURLWithPath: segment))
        #expect(head.count > 8_192)
        try turnBit(behind: [1, 0, 0, 0], by: 40, in: segment)
        let found = look(store)
        #expect(found.map(\.file) == ["log/00000000000000000001.segment"], "\(found)")
        #expect(found.first?.what.contains("position 1 on") == true, "\(found)")
        #expect(found.first?.what.contains("restore the segment from a backup") == true)
        #expect(store.views.patrol.status.newest == found.first)
    }

    @Test("ends soon when it is told to")
    func stops() throws {
        try fill()
        let began = ContinuousClock.now
        do { _ = try FoldedStore(folder.store) }
        #expect(began.duration(to: .now) < .seconds(20))
    }
}
