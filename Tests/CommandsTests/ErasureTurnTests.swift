import EventLog
import Foundation
import RESP
import Testing

@testable import Commands

/// Ana has two of three events, and is named by the third; the loop looks her up in portions.
@Suite("Erasing somebody of many events keeps the loop for a bounded time at a turn")
struct ErasureTurnTests {
    private static let events = 18_000
    private let store: OpenStore
    private let session = Session(id: 1, role: .privacy)

    init() throws {
        store = try OpenStore()
        for number in 1...Self.events {
            let who =
                Self.isAnas(number) ? "customer crm:ana-1" : "customer crm:b recipient crm:ana-1"
            store.run("APPEND note.taken source s id \(number) \(who)", for: session)
            if number % 1_000 == 0 { #expect(try store.executor.commitRound([session])) }
        }
        _ = session.takeLines()
    }

    private static func isAnas(_ number: Int) -> Bool { number % 3 != 0 }

    private func event(_ position: Int) throws -> String {
        store.run("EVENT \(position)", for: session)
        return try #require(session.takeLines().last)
    }

    @Test("all of them are found, however many turns that takes, and hidden at once")
    func turns() throws {
        let turns = try store.finish("ERASE crm:ana-1 REASON asked", for: session)
        let steps = turns.filter { if case .waits(for: .past) = $0 { true } else { false } }
        // One finds her events; each other one reads what a portion of the index has named.
        let portions = (Self.events - 1) / CommandLimits.erasurePortionMax + 1
        #expect(steps.count == 1 + portions, "\(steps.count)")
        #expect(turns.last == .answered)
        #expect(try store.executor.commitRound([session]))
        let answer = try #require(session.takeLines().last)
        let (own, others) = (Self.events / 3 * 2, Self.events / 3)
        #expect(answer.contains("\"events\":\(own),\"shared\":0,\"quoted\":\(others)"))
        // Ranges of so many events have no room in one statement.
        #expect(answer.contains("\"statements\":2}") && !answer.contains("\"positions\""))
        #expect(store.executor.log.erasures.pending.count == 2)
        for position in [1, 2, 3, 2_999, 9_000, 17_999, 18_000] {
            let shown = try event(position)
            #expect(!shown.contains("ana-1"), "\(shown)")
            #expect(shown.contains("\"erased\":true") == Self.isAnas(position), "\(shown)")
            #expect(shown.contains("crm") != Self.isAnas(position), "\(shown)")
        }
    }

    @Test("what comes while they are looked for goes too")
    func tail() throws {
        var steps = 0
        let turns = try store.finish("ERASE crm:ana-1 REASON asked", for: session) { wait in
            // Once she is found others go on, with more than the loop looks at by itself.
            if case .past = wait { steps += 1 }
            guard case .past = wait, steps == 2 else { return }
            let other = Session(id: 2, role: .writer)
            for number in 1...Int(CommandLimits.erasureTailMax) + 1 {
                let role = number % 2 == 0 ? "customer" : "customer crm:b recipient"
                store.run(
                    "APPEND note.taken source s id late-\(number) \(role) crm:ana-1", for: other)
            }
            let isCommitted = try store.executor.commitRound([other])
            #expect(isCommitted)
        }
        #expect(turns.last == .answered)
        #expect(try store.executor.commitRound([session]))
        let answer = try #require(session.takeLines().last)
        let own = Self.events / 3 * 2 + Int(CommandLimits.erasureTailMax) / 2
        let others = Self.events / 3 + Int(CommandLimits.erasureTailMax) / 2 + 1
        #expect(answer.contains("\"events\":\(own),\"shared\":0,\"quoted\":\(others)"), "\(answer)")
        let late = try event(Self.events + 1) + event(Self.events + 2)
        #expect(!late.contains("ana-1"), "\(late)")
    }

    @Test("a statement that comes while they are looked for goes too", arguments: [1, 513])
    func statement(behind count: Int) throws {
        var steps = 0
        let turns = try store.finish("ERASE c_1 REASON asked", for: session) { wait in
            if case .past = wait { steps += 1 }
            guard case .past = wait, steps == 2 else { return }
            let other = Session(id: 2, role: .writer)
            for number in 1..<count {
                store.run("APPEND note.taken source s id l-\(number) customer crm:b", for: other)
            }
            store.run(
                "APPEND identity.released source s id released identifier crm:ana-1 reason gone",
                for: other)
            let isCommitted = try store.executor.commitRound([other])
            #expect(isCommitted)
        }
        #expect(turns.last == .answered)
        #expect(try store.executor.commitRound([session]))
        let answer = try #require(session.takeLines().last)
        #expect(answer.contains("\"events\":\(Self.events / 3 * 2 + 1),"), "\(answer)")
        let shown = try event(Self.events + count)
        #expect(shown.contains("identity.released") && shown.contains("\"erased\":true"))
        #expect(!shown.contains("ana-1"), "\(shown)")
    }
}
