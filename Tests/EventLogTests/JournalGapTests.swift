import EventModel
import Glibc
import TestSupport
import Testing

@testable import EventLog

/// A power cut where commits do not wait for the disk, which takes what is written in any order.
@Suite("A journal that has lost a round before others")
struct JournalGapTests {
    private let folder: TemporaryFolder
    private var journal: String { folder.path + "/journal" }
    /// Each round on a page of its own.
    private let lazy = OpenLog.lazySizes

    init() throws { folder = try TemporaryFolder() }

    private func lose(_ round: Int, of whole: [UInt8]) throws {
        var bytes = whole
        let page = Journal.alignment * round
        for place in page..<page + Journal.alignment { bytes[place] = 0 }
        try File.write(bytes, to: journal)
    }

    @Test(
        "ends there; what lies behind is never found again, and an epoch begins", arguments: 1...8)
    func cut(_ lost: Int) throws {
        do {
            let opened = try OpenLog(folder.path, sizes: lazy, durability: .os)
            for id in 1...8 { try opened.append([Said("\(id)")]) }
        }
        try lose(lost, of: try File.contents(journal))
        let kept = (1..<lost).map { "\($0)" }
        do {
            // A start that dies before the epoch begins leaves it to the next.
            let opened = try OpenLog(folder.path, seed: 2, sizes: lazy)
            #expect(try opened.events().map(\.draft.id) == kept)
        }
        // Nobody can know of one behind which nothing was found.
        let begins = lost < 8
        do {
            let opened = try OpenLog(folder.path, seed: 3, sizes: lazy, durability: .os)
            let epoch = try opened.log.enterEpoch(
                opened.writer, folder: opened.folder, recorded: .zero, now: OpenLog.noon)
            #expect(epoch.number == (begins ? 2 : 1))
            #expect(epoch.position == (begins ? Position(UInt64(lost)) : .zero))
            for id in 20...29 { try opened.append([Said("\(id)")]) }
        }
        let opened = try OpenLog(folder.path, seed: 4, sizes: lazy)
        let epochs = begins ? ["store.epoch:2"] : []
        #expect(
            try opened.events().map(\.draft.id) == kept + epochs + (20...29).map { "\($0)" })
        #expect(
            try opened.log.enterEpoch(
                opened.writer, folder: opened.folder, recorded: .zero, now: OpenLog.noon
            ).number == (begins ? 2 : 1))
    }

    @Test("tells of the loss of what was on disk")
    func flushed() throws {
        do {
            let opened = try OpenLog(
                folder.path, sizes: lazy, durability: .interval(milliseconds: 1))
            for id in 1...4 { try opened.append([Said("\(id)")]) }
            try waitUntil("four events are on disk") { opened.log.durable >= Position(4) }
            for id in 5...6 { try opened.append([Said("\(id)")]) }
        }
        let whole = try File.contents(journal)
        for round in 1...4 {
            try lose(round, of: whole)
            #expect(throws: EventLogError.self) { _ = try OpenLog(folder.path, sizes: lazy) }
        }
        try File.write(whole, to: journal)
        #expect(try OpenLog(folder.path, sizes: lazy).log.head.position == Position(6))
    }

    @Test("what a killed process has left to the system is on disk before anybody asks for it")
    func opened() throws {
        do {
            let opened = try OpenLog(folder.path, sizes: lazy, durability: .os)
            for id in 1...4 { try opened.append([Said("\(id)")]) }
            #expect(opened.log.durable == .zero)
        }
        let opened = try OpenLog(folder.path, sizes: lazy, durability: .os)
        #expect(opened.log.durable == Position(4))
        try opened.append([Said("5")])
        #expect(opened.log.durable == Position(4))
        // It says so: its loss would be one.
        let whole = try File.contents(journal)
        try lose(4, of: whole)
        #expect(throws: EventLogError.self) { _ = try OpenLog(folder.path, sizes: lazy) }
    }
}
