import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

/// Somebody who follows one document, breaks off now and then, and has not always credit.
final class DocumentFollower {
    /// What it follows: `["QUEUE", "billing"]`.
    let subject: [String]
    private var connection: Connection
    private let id: Int64
    /// The pushes it still takes; nil for any number.
    private var credit: Int?
    /// The document pushed last; nil before the first push, and `"null"` for none.
    private(set) var document: String?
    /// Whether it was told that the document is another by now.
    private(set) var isBehind = false

    init(
        _ daemon: DaemonProcess, _ subject: [String], _ generator: inout SeededGenerator
    ) throws {
        var connection = try daemon.connect()
        _ = try connection.call("HELLO", "3")
        let credit = generator.once(in: 2) ? nil : Int.random(in: 0...3, using: &generator)
        let words = ["FOLLOW"] + subject + (credit.map { ["CREDIT", "\($0)"] } ?? [])
        let answer = try connection.call(words).integerValue
        id = try #require(answer)
        self.subject = subject
        self.connection = connection
        self.credit = credit
    }

    /// Reads what has come until the document has been looked at as of a position; where there is
    /// no credit left, until it is told that it is behind, and gives more then.
    func catchUp(through head: Int64, _ generator: inout SeededGenerator) throws {
        while true {
            let (looked, pushes) = try look()
            for push in pushes { try take(push) }
            if isBehind {
                #expect(credit == 0, "behind with credit left")
                let more = Int.random(in: 1...3, using: &generator)
                let reply = try connection.call("CREDIT", "\(id)", "\(more)")
                #expect(reply == .integer(Int64(more)))
                (credit, isBehind) = (more, false)
            } else if looked >= head {
                return
            }
        }
    }

    /// How far the document has been looked at, and what was pushed before that was said.
    private func look() throws -> (looked: Int64, pushes: [Reply]) {
        connection.send(["FOLLOW", "LIST"])
        var pushes: [Reply] = []
        while true {
            let reply = try connection.receive()
            if case .push = reply {
                pushes.append(reply)
                continue
            }
            let text = try #require(reply.text)
            let looked = try #require(text.firstMatch(of: /"looked":([0-9]+)/))
            return (try #require(Int64(looked.1)), pushes)
        }
    }

    private func take(_ push: Reply) throws {
        let elements = try #require(push.elements)
        try #require(elements.count == 5 && elements[1] == .integer(id), "\(push)")
        switch elements[2].text {
        case "changed":
            #expect(credit != 0, "a push beyond the credit")
            credit = credit.map { $0 - 1 }
            let pushed = elements[4].text ?? "null"
            #expect(pushed != document, "a push of what was pushed before")
            document = pushed
        case "behind":
            #expect(try #require(elements[4].integerValue) > 0)
            isBehind = true
        default: Issue.record("push \(push)")
        }
    }
}
