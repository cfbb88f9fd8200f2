import Client
import DaemonTesting
import Foundation
import RESP

/// What all views say of a centre, without what depends on when they are asked.
struct ViewDocuments: Equatable {
    let texts: [String: String]

    /// Asks every view, each once it has seen the head, or as of a past position.
    init(of centre: ProducedCentre, from daemon: DaemonProcess, at position: Int? = nil) throws {
        var connection = try daemon.connect()
        let head = try connection.call("HEAD").integerValue ?? -1
        let moment = position.map { ["AT", "\($0)"] } ?? ["AFTER", "\(head)", "WITHIN", "60000"]
        var texts: [String: String] = [:]
        for question in Self.questions(centre) {
            let reply = try connection.call(question + moment)
            guard let text = reply.text else {
                throw UnexpectedReply(command: question.joined(separator: " "), reply: reply)
            }
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
            let kept = try JSONSerialization.data(
                withJSONObject: Self.lasting(object), options: .sortedKeys)
            texts[question.joined(separator: " ")] = String(decoding: kept, as: UTF8.self)
        }
        self.texts = texts
    }

    /// The questions to which the answers differ.
    func differences(from other: ViewDocuments) -> [String] {
        Set(texts.keys).union(other.texts.keys).sorted().filter { texts[$0] != other.texts[$0] }
            .map { "\($0): \(texts[$0] ?? "nothing") instead of \(other.texts[$0] ?? "nothing")" }
    }

    private static func questions(_ centre: ProducedCentre) -> [[String]] {
        let window = ["FROM", "2026-03-02T09:00:00Z", "TO", "2026-03-03T09:00:00Z"]
        var questions = [
            ["QUEUES"], ["METRICS"] + window,
            ["METRICS"] + window + ["BY", "quarter", "PER", "queue", "ANCHOR", "created"],
            ["METRICS"] + window + ["BY", "hour", "PER", "channel", "ANCHOR", "ended"],
        ]
        questions += ProducedCentre.queues.map { ["QUEUE", $0] }
        questions += centre.customers.map { ["CUSTOMER", $0] }
        questions += centre.customers.prefix(2).map { ["TIMELINE", $0] }
        questions += centre.interactions.prefix(12).map { ["INTERACTION", $0] }
        return questions
    }

    /// Leaves out the moment of asking and the hour before it, recorded times, and durations that
    /// still run: the events lie on one morning, so that whatever lasts longer than a day has not
    /// ended.
    private static func lasting(_ value: Any) -> Any {
        if let object = value as? [String: Any] {
            return object.filter { key, value in
                let moments = ["now", "live", "metrics_position", "recorded", "heard"]
                if moments.contains(key) { return false }
                guard key.hasSuffix("_ms"), let duration = value as? Int64 else { return true }
                return duration < 86_400_000
            }.mapValues(lasting)
        }
        return (value as? [Any])?.map(lasting) ?? value
    }

    /// A document without what it says of how complete it is.
    static func withoutSources(_ text: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let kept = try JSONSerialization.data(withJSONObject: pruned(object), options: .sortedKeys)
        return String(decoding: kept, as: UTF8.self)
    }

    private static func pruned(_ value: Any) -> Any {
        if let object = value as? [String: Any] {
            let words: Set = ["sources", "complete_until", "incomplete", "gap"]
            return object.filter { !words.contains($0.key) }.mapValues(pruned)
        }
        return (value as? [Any])?.map(pruned) ?? value
    }
}
