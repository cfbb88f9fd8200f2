import Foundation
import RESP
import Testing

@testable import Commands

@Suite("APPEND and card numbers in several messages of one author")
struct SplitNumberTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .operator)

    init() throws { store = try OpenStore() }

    private func say(
        _ id: Int, _ text: String, author: String = "customer", in interaction: String = "i-1",
        commits: Bool = true
    ) throws -> [String] {
        store.run(
            "APPEND transcript.added source s id \(id) interaction \(interaction) author \(author) "
                + "part \(id) text \"\(text)\"", for: session)
        if commits { #expect(try store.executor.commitRound([session])) }
        return session.takeLines()
    }

    private func text(_ position: Int) -> String {
        store.run("EVENT \(position)", for: session)
        let document = session.takeLines().last ?? ""
        let behind = document.components(separatedBy: "\"text\":\"").last ?? ""
        return behind.components(separatedBy: "\"").first ?? ""
    }

    @Test("the end of a number goes, whoever speaks in between, and a repeat is one")
    func split() throws {
        #expect(try say(1, "it is 4111 1111") == [":1"])
        #expect(try say(2, "go on", author: "agent") == [":2"])
        #expect(try say(3, "1111 1111") == [":3"])
        #expect(text(1) == "it is 4111 1111")
        #expect(text(3) == "[card]")
        #expect(try say(3, "1111 1111") == ["*2", ":3", "+REPEAT"])
        #expect(try say(3, "1111 1112").first?.hasPrefix("-IDCONFLICT") == true)
        #expect(try say(4, "917") == [":4"])
        #expect(text(4) == "[*]")
        store.run("INFO stats", for: session)
        let info = session.takeLines()
        #expect(info.contains("redacted_card_number:1") && info.contains("redacted_card_code:1"))
    }

    @Test("another author's and another interaction's digits are no part of it")
    func others() throws {
        _ = try say(1, "4111 1111")
        _ = try say(2, "1111 1111", author: "agent")
        _ = try say(3, "1111 1111", in: "i-2")
        #expect(text(2) == "1111 1111" && text(3) == "1111 1111")
    }

    @Test("what is staged and not committed yet counts, and so do payloads")
    func staged() throws {
        _ = try say(1, "4111 1111", commits: false)
        _ = try say(2, "1111 1111")
        #expect(text(2) == "[card]")
        for (id, data) in [(3, "41111111"), (4, "11111111")] {
            store.run(
                "APPEND message.received source s id \(id) interaction i-3 author customer "
                    + "message_id m-\(id) content_type text/plain DATA \(data)", for: session)
            #expect(try store.executor.commitRound([session]))
            _ = session.takeLines()
        }
        store.run("EVENT 4", for: session)
        #expect(session.takeLines().last?.contains("\"data\":\"[card]\"") == true)
    }
}
