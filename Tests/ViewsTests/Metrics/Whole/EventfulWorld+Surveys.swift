import EventModel
import FoldTesting

extension EventfulWorld {
    /// What customers name, one of them a word of their own.
    static let drivers = [
        "rude", "indifferent", "knowledge", "wait", "repeatedMyself", "noPerson", "product",
        "delivery", "colour",
    ]

    /// Asks a customer something, now and then without telling that it does; some answer, and some change
    /// their answer.
    mutating func survey(about interaction: String?) {
        let invitation: AttributeValue = .ref("v\(events.count)")
        let kind = pick(["nps", "csat", "ces", "ces", "solved"])
        let isEffort = kind == "ces" && chance(2)
        let most: Int64 = ["nps": 10, "csat": 5, "ces": isEffort ? 5 : 7, "solved": 1][kind] ?? 5
        let agent = agent()
        let isNamed = chance(4)
        let isTold = !chance(4)
        func words(_ more: [(String, AttributeValue)]) -> [(String, AttributeValue)] {
            var words: [(String, AttributeValue)] = [
                ("invitation_id", invitation), ("survey_id", .ref("s")), ("kind", .text(kind)),
                ("scale", .text("0-\(most)")), ("channel", .text("email")),
            ]
            if isEffort { words.append(("direction", .text("low"))) }
            if isNamed { words.append(("agents", .text(agent))) }
            return words + more
        }
        if isTold {
            at += draw(1...600_000)
            events.append(Happening("survey.invited", at, interaction))
            events[events.count - 1].attributes = words([])
        }
        guard !isTold || !chance(3) else { return }
        for _ in 0..<draw(1...2) {
            at += draw(1...3 * Self.day)
            // Some name their invitation and no interaction.
            let isBare = isTold && chance(3)
            let drivers = Self.drivers.filter { _ in chance(5) }
            events.append(Happening("survey.answered", at, isBare ? nil : interaction))
            events[events.count - 1].attributes = words([
                ("question", .text("q")),
                ("score", .integer(draw(kind == "csat" ? 1...most : 0...most))),
                ("drivers", .text(drivers.joined(separator: ","))),
            ])
        }
    }
}
