import EventModel
import Foundation
import TestSupport
import Testing

@testable import EventLog

@Suite("The journal")
struct JournalTests {
    private let folder: TemporaryFolder
    private var journal: String { folder.path + "/journal" }
    private let lazy = OpenLog.lazySizes

    init() throws { folder = try TemporaryFolder() }

    private func said(_ id: Int, bytes: Int = 300) -> Said {
        var said = Said("\(id)")
        var random = SeededRandom(seed: UInt64(id))
        said.data = random.bytes(bytes)
        return said
    }

    @Test("what no segment holds is there after reopening, again and again")
    func reopening() throws {
        for time in 0..<5 {
            let opened = try OpenLog(folder.path, seed: UInt64(time), sizes: lazy)
            #expect(opened.log.head.position == Position(UInt64(time) * 10))
            for index in 1...10 { try opened.append([said(time * 10 + index)]) }
            #expect(opened.log.stored == .zero)
        }
        let opened = try OpenLog(folder.path, sizes: lazy)
        #expect(try opened.events().map(\.draft) == (1...50).map { said($0).draft })
        #expect(try opened.append([said(7)]) == [.repeated(Position(7))])
    }

    @Test("the ring wraps for ever, whatever the sizes of rounds, and reopening finds every event")
    func wrapping() throws {
        var random = SeededRandom(seed: 11)
        var sizes = OpenLog.sizes
        sizes.journalBytes = 256 << 10
        sizes.strideBytes = 32 << 10
        var count = 0
        for time in 0..<6 {
            let opened = try OpenLog(folder.path, seed: UInt64(time), sizes: sizes)
            #expect(opened.log.head.position == Position(UInt64(count)))
            for _ in 0..<60 {
                let round = (1...Int.random(in: 1...6, using: &random)).map {
                    said(count + $0, bytes: Int.random(in: 1...9_000, using: &random))
                }
                // The model needs the bytes again: only ids are compared below.
                try opened.append(round)
                count += round.count
            }
        }
        let opened = try OpenLog(folder.path, sizes: sizes)
        #expect(try opened.events().map(\.draft.id) == (1...count).map { "\($0)" })
    }

    @Test(
        "the ring is read as it is, but for zeros at its end",
        arguments: [[], [0], [262_143], [262_144], [1, 700_000], [1_048_575], [1_048_576 + 4_095]])
    func trimmed(_ written: [Int]) throws {
        let bytes = 1_048_576 + 4_096
        var whole = [UInt8](repeating: 0, count: bytes)
        for place in written { whole[place] = 7 }
        let head = [UInt8](repeating: 9, count: Journal.alignment)
        try Data(head + whole).write(to: URL(fileURLWithPath: journal))
        let ring = try JournalFile.readRing(journal, ringBytes: bytes)
        #expect(ring + [UInt8](repeating: 0, count: bytes - ring.count) == whole)
        #expect(ring.count >= (written.max() ?? -1) + 1)
        #expect(ring.count <= (written.max() ?? -1) + 1 + 262_144)
    }

