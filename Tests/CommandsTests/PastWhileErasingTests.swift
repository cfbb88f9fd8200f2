import RESP
import Testing

@testable import Commands

@Suite("All of a past moment while something in the log is being erased")
struct PastWhileErasingTests {
    @Test("is not told, and who asks is told why and what to do")
    func busy() throws {
        let store = try OpenStore()
        let session = Session(id: 1, role: .privacy)
        store.run(
            "APPEND note.added source s id 1 customer crm:1 note_id n-1 text call", for: session)
        #expect(try store.executor.commitRound([session]))
        _ = session.takeLines()
        let questions = ["SIGNALS AT 1 WITHIN 60000", "IDENTITY crm:1 AT 1 WITHIN 60000"]
        for question in questions {
            _ = try store.finish(question, for: session)
            let answer = try #require(session.takeLines().last)
            #expect(answer.hasPrefix("{"), "\(question): \(answer)")
        }
        // Nobody carries it out: that is the loop's, between rounds.
        _ = try store.finish("REDACT 1 FIELD text REASON asked", for: session)
        #expect(try store.executor.commitRound([session]))
        #expect(store.executor.hasErasures)
        _ = session.takeLines()
        for question in questions {
            _ = try store.finish(question, for: session)
            let answer = try #require(session.takeLines().last)
            #expect(
                answer.hasPrefix("-BUSY an erasure or redaction is being carried out")
                    && answer.contains("retry then"), "\(question): \(answer)")
        }
    }
}
