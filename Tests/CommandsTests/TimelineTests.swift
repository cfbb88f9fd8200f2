import Foundation
import RESP
import Testing

@testable import Commands

@Suite("timelines of streams")
struct TimelineTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .writer)
    private static let agents = ["ana", "bea"]
    private static let types = ["note.taken", "note.kept", "memo.taken"]

    init() throws { store = try OpenStore() }

    /// What a document says.
    private struct Page: Decodable {
        struct Event: Decodable { let position: Int }

        let position: Int
        let stream: String
        let version: Int
        let events: [Event]
        let before: Int?
        let from: Int?
    }

    private func page(_ line: String) throws -> Page? {
        _ = try store.finish(line, for: session)
        let lines = session.takeLines()
        guard lines.first != "$-1" else { return nil }
        try #require(lines.count == 2, "\(line): \(lines)")
        return try JSONDecoder().decode(Page.self, from: Data(lines[1].utf8))
    }

    /// Events of unknown types with numbers as ids: agent, interaction and channel by the number.
    private func append(_ numbers: ClosedRange<Int>) throws {
        for number in numbers {
            var words = "APPEND \(Self.types[number % 3]) source s id \(number)"
            words += " agent \(Self.agents[number % 2]) interaction i-\(number / 10)"
            // The third event of each interaction names the channel; some name one of their own.
            if number % 10 == 2 { words += " channel \(number / 10 % 2 == 0 ? "voice" : "chat")" }
            if number % 10 == 7 { words += " channel email" }
            store.run(words, for: session)
        }
        #expect(try store.executor.commitRound([session]))
        _ = session.takeLines()
    }

    private func channel(_ number: Int) -> String {
        number % 10 == 7 ? "email" : number / 10 % 2 == 0 ? "voice" : "chat"
    }

    /// Reads all pages; the way they say to go on is followed.
    private func all(_ line: String, forward: Bool) throws -> (positions: [Int], pages: Int) {
        var found: [Int] = []
        var next = forward ? " FROM 1" : ""
        var pages = 0
        while true {
            let page = try #require(try page(line + next))
            pages += 1
            found += page.events.map(\.position)
            guard let bound = forward ? page.from : page.before else { return (found, pages) }
            next = forward ? " FROM \(bound)" : " BEFORE \(bound)"
        }
    }

    @Test("pages both ways, by type and channel, are what a filter over all events finds")
    func filters() throws {
        // Interactions are whole, so that each has its channel.
        try append(10...309)
        let numbers = Array(10...309)
        for agent in 0..<2 {
            for type in ["", "note.taken", "note.*", "memo.*"] {
                for channel in ["", "voice", "chat", "email", "sms"] {
                    let wanted = numbers.filter { number in
                        let name = Self.types[number % 3]
                        let isType =
                            type.hasSuffix("*")
                            ? name.hasPrefix(type.dropLast()) : type.isEmpty || name == type
                        return number % 2 == agent && isType
                            && (channel.isEmpty || self.channel(number) == channel)
                    }.map { $0 - 9 }
                    var line = "TIMELINE agent-\(Self.agents[agent]) COUNT 7"
                    if !type.isEmpty { line += " TYPE \(type)" }
                    if !channel.isEmpty { line += " CHANNEL \(channel)" }
                    #expect(try all(line, forward: true).positions == wanted, "\(line)")
                    #expect(
                        try all(line, forward: false).positions == wanted.reversed(), "\(line)")
                }
            }
        }
        let page = try #require(try page("TIMELINE agent-ana COUNT 1"))
        #expect(page.version == 150 && page.position == 300 && page.stream == "agent-ana")
    }

    @Test("one request reads a bounded number of events, and says where to go on")
    func bounded() throws {
        let events = CommandLimits.timelineEventsReadMax + 100
        for number in 1...events {
            store.run("APPEND note.taken source s id \(number) order o", for: session)
        }
        #expect(try store.executor.commitRound([session]))
        _ = session.takeLines()
        let first = try #require(try page("TIMELINE order-o TYPE nothing.*"))
        #expect(first.events.isEmpty && first.before == 101 && first.version == events)
        for forward in [false, true] {
            let (positions, pages) = try all("TIMELINE order-o TYPE nothing.*", forward: forward)
            #expect(positions.isEmpty && pages == 2)
        }
        let read = try all("TIMELINE order-o COUNT 1000", forward: true)
        // A page ends by its count or by its bytes.
        #expect(read.positions == Array(1...events) && (3...8).contains(read.pages))
    }

    @Test("what is staged is neither in a timeline nor in a version before its commit")
    func staged() throws {
        try append(10...19)
        let other = Session(id: 2, role: .reader)
        store.run("APPEND note.taken source s id n agent ana", for: session)
        store.run("VERSION agent-ana", for: other)
        #expect(other.takeLines() == [":5"])
        #expect(store.run("VERSION agent-ana", for: session) == .afterCommit)
        #expect(try store.executor.commitRound([session]))
        store.run("VERSION agent-ana", for: other)
        #expect(other.takeLines() == [":6"])
    }

    /// Runs TIMELINE, which is to be read beside the loop or not.
    private func turns(
        _ line: String, for other: Session? = nil
    ) throws -> (beside: Int, lines: [String]) {
        let session = other ?? session
        let turns = try store.finish(line, for: session)
        let waits = turns.filter { if case .waits(for: .past) = $0 { true } else { false } }
        return (waits.count, session.takeLines())
    }

    @Test("what is more than a few events is read beside the loop, and is the same document")
    func beside() throws {
        try append(10...309)
        #expect(try turns("TIMELINE agent-ana COUNT 7").beside == 0)
        #expect(try turns("TIMELINE agent-ana COUNT 65").beside == 1)
        // A usual page, too, where another's has just been read; their clock stands still.
        let other = Session(id: 2, role: .reader)
        for _ in 0..<2 {
            #expect(try turns("TIMELINE agent-ana COUNT 50").beside == 0)
            #expect(try turns("TIMELINE agent-ana COUNT 50", for: other).beside == 1)
            #expect(try turns("TIMELINE agent-ana COUNT 7", for: other).beside == 0)
        }
        #expect(try turns("TIMELINE agent-ana COUNT 100 CHANNEL voice").beside == 0)
        #expect(try turns("TIMELINE agent-nobody COUNT 50").lines == ["$-1"])
        // Page by page on the loop it is the same events.
        let once = try all("TIMELINE agent-ana COUNT 150", forward: true)
        #expect(once.pages == 1)
        #expect(try all("TIMELINE agent-ana COUNT 7", forward: true).positions == once.positions)
        let before = try all("TIMELINE agent-ana COUNT 50 AT 100", forward: false)
        #expect(before.positions == once.positions.filter { $0 <= 100 }.reversed())
        let from = try all("TIMELINE agent-ana COUNT 20 AT 100", forward: true)
        #expect(from.positions == once.positions.filter { $0 <= 100 })
    }

    @Test("where as many pages are asked for as may be, the loop reads the next one itself")
    func manyAsk() throws {
        try append(10...309)
        // Nobody looks whether the answers are there: each stays asked for until then.
        let sessions = (0..<200 as Range<UInt64>).map { Session(id: $0 + 10, role: .reader) }
        var executions = sessions.map { ($0, store.run("TIMELINE agent-ana COUNT 150", for: $0)) }
        while let place = executions.firstIndex(where: { $0.1 != .answered }) {
            _ = try store.finish("TIMELINE agent-ana COUNT 150", for: executions[place].0)
            executions[place].1 = .answered
        }
        let documents = Set(sessions.map { $0.takeLines().joined() })
        #expect(documents.count == 1)
        #expect(documents.first?.contains("\"version\":150") == true)
    }
}
