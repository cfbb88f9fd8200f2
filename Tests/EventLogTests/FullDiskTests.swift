import EventModel
import Glibc
import LMDB
import Testing

@testable import EventLog

@Suite(
    "A full disk",
    .enabled(if: SmallDisk.isAllowed, "skipped: mounting a small disk needs root"))
struct FullDiskTests {
    private let disk: SmallDisk

    init() throws { disk = try SmallDisk(byteCount: 12 << 20) }

    private func said(_ id: Int, data: Int = 200_000) -> Said {
        var random = SeededRandom(seed: UInt64(id))
        var said = Said("\(id)")
        if data > 0 { said.data = random.bytes(data) }
        return said
    }

    @Test(
        "is told as such, stores nothing more, is read from, and is written to when there is room")
    func full() throws {
        let store = disk.path + "/store"
        var stored = 0
        do {
            let opened = try OpenLog(store)
            stored = try fill(opened)
            #expect(stored > 2)
            for _ in 0..<3 { try expectFull(opened, stored) }

            // Each full round in turn: the log goes on in the same process, without reopening.
            try File.remove(disk.path + "/ballast")
            opened.log.settle()
            #expect(
                try opened.append([said(stored + 1)], after: 1)
                    == [.new(Position(UInt64(stored + 1)))])
            stored += 1
            #expect(try opened.events().map(\.draft.id) == (1...stored).map { "\($0)" })
        }
        let opened = try OpenLog(store, seed: 9)
        #expect(try opened.events().map(\.draft) == (1...stored).map { said($0).draft })
    }

    @Test("a store that is opened on it is read, refuses what does not fit, and goes on later")
    func openedFull() throws {
        let store = disk.path + "/store"
        do {
            try OpenLog(store).append([said(1)])
        }
        try disk.fill("ballast")
        let opened = try OpenLog(store, seed: 9)
        // The journal has room; only what does not fit into a segment is refused.
        try opened.append([said(2)])
        opened.log.settle()
        try expectFull(opened, 2)
        try File.remove(disk.path + "/ballast")
        opened.log.settle()
        try opened.append([said(3)])
        #expect(try opened.events().count == 3)
    }

    @Test("a first start on it is an error, and the next one with room makes the store")
    func firstStart() throws {
        try disk.fill("ballast")
        #expect(throws: EventLogError.self) { _ = try OpenLog(disk.path + "/store") }
        try File.remove(disk.path + "/ballast")
        let opened = try OpenLog(disk.path + "/store")
        #expect(try opened.append([Said("1")]) == [.new(Position(1))])
    }

    /// Leaves a megabyte as ballast and fills the rest with events; returns how many there are.
    private func fill(_ opened: OpenLog) throws -> Int {
        try File.write([UInt8](repeating: 1, count: 1 << 20), to: disk.path + "/ballast")
        var stored = 0
        while true {
            try opened.stage(said(stored + 1))
            do throws(EventLogError) {
                try opened.commit()
                stored += 1
                opened.log.settle()
            } catch {
                guard case .full = error else { throw error }
                return stored
            }
        }
    }

    private func expectFull(_ opened: OpenLog, _ stored: Int) throws {
        let outcomes = try [
            opened.stage(said(stored + 1, data: 0)), opened.stage(said(stored + 2, data: 700_000)),
        ]
        #expect(
            outcomes == [
                .new(Position(UInt64(stored + 1))), .new(Position(UInt64(stored + 2))),
            ])
        do throws(EventLogError) {
            try opened.commit(after: 1)
            Issue.record("there was room")
        } catch {
            guard case .full(let operation) = error else { throw error }
            #expect(operation == "append")
        }
        #expect(opened.log.head.position == Position(UInt64(stored)))
        #expect(opened.writer.stagedCount == 0)
        #expect(try opened.events().map(\.draft.id) == (1...stored).map { "\($0)" })
    }
}
