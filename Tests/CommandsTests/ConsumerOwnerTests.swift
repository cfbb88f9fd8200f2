import Consumers
import EventModel
import Testing

@testable import Commands

@Suite("Consumers belong to who made them; what is refused is not done")
struct ConsumerOwnerTests {
    private let store: OpenStore
    private let ana = Session(id: 1, role: .reader, user: 1_001)
    private let ben = Session(id: 2, role: .writer, user: 1_002)
    private let operating = Session(id: 3, role: .operator, user: 1_003)

    init() throws {
        store = try OpenStore()
        for id in 1...3 { store.run("APPEND note.taken source a id \(id)", for: ben) }
        #expect(try store.executor.commitRound([ben]))
        _ = ben.takeLines()
    }

    private func said(_ line: String, _ session: Session) throws -> String {
        _ = try store.finish(line, for: session)
        return session.takeLines().joined(separator: " ")
    }

    private func list() throws -> String { try said("CONSUMER LIST", operating) }

    @Test(
        "where nobody more may wait, a change whose answer would is refused and not made",
        arguments: ["CREATE d FROM 1", "RESET c 3", "DELETE c", "ACK c 2 DURABLE", "GIVE c 7"])
    func noRoom(_ words: String) throws {
        #expect(try said("CONSUMER CREATE c FROM 2", operating) == "+OK")
        let before = try list()
        store.hasRoomToWait = false
        let met = store.executor.limitHits[.waiters]
        #expect(store.run("CONSUMER \(words)", for: operating) == .answered)
        #expect(operating.takeLines().first?.hasPrefix("-LIMIT waiters is 4096") == true)
        #expect(store.executor.limitHits[.waiters] == met + 1)
        #expect(try list() == before)
        store.hasRoomToWait = true
        #expect(try said("CONSUMER \(words)", operating).hasPrefix("-") == false)
        #expect(try list() != before)
    }

    @Test("an acknowledgement that waits for nothing needs no room to wait")
    func acknowledged() throws {
        #expect(try said("CONSUMER CREATE c FROM 1", ana) == "+OK")
        store.hasRoomToWait = false
        #expect(try said("CONSUMER ACK c 2", ana) == ":2")
    }

    @Test("while the daemon stops nothing is changed that would wait; what is taken is not denied")
    func stopping() throws {
        #expect(try said("CONSUMER CREATE c FROM 1", ana) == "+OK")
        // The flush may be quicker than the look whether it is done, though hardly again and again.
        var waits = false
        for _ in 0..<100 where !waits {
            if case .waits = store.run("CONSUMER RESET c 3", for: ana) { waits = true }
        }
        #expect(waits)
        _ = ana.takeLines()
        store.executor.beginStopping()
        _ = store.run("CONSUMER RESET c 3", for: ana)
        // It may be on disk by now; if not, it is said that it is taken.
        let answer = ana.takeLines().joined()
        #expect(answer == "+OK" || answer.hasPrefix("-STORAGE the change is taken"), "\(answer)")
        #expect(try said("CONSUMER DELETE c", ana).hasPrefix("-STOPPING"))
        #expect(try list().contains("\"name\":\"c\",\"owner\":1001,\"acknowledged\":2,"))
    }

    @Test("others may neither read nor change a consumer, whatever their role; operators may")
    func others() throws {
        #expect(try said("CONSUMER CREATE c FROM 1", ana) == "+OK")
        let before = try list()
        #expect(before.contains("\"name\":\"c\",\"owner\":1001,"))
        for words in ["READ c", "ACK c 2", "ACK c 2 DURABLE", "RESET c 3", "DELETE c"] {
            let answer = try said("CONSUMER \(words)", ben)
            #expect(answer.hasPrefix("-NOPERM that consumer belongs to user 1001: "), "\(words)")
        }
        #expect(try list() == before)
        let given = try said("CONSUMER GIVE c 1002", ana)
        #expect(given.hasPrefix("-NOPERM CONSUMER GIVE needs role operator"))
        // Its owner may all of it, as a reader too, and over another connection.
        let again = Session(id: 4, role: .reader, user: 1_001)
        #expect(try said("CONSUMER ACK c 1 DURABLE", again) == ":1")
        #expect(try said("CONSUMER RESET c 3", ana) == "+OK")
        #expect(try said("CONSUMER READ c", operating).hasPrefix("*2 :4 *1 "))
        store.executor.closed(operating)
        #expect(try said("CONSUMER GIVE c 1002", operating) == "+OK")
        let lost = try said("CONSUMER READ c", ana)
        #expect(lost.hasPrefix("-NOPERM that consumer belongs to user 1002"))
        #expect(try said("CONSUMER DELETE c", ben) == "+OK")
    }

    @Test("one that is nobody's goes on for who reads it, whose it is then; operators may look")
    func nobodys() throws {
        let old = ConsumerRecord(
            name: "old", epoch: 1, acknowledged: Position(1), created: OpenStore.noon)
        let before = try #require(store.executor.consumers)
        #expect(throws: Never.self) { _ = try before.add(old, for: operating) }
        let moved = try said("CONSUMER RESET old 2", ana)
        #expect(moved.hasPrefix("-NOPERM CONSUMER RESET of what is nobody's needs role writer"))
        #expect(try said("CONSUMER READ old", operating).hasPrefix("*2 :4 *2 "))
        #expect(try !list().contains("\"owner\""))
        store.executor.closed(operating)
        #expect(try said("CONSUMER RESET old 3", ben) == "+OK")
        #expect(try said("CONSUMER READ old", ana).hasPrefix("*2 :4 *1 "))
        #expect(try list().contains("\"owner\":1001"))
        #expect(try said("CONSUMER DELETE old", ben).hasPrefix("-NOPERM "))
    }

    @Test("one user cannot take all consumers that there may be; others and operators still can")
    func most() throws {
        for number in 1...ConsumerLimits.consumersPerOwnerMax {
            #expect(try said("CONSUMER CREATE a\(number) FROM 1", ana) == "+OK")
        }
        let more = try said("CONSUMER CREATE more FROM 1", ana)
        #expect(more.hasPrefix("-LIMIT your user has 256 consumers"))
        #expect(try said("CONSUMER CREATE more FROM 1", ben) == "+OK")
        #expect(try said("CONSUMER DELETE a1", ana) == "+OK")
        #expect(try said("CONSUMER CREATE again FROM 1", ana) == "+OK")
    }
}
