import EventModel
import RESP
import Testing

@testable import Commands

/// CUSTOMER of a person of whom nothing has been heard since is answered without reading, with what
/// the role may see, and with what has been heard as soon as it has.
@Suite("A card that is known") struct KnownCardTests {
    private let store: OpenStore
    private let writer = Session(id: 1, role: .writer)
    private let reader = Session(id: 2, role: .reader)
    private let ask = "CUSTOMER crm:ana-1977"

    init() throws {
        store = try OpenStore()
        store.executor.environment.disclosure[.reader] = .open
        try append("note.taken source s id 1 customer crm:ana-1977")
    }

    private func append(_ event: String) throws {
        store.run("APPEND " + event, for: writer)
        #expect(try store.executor.commitRound([writer]))
        let position = try #require(writer.takeLines().last?.dropFirst())
        // Both views have seen it.
        _ = try store.finish(ask + " AFTER \(position) WITHIN 60000", for: writer)
        _ = writer.takeLines()
    }

    private func answer(_ session: Session, _ line: String? = nil) -> String {
        store.run(line ?? ask, for: session)
        return session.takeLines().joined(separator: "\n")
    }

    @Test("is shown to each role as it may see it, whoever asked before")
    func roles() {
        let plain = answer(writer)
        #expect(plain.contains("ana-1977") && answer(writer) == plain)
        let masked = answer(reader)
        #expect(!masked.contains("ana-1977") && masked.contains("\"~"))
        #expect(answer(reader) == masked && answer(writer) == plain && answer(reader) == masked)
    }

    @Test("does not uncover what else is told behind it")
    func others() throws {
        #expect(answer(writer) == answer(writer))
        let lines = [
            "EVENT 1", "IDENTITY crm:ana-1977", "CUSTOMER crm:ana-1977 POP",
            "CUSTOMER crm:ana-1977 FIELDS identifiers",
        ]
        for line in lines {
            #expect(answer(writer).contains("ana-1977"))
            let shown = answer(reader, line)
            #expect(shown.contains("\"~") && !shown.contains("ana-1977"), "\(line)")
        }
    }

    @Test("does not uncover what followers are pushed behind it")
    func pushes() throws {
        let follower = Session(id: 3, role: .reader)
        store.run("HELLO 3", for: follower)
        store.run("FOLLOW CUSTOMER crm:ben-1984 CREDIT 10", for: follower)
        store.run("FOLLOW CUSTOMER crm:ana-1977 CREDIT 10", for: follower)
        store.run("FOLLOW LOG FROM 1 CREDIT 10", for: follower)
        _ = follower.takeLines()
        try append("note.taken source s id 2 customer crm:ben-1984")
        // A writer's question makes it known that nothing of this card is hidden from writers.
        #expect(answer(writer) == answer(writer))
        store.executor.pushDocuments(to: follower)
        let documents = follower.takeLines().joined(separator: "\n")
        #expect(documents.contains("changed") && documents.contains("\"~"), "\(documents)")
        #expect(!documents.contains("-19"), "\(documents)")
        #expect(answer(writer) == answer(writer))
        _ = store.executor.pushEvents(to: follower)
        let events = follower.takeLines().joined(separator: "\n")
        #expect(events.contains("note.taken") && !events.contains("-19"), "\(events)")
    }

    @Test("is another as soon as something is heard, and as soon as the clock says otherwise")
    func moves() throws {
        let first = answer(writer)
        try append("note.taken source s id 3 customer crm:ana-1977 text_version 1")
        let second = answer(writer)
        #expect(first != second && answer(writer) == second)
        // Somebody else's event moves the position that is told, and nothing else.
        try append("note.taken source s id 4 customer crm:8")
        let third = answer(writer)
        #expect(third != second)
        #expect(third.contains("\"position\":3,") && second.contains("\"position\":2,"))
        // Whom an identifier shows is another person once they are united.
        _ = try store.finish("MERGE crm:ana-1977 crm:8 REASON same ACTOR a", for: writer)
        #expect(try store.executor.commitRound([writer]))
        _ = writer.takeLines()
        _ = try store.finish(ask + " AFTER 4 WITHIN 60000", for: writer)
        let united = writer.takeLines().joined()
        #expect(united.contains("\"crm\",\"value\":\"8\""), "\(united)")
        #expect(answer(writer).contains("\"crm\",\"value\":\"8\""))
        let stated = answer(writer, ask + " NOW 2026-03-01T00:00:00Z")
        #expect(stated.contains("\"now\":\"2026-03-01T00:00:00.000Z\""), "\(stated)")
        #expect(!answer(writer).contains("2026-03-01"))
    }
}
