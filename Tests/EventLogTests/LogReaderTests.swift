import EventModel
import LMDB
import Synchronization
import Testing

@testable import EventLog

@Suite("Readers of the log")
struct LogReaderTests {
    private let folder: TemporaryFolder
    private let opened: OpenLog
    private static let count: UInt64 = 40

    /// Forty events in rounds of their own, the most of them in blocks of several events.
    init() throws {
        folder = try TemporaryFolder()
        opened = try OpenLog(folder.path)
        let padding = String(repeating: "x", count: 600)
        for id in 1...Self.count {
            var said = Said("\(id)")
            said.personal = [Attribute("text", .text("\(id) \(padding)"))]
            try opened.append([said])
        }
        let blocks = try opened.blocks()
        precondition(blocks.count > 4 && blocks.allSatisfy { $0.count > 1 })
    }

    @Test("shows every range, from any position through any other, and says where it came to")
    func ranges() throws {
        var reader = try opened.log.makeReader()
        for start in 0...Self.count + 2 {
            for last in 0...Self.count + 2 {
                var shown: [UInt64] = []
                let next = try reader.events(from: Position(start), through: Position(last)) {
                    (event) throws(Never) in
                    #expect(event.id.text() == "\(event.position)")
                    shown.append(event.position.rawValue)
                    return true
                }
                let from = max(start, 1)
                let end = min(last, Self.count)
                let expected = from <= end ? Array(from...end) : []
                #expect(shown == expected)
                #expect(next == Position(max(from, end + 1)))
            }
        }
    }

    @Test(
        "knows blocks again that it has read, as many as there is room for",
        arguments: 1...4 as ClosedRange<UInt64>)
    func memory(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let blocks = try opened.blocks().count
        // From room for none to room for all.
        let room = Int.random(in: 0..<40_000, using: &random)
        let memory = BlockMemory(bytes: room)
        var reader = try opened.log.makeHidingReader(memory)
        var other = try opened.log.makeHidingReader(memory)
        for _ in 0..<400 {
            let position = Position(UInt64.random(in: 0..<Self.count + 2, using: &random))
            let isKnown = position >= Position(1) && position <= Position(Self.count)
            func look(_ event: borrowing EventView) { #expect(event.id.text() == "\(position)") }
            #expect(
                try isKnown == reader.event(at: position) { (event) throws(Never) in look(event) })
            #expect(
                try isKnown == other.event(at: position) { (event) throws(Never) in look(event) })
            #expect(memory.byteCount <= room && memory.count <= blocks)
        }
        #expect(room < 40_000 / blocks || memory.count > 0, "seed \(seed)")
    }

    @Test("shows every range backward, from any position through any other")
    func backward() throws {
        var reader = try opened.log.makeReader()
        for start in 0...Self.count + 2 {
            for first in 0...Self.count + 2 {
                var shown: [UInt64] = []
                let next = try reader.eventsBackward(
                    from: Position(start), through: Position(first)
                ) {
                    (event) throws(Never) in
                    #expect(event.id.text() == "\(event.position)")
                    shown.append(event.position.rawValue)
                    return shown.count < 25
                }
                let from = min(start, Self.count)
                let end = max(first, 1)
                let expected = end <= from ? Array((end...from).reversed().prefix(25)) : []
                #expect(shown == expected)
                #expect(next == Position(expected.last.map { $0 - 1 } ?? from))
            }
        }
    }

    @Test("shows any single event, in any order, and none where there is none")
    func single() throws {
        var reader = try opened.log.makeReader()
        #expect(reader.lastPosition == Position(Self.count))
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let position = UInt64.random(in: 0...Self.count + 3, using: &random)
            var id: String?
            let found = try reader.event(at: Position(position)) { (event) throws(Never) in
                id = event.id.text()
            }
            #expect(found == (1...Self.count).contains(position))
            #expect(id == (found ? "\(position)" : nil))
        }
        for beyond in [UInt64.max - 1, UInt64.max] {
            #expect(try !reader.event(at: Position(beyond)) { (_) throws(Never) in })
            #expect(
                try reader.events(from: Position(beyond)) { (_) throws(Never) in true }
                    == Position(beyond))
        }
    }

    @Test("a body that says no ends the walk behind the event it saw")
    func stops() throws {
        var reader = try opened.log.makeReader()
        for stop in 1...Self.count {
            var seen: UInt64 = 0
            let next = try reader.events(from: Position(1)) { (event) throws(Never) in
                seen += 1
                return event.position.rawValue < stop
            }
            #expect(seen == stop)
            #expect(next == Position(stop + 1))
        }
    }

    @Test("an error of the body comes through, and the reader goes on")
    func throwing() throws {
        struct Stop: Error, Equatable { let at: Position }
        var reader = try opened.log.makeReader()
        do throws(ReadFailure<Stop>) {
            try reader.events(from: Position(7)) { (event) throws(Stop) in
                if event.position == Position(9) { throw Stop(at: event.position) }
                return true
            }
            Issue.record("the walk went on")
        } catch {
            guard case .body(let stop) = error else { throw error }
            #expect(stop == Stop(at: Position(9)))
        }
        #expect(throws: ReadFailure<Stop>.self) {
            _ = try reader.event(at: Position(2)) { (_) throws(Stop) in throw Stop(at: .zero) }
        }
        #expect(try reader.event(at: Position(3)) { (_) throws(Never) in })
    }

    @Test("a reader that has the newest block at hand sees what is added to it")
    func growingTail() throws {
        var reader = try opened.log.makeReader()
        for id in Self.count + 1...Self.count + 30 {
            #expect(try !reader.event(at: Position(id)) { (_) throws(Never) in })
            #expect(try reader.event(at: Position(id - 1)) { (_) throws(Never) in })
            try opened.append([Said("\(id)")])
            var shown = ""
            #expect(
                try reader.event(at: Position(id)) { (event) throws(Never) in
                    shown = event.id.text()
                })
            #expect(shown == "\(id)")
        }
    }

    @Test("staged events are seen by nobody")
    func staged() throws {
        try opened.stage(Said("staged"))
        var reader = try opened.log.makeReader()
        #expect(try !reader.event(at: Position(Self.count + 1)) { (_) throws(Never) in })
        #expect(opened.log.head.position == Position(Self.count))
        #expect(try opened.events().count == Int(Self.count))
    }

    @Test("an event of a block that is gone is an error, not an absent event")
    func missingBlock() throws {
        let second = try #require(try opened.blocks().dropFirst().first)
        var transaction = try opened.segment.environment.beginWrite()
        try transaction.delete(opened.segment.blocks, key: second.first.rawValue)
        try transaction.commit()
        var reader = try opened.log.makeReader()
        for position in second.first.rawValue...second.last.rawValue {
            #expect(throws: ReadFailure<Never>.self) {
                _ = try reader.event(at: Position(position)) { (_) throws(Never) in }
            }
            #expect(throws: ReadFailure<Never>.self) {
                try reader.events(from: Position(position)) { (_) throws(Never) in true }
            }
        }
        #expect(try reader.event(at: second.last.next) { (_) throws(Never) in })
    }
}
