import EventModel
import FoldTesting
import TestSupport

/// A survey of one question with what is known to be true of it, and its events.
struct SimulatedSurvey {
    /// The last answer, with what its invitation says for it.
    struct Answer {
        var kind: String
        var score: Int64
        var most: Int64
        var isLowGood: Bool
        var mode: String
        var language: String
        var drivers: [String]
        var agents: [String]
        var at: Int64

        var isBad: Bool {
            switch kind {
            case "nps": score <= 6
            case "csat": isLowGood ? score >= most - 1 : score <= 2
            case "ces": isLowGood ? score >= most - 1 : score <= 3
            case "solved": score == 0
            default: false
            }
        }
    }

    var number: Int
    /// When its contact began; nil of a survey about none.
    var contact: Int64?
    var invited: Int64
    var isInvited: Bool
    var kind: String
    var scale: (text: String?, most: Int64)
    var isLowGood: Bool
    var mode: String
    var language: String
    var agents: [String]
    /// Whether the answer says again what the invitation says.
    var repeats: Bool
    var given: [(at: Int64, score: Int64, drivers: [String])] = []

    static let start: Int64 = 1_751_328_000_000
    static let modes = ["web", "phone", "sms"]

    /// Where its figures stand.
    var filed: Int64 {
        contact ?? min(isInvited ? invited : .max, given.map(\.at).min() ?? .max)
    }

    var answers: [Answer] {
        given.max { $0.at < $1.at }.map { last in
            [
                Answer(
                    kind: kind, score: last.score, most: scale.most, isLowGood: isLowGood,
                    mode: mode, language: language, drivers: last.drivers, agents: agents,
                    at: last.at)
            ]
        } ?? []
    }

    static func random(_ count: Int, _ random: inout SeededGenerator) -> [SimulatedSurvey] {
        func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        func pick<Item>(_ items: [Item]) -> Item { items[Int(draw(0...Int64(items.count - 1)))] }
        return (0..<count).map { number in
            let contact: Int64? =
                draw(0...2) == 0 ? nil : start + draw(0...20 * 86_400) * 1_000
            // No two events of a survey share a moment.
            let invited = (contact ?? start + draw(0...20 * 86_400) * 1_000) + 1_000
            let kind = pick(["nps", "csat", "ces", "solved", "custom"])
            let scale: (text: String?, most: Int64)
            switch kind {
            case "nps": scale = pick([("0-10", 10), (nil, 10)])
            case "csat": scale = pick([("1-5", 5), (nil, 5), ("10", 10)])
            case "ces": scale = pick([("1-7", 7), ("1..5", 5)])
            case "solved": scale = (nil, 1)
            default: scale = ("1-4", 4)
            }
            var survey = SimulatedSurvey(
                number: number, contact: contact, invited: invited, isInvited: draw(0...9) > 0,
                kind: kind, scale: scale, isLowGood: kind == "ces" && scale.most == 5,
                mode: pick(modes), language: pick(["es", "de-CH", ""]),
                agents: pick([[], ["a1"], ["a1", "a2"]]), repeats: draw(0...1) == 0)
            var at = invited
            for _ in 0..<pick([0, 1, 1, 2]) {
                at += draw(1...5 * 86_400) * 1_000 + 7
                let drivers = ["rude", "wait", "noPerson", "parking"].filter { _ in
                    draw(0...2) == 0
                }
                survey.given.append(
                    (at, draw((kind == "nps" || kind == "solved" ? 0 : 1)...scale.most), drivers))
            }
            return survey
        }
    }

    var happenings: [Happening] {
        let interaction = contact.map { _ in "c\(number)" }
        var all: [Happening] = []
        if let contact {
            all.append(
                Happening(
                    "interaction.created", contact, interaction,
                    ["channel": .text("voice"), "queue": .ref("care")]))
        }
        let own: [(String, AttributeValue)] = [
            ("invitation_id", .ref("i\(number)")), ("survey_id", .ref("s")),
        ]
        var said: [(String, AttributeValue)] = [
            ("kind", .text(kind)), ("mode", .text(mode)),
            ("agents", .text(agents.joined(separator: ","))),
        ]
        if let text = scale.text { said.append(("scale", .text(text))) }
        if isLowGood { said.append(("direction", .text("low"))) }
        if !language.isEmpty { said.append(("language", .text(language))) }
        if isInvited {
            var event = Happening("survey.invited", invited, interaction)
            event.attributes = own + said
            all.append(event)
        }
        for answer in given {
            var event = Happening("survey.answered", answer.at, interaction)
            event.attributes =
                own
                + [
                    ("question", .text("q")), ("score", .integer(answer.score)),
                    (
                        "drivers",
                        .text("[" + answer.drivers.map { "\"\($0)\"" }.joined(separator: ",") + "]")
                    ),
                ]
            // Without an invitation nobody else says it.
            if repeats || !isInvited { event.attributes += said }
            all.append(event)
        }
        return all
    }
}
