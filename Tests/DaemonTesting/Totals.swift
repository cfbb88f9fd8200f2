internal import Client
internal import Foundation
internal import RESP

/// What a store counts, each answer as a text without what names the moment of asking: two of them are
/// equal where no figure has moved.
public struct Totals: Equatable {
    /// By question.
    public let texts: [String: String]

    /// Asks for the figures of a period by day, queue, channel and agent, of a season that the store
    /// knows, and for each queue at some moments of the past and now.
    public init(
        of daemon: DaemonProcess, from: String, to: String, season: String, queues: [String],
        moments: [String]
    ) throws {
        var connection = try daemon.connect()
        let head = "\(try connection.call("HEAD").integerValue ?? 0)"
        let metrics = ["METRICS", "FROM", from, "TO", to]
        var questions = [
            metrics, metrics + ["BY", "day", "PER", "queue"], metrics + ["PER", "channel"],
            metrics + ["PER", "agent", "ANCHOR", "ended"], metrics + ["ANCHOR", "created"],
            ["SEASON", season], ["QUEUES", "NOW", to],
        ]
        let period = ["FROM", from, "TO", to]
        for dimension in ["queue", "stage", "team"] {
            questions.append(["SCORECARD"] + period + ["PER", dimension])
        }
        for dimension in ["stage", "team", "survey_scale"] {
            questions.append(metrics + ["PER", dimension] + Self.named)
        }
        questions.append(metrics + Self.named)
        questions += queues.map { ["QUEUE", $0, "NOW", to] }
        for moment in moments {
            questions += queues.map { ["QUEUE", $0, "AT", moment, "NOW", to] }
        }
        var texts: [String: String] = [:]
        for question in questions {
            let fresh = question.contains("AT") ? [] : ["AFTER", head, "WITHIN", "60000"]
            var reply = try connection.call(question + fresh)
            // A slow machine folds a month for more than a minute.
            for _ in 0..<Self.attemptsMax {
                guard case .error("STALE", _) = reply else { break }
                reply = try connection.call(question + fresh)
            }
            let name = question.joined(separator: " ")
            // A queue that nobody had entered by a moment of the past.
            if case .null = reply {
                texts[name] = "none"
                continue
            }
            guard let text = reply.text else {
                throw UnexpectedReply(command: name, reply: reply)
            }
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
            let kept = try JSONSerialization.data(
                withJSONObject: Self.lasting(object), options: .sortedKeys)
            texts[name] = String(decoding: kept, as: UTF8.self)
        }
        self.texts = texts
    }

    /// Figures by person, and what agents answered.
    private static let named = [
        "contacts", "repeat_rate", "fcr_repeat_any", "abandon_unrecovered", "containment", "csat",
        "esat", "esat_mean", "esat_named",
    ].flatMap { ["ONLY", $0] }

    /// How often what a slow machine has not folded yet is asked for, a minute each.
    public static let attemptsMax = 20

    private static func lasting(_ value: Any) -> Any {
        guard var object = value as? [String: Any] else {
            return (value as? [Any]).map { $0.map(lasting) } ?? value
        }
        for key in ["position", "metrics_position", "now"] { object[key] = nil }
        // A surrogate is another name for whom it stands for; how many there are is a figure.
        if let names = object["customers"] as? [String] { object["customers"] = names.count }
        return object.mapValues(lasting)
    }

    /// The questions whose answers differ, each with both.
    public func differences(from other: Totals) -> [String] {
        Set(texts.keys).union(other.texts.keys).sorted().filter { texts[$0] != other.texts[$0] }
            .map { "\($0): \(texts[$0] ?? "nothing") instead of \(other.texts[$0] ?? "nothing")" }
    }
}