    @Test("a round takes no more than one write can; what has no room is taken behind its commit")
    func roundBound() throws {
        var sizes = lazy
        sizes.journalBytes = LogLimits.journalBytesMin
        let opened = try OpenLog(folder.path, sizes: sizes)
        var count = 0
        var isFull = false
        while !isFull {
            do {
                try opened.stage(said(count + 1, bytes: 60_000))
                count += 1
            } catch ReadFailure<Never>.log(.roundFull) {
                isFull = true
            }
            try #require(count * 60_000 < LogLimits.roundBytesHardMax)
        }
        #expect(count * 61_000 > LogLimits.roundBytesHardMax - 61_000)
        #expect(opened.writer.stagedCount == count)
        try opened.commit()
        #expect(
            try opened.append([said(count + 1, bytes: 60_000)]) == [
                .new(Position(UInt64(count + 1)))
            ])
        // Alone, too.
        var large = said(count + 2)
        large.data = [UInt8](repeating: 1, count: LogLimits.roundBytesHardMax)
        #expect(throws: ReadFailure<Never>.self) { try opened.stage(large) }
        #expect(opened.writer.stagedCount == 0)
        #expect(try opened.append([said(count + 2)]) == [.new(Position(UInt64(count + 2)))])
        let ids = try opened.events().map(\.draft.id)
        #expect(ids == (1...count + 2).map { "\($0)" })
    }

    @Test("a full ring holds the round back, and lets it go on after a stride")
    func full() throws {
        var sizes = lazy
        sizes.journalBytes = 64 << 10
        let opened = try OpenLog(folder.path, sizes: sizes)
        var count = 0
        while true {
            count += 1
            try opened.stage(said(count, bytes: 5_000))
            guard case .done = try opened.writer.commit(now: OpenLog.noon) else { break }
        }
        #expect(count > 3)
        #expect(opened.writer.stagedCount == 1)
        #expect(opened.log.head.position == Position(UInt64(count - 1)))
        opened.log.settle()
        #expect(try opened.writer.commit(now: OpenLog.noon) == .done(Position(UInt64(count))))
        #expect(
            try opened.events().map(\.draft) == (1...count).map { said($0, bytes: 5_000).draft })
    }

    @Test("a round cut short by a power cut is as if it had never been")
    func tornLast() throws {
        var ends: [Int] = []
        do {
            let opened = try OpenLog(folder.path, sizes: lazy)
            for id in 1...3 {
                try opened.append([said(id, bytes: 10_000)])
                ends.append(Journal.alignment + id * Journal.aligned(10_400))
            }
        }
        let whole = try File.contents(journal)
        for cut in stride(from: ends[1], to: ends[2] - 4_096, by: 512) {
            var torn = whole
            for index in cut..<ends[2] { torn[index] = 0 }
            try File.write(torn, to: journal)
            let opened = try OpenLog(folder.path, sizes: lazy)
            #expect(opened.log.head.position == Position(2), "cut at \(cut)")
            #expect(try opened.append([said(4)]) == [.new(Position(3))])
        }
    }

    @Test("a damaged round before others, and a lost end after closing in order, are told")
    func damage() throws {
        do {
            let opened = try OpenLog(folder.path, sizes: lazy)
            for id in 1...3 { try opened.append([said(id)]) }
            try opened.writer.close()
        }
        let whole = try File.contents(journal)
        for round in 0..<3 {
            var damaged = whole
            damaged[Journal.alignment * (round + 1) + 200] ^= 4
            try File.write(damaged, to: journal)
            guard
                case .damagedJournal(_, let first, _) = try refusal({
                    _ = try OpenLog(folder.path, sizes: lazy)
                })
            else {
                Issue.record("opened without round \(round)")
                continue
            }
            #expect(first == Position(UInt64(round) + 1))
        }
        try File.write(whole, to: journal)
        #expect(try OpenLog(folder.path, sizes: lazy).log.head.position == Position(3))
    }

    @Test(
        "a journal of another store, of a later format, cut short or with a wrong head is refused")
    func refused() throws {
        do {
            try OpenLog(folder.path, sizes: lazy).append([said(1)])
        }
        let whole = try File.contents(journal)
        func expectRefused(_ bytes: [UInt8], _ what: String) throws {
            try File.write(bytes, to: journal)
            #expect(throws: EventLogError.self, "\(what)") {
                _ = try OpenLog(folder.path, sizes: lazy)
            }
        }
        try expectRefused(Array(whole.dropLast(4_096)), "cut short")
        try expectRefused([], "empty")
        for byte in 0..<JournalFile.headBytes {
            var damaged = whole
            damaged[byte] ^= 1
            try expectRefused(damaged, "byte \(byte)")
        }
        let other = try TemporaryFolder()
        do {
            try OpenLog(other.path, seed: 99, sizes: lazy).append([said(1)])
        }
        try expectRefused(try File.contents(other.path + "/journal"), "another store's")
        try File.write(whole, to: journal)
        #expect(try OpenLog(folder.path, sizes: lazy).events().count == 1)
    }

    @Test("an event's data that looks like a record is none")
    func forged() throws {
        do {
            let opened = try OpenLog(folder.path, sizes: lazy)
            try opened.append([said(1)])
        }
        // A whole journal page as data of an event that later rounds overwrite in part.
        let page = Array(try File.contents(journal)[4_096..<8_192])
        var forged = page
        // The key is not known to producers: any other does.
        forged[16] ^= 1
        var large = said(2)
        large.data = Array(repeating: forged, count: 8).flatMap { $0 }
        do {
            let opened = try OpenLog(folder.path, sizes: lazy)
            try opened.append([large])
        }
        #expect(try OpenLog(folder.path, sizes: lazy).log.head.position == Position(2))
    }

    @Test(
        "commits that do not wait for the disk say how far it is",
        arguments: [LogDurability.interval(milliseconds: 1), .os])
    func durability(_ durability: LogDurability) throws {
        let opened = try OpenLog(folder.path, sizes: lazy, durability: durability)
        for id in 1...20 { try opened.append([said(id)]) }
        #expect(opened.log.durable <= Position(20))
        if durability != .os {
            try waitUntil("all events are on disk") { opened.log.durable >= Position(20) }
        }
        #expect("\(opened.log.durability)" == "\(durability)")
        #expect(LogDurability("\(durability)") == durability)
    }

    @Test("a durability is read as it is written, and nothing else is one")
    func durabilityText() {
        for text in [
            "", "interval", "interval:", "interval:0", "interval:60001", "interval:-1", "OS",
        ] {
            #expect(LogDurability(text) == nil, "\(text)")
        }
        #expect(LogDurability("always") == .always)
    }
}
