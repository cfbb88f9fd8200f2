import EventModel
import FoldTesting

/// A survey by a plain walk over its events.
struct NaiveSurvey {
    var isInvited = false
    var since: Int64 = .max
    var kind = ""
    var most: Int64 = 0
    var isLowGood = false
    var agent = ""
    /// The last answer.
    var score: Int64?
    var drivers: [String] = []

    init(_ events: [Happening]) {
        for event in events.sorted(by: { $0.occurred < $1.occurred }) {
            since = min(since, event.occurred)
            if event.type == "survey.invited" { isInvited = true }
            for (name, value) in event.attributes {
                switch (name, value) {
                case ("kind", .text(let text)): kind = text
                case ("scale", .text(let text)): most = Int64(text.dropFirst(2)) ?? 0
                case ("direction", .text): isLowGood = true
                case ("agents", .text(let text)): agent = text
                case ("score", .integer(let number)): score = number
                case ("drivers", .text(let text)):
                    drivers = text.split(separator: ",").map(String.init)
                default: break
                }
            }
        }
    }

    var isBad: Bool {
        guard let score else { return false }
        switch kind {
        case "nps": return score <= 6
        case "csat": return score <= 2
        case "ces": return isLowGood ? score >= 4 : score <= 3
        default: return score == 0
        }
    }
}

/// What customers say.
extension NaiveFigures {
    /// - Parameter others: Surveys about no interaction.
    mutating func addSurveys(_ others: [NaiveSurvey]) {
        var all: [(survey: NaiveSurvey, item: Item)] = others.map { survey in
            (
                survey,
                Item(queue: "", channel: "email", agent: survey.agent, at: survey.since)
            )
        }
        for contact in contacts {
            for survey in contact.surveys {
                var item = item(contact, at: contact.created)
                if !survey.agent.isEmpty { item.agent = survey.agent }
                all.append((survey, item))
            }
        }
        let answered = all.filter { $0.survey.score != nil }
        func items(_ counts: (NaiveSurvey) -> Bool) -> [Item] {
            answered.filter { counts($0.survey) }.map { survey, item in
                var item = item
                item.number = survey.score ?? 0
                return item
            }
        }
        func score(_ kind: String, _ least: Int64, _ most: Int64) -> [Item] {
            items { $0.kind == kind && !$0.isLowGood && (least...most).contains($0.score ?? -1) }
        }
        let csat = score("csat", 0, 5)
        let ease = score("ces", 0, 7)
        let effort = items { $0.isLowGood }
        let bad = items(\.isBad)
        figures["nps"] = .net(
            score("nps", 9, 10), detractors: score("nps", 0, 6), of: score("nps", 0, 10))
        figures["csat"] = .share(score("csat", 4, 5), of: csat)
        figures["csat_mean"] = .mean(csat, over: csat)
        figures["ces"] = .mean(ease, over: ease)
        figures["ces_easy"] = .share(score("ces", 5, 7), of: ease)
        figures["effort"] = .mean(effort, over: effort)
        figures["fcr_stated"] = .share(score("solved", 1, 1), of: score("solved", 0, 1))
        figures["bad_answers"] = .share(bad, of: items { _ in true })
        for (name, word) in [
            ("rude", "rude"), ("indifferent", "indifferent"), ("knowledge", "knowledge"),
            ("wait", "wait"), ("repeated_myself", "repeatedMyself"), ("no_person", "noPerson"),
            ("product", "product"), ("delivery", "delivery"), ("other", "colour"),
        ] {
            figures["driver_" + name] = .share(
                items { $0.isBad && $0.drivers.contains(word) }, of: bad)
        }
        let invited = all.filter(\.survey.isInvited)
        figures["survey_response_rate"] = .share(
            invited.filter { $0.survey.score != nil }.map(\.item), of: invited.map(\.item))
    }

    /// The invitation that an event of a survey names.
    static func invitation(_ event: Happening) -> String? {
        for (name, value) in event.attributes where name == "invitation_id" {
            if case .ref(let text) = value { return text }
        }
        return nil
    }

    /// Which interaction an invitation is about, by any event that names both.
    static func invited(_ events: [Happening]) -> [String: String] {
        var invited: [String: String] = [:]
        for event in events {
            guard let invitation = invitation(event), let interaction = event.interaction else {
                continue
            }
            invited[invitation] = interaction
        }
        return invited
    }

    /// Puts the events of surveys together.
    static func surveys(_ events: [Happening]) -> [NaiveSurvey] {
        var byName: [String: [Happening]] = [:]
        for event in events {
            if let name = invitation(event) { byName[name, default: []].append(event) }
        }
        return byName.keys.sorted().map { NaiveSurvey(byName[$0] ?? []) }
    }
}
