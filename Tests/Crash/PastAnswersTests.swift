import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

/// What a daemon answered is what it answers of that moment ever after.
@Suite("answers of the past")
struct PastAnswersTests {
    private static let seed =
        ProcessInfo.processInfo.environment["THROUGHLINE_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 0..<1_000_000)

    /// What was answered when the log ended with a position.
    private struct Answered {
        let position: Int64
        let texts: [String?]
    }

    private let daemon: DaemonProcess
    private let centre = ProducedCentre(seed: PastAnswersTests.seed, interactions: 40)
    private let now = ["NOW", "2026-03-02T12:00:00Z"]

    init() throws {
        daemon = try DaemonProcess()
        try daemon.start(arguments: ["--segment-events", "64", "--stride-bytes", "1"])
    }

    /// Every view command that tells of the past, of everything the centre has.
    private var questions: [[String]] {
        let window = ["FROM", "2026-03-02T09:00:00Z", "TO", "2026-03-02T12:00:00Z"]
        var all = [
            ["QUEUES"] + now, ["AGENTS"] + now, ["METRICS"] + window + now,
            ["METRICS"] + window + ["BY", "quarter", "PER", "queue", "ANCHOR", "created"] + now,
            ["METRICS"] + window + ["ONLY", "asa", "ONLY", "fcr_repeat_any", "PER", "agent"] + now,
            ["METRICS"] + window + ["ONLY", "abandon_rate", "EVENTS"] + now,
            ["SIGNALS"] + now, ["SCORECARD"] + window + ["PER", "queue"] + now,
        ]
        for queue in ProducedCentre.queues {
            all += [["QUEUE", queue] + now, ["WAITING", queue] + now, ["WAIT", queue] + now]
            all.append(["AGENTS", "FREE", queue] + now)
        }
        for agent in 1...4 {
            all += [["AGENT", "agent-\(agent)"] + now, ["TIMELINE", "agent-agent-\(agent)"]]
        }
        for customer in centre.customers.prefix(8) {
            all += [
                ["CUSTOMER", customer] + now, ["CUSTOMER", customer, "POP"] + now,
                ["TIMELINE", customer], ["IDENTITY", customer],
            ]
            all += [
                ["TIMELINE", customer, "FROM", "1", "COUNT", "3"],
                ["TIMELINE", customer, "CHANNEL", "voice"],
                ["TIMELINE", "identifier-\(customer)", "TYPE", "interaction.*"],
            ]
        }
        for interaction in centre.interactions.prefix(12) {
            all += [
                ["INTERACTION", interaction] + now,
                ["CUSTOMER", "interaction:\(interaction)", "POP"] + now,
                ["TIMELINE", "interaction:\(interaction)"],
                ["TIMELINE", "interaction-\(interaction)", "CHANNEL", "chat"],
            ]
        }
        return all
    }

    private func answered(
        _ connection: inout Connection, at position: Int64
    ) throws -> Answered? {
        var texts: [String?] = []
        for question in questions {
            let fresh = ["AFTER", "\(position)", "WITHIN", "60000"]
            texts.append(try text(&connection, question + fresh).map(Self.withoutLive))
        }
        // A daemon may have ended what was silent: then these are answers of two moments.
        guard try connection.call("HEAD").integerValue == position else { return nil }
        return Answered(position: position, texts: texts)
    }

    private func text(_ connection: inout Connection, _ words: [String]) throws -> String? {
        let reply = try connection.call(words)
        if case .null = reply { return nil }
        guard let text = reply.text else {
            throw UnexpectedReply(command: words.joined(separator: " "), reply: reply)
        }
        return text
    }

    /// A queue's document without the figures of the last hour, which the past does not tell.
    private static func withoutLive(_ text: String) -> String {
        guard let start = text.range(of: ",\"metrics_position\""),
            let live = text.range(of: ",\"live\":", range: start.upperBound..<text.endIndex),
            let end = text.range(of: ",\"sources\"", range: live.upperBound..<text.endIndex)
        else { return text }
        return String(text[..<start.lowerBound] + text[end.lowerBound...])
    }

    @Test("are the bytes that were answered then: all views, any position, merges among them")
    func sameBytes() throws {
        print("answers of the past: THROUGHLINE_SEED=\(Self.seed)")
        var random = SeededGenerator(seed: Self.seed)
        var connection = try daemon.connect()
        var noted: [Answered] = []
        for (index, request) in centre.requests.enumerated() {
            _ = try connection.call(request.words)
            if index % 9 == 8 { try stateIdentity(&connection, &random) }
            // Now and then, and at the end, so that there are enough whatever is drawn.
            let isDrawn = Int.random(in: 0..<8, using: &random) == 0
            guard isDrawn || centre.requests.count - index <= 3 else { continue }
            let head = try #require(try connection.call("HEAD").integerValue)
            if let answered = try answered(&connection, at: head) { noted.append(answered) }
        }
        try #require(noted.count >= 3)
        for then in noted {
            for (question, text) in zip(questions, then.texts) {
                let again = try self.text(&connection, question + ["AT", "\(then.position)"])
                let words = question.joined(separator: " ")
                #expect(again == text, "seed \(Self.seed): \(words) AT \(then.position)")
                guard again == text else { return }
            }
        }
    }

    /// Unites two customers, or gives back both.
    private func stateIdentity(
        _ connection: inout Connection, _ random: inout SeededGenerator
    ) throws {
        let two = centre.customers.shuffled(using: &random).prefix(2)
        let verb = Bool.random(using: &random) ? "MERGE" : "UNMERGE"
        // Whoever is unknown, or one already, is refused: nothing is recorded then.
        _ = try connection.call(
            [verb] + two + ["REASON", "seen at the desk", "ACTOR", "agent:eva"])
    }

    @Test("a timeline by what had happened shows just that, however late it came")
    func occurred() throws {
        var connection = try daemon.connect()
        for (id, minute) in [(1, 10), (2, 50), (3, 20), (4, 30)] {
            let occurred = "2026-03-02T09:\(minute):00Z"
            _ = try connection.call(
                "APPEND", "note.taken", "source", "desk", "id", "\(id)", "occurred", occurred,
                "customer", "crm:7", "interaction", "c-1", "agent", "ana", "text", "a note")
        }
        for subject in ["crm:7", "agent-ana"] {
            let words = [
                "TIMELINE", subject, "FROM", "1", "OCCURRED", "2026-03-02T09:30:00Z", "AFTER", "4",
                "WITHIN", "60000",
            ]
            let text = try #require(try text(&connection, words))
            let page = try JSONDecoder().decode(Page.self, from: Data(text.utf8))
            #expect(page.events.map(\.position) == [1, 3, 4])
            #expect(page.position == 4 && page.occurred_by == "2026-03-02T09:30:00.000Z")
        }
    }

    private struct Page: Decodable {
        struct Event: Decodable { let position: Int }

        let position: Int
        let occurred_by: String
        let events: [Event]
    }
}
