internal import EventModel

/// How a survey was asked. The raw value stands in rows: never renumber.
enum SurveyMode: UInt8, CaseIterable {
    case unsaid = 0
    case web = 1
    case email = 2
    case sms = 3
    case phone = 4
    case ivr = 5
    case app = 6
    case chat = 7
    case messaging = 8
    case store = 9
    case post = 10
    /// Any other word.
    case other = 11

    init(word: String) {
        self = word.isEmpty ? .unsaid : Self.allCases.first { $0.word == word } ?? .other
    }

    var word: String { "\(self)" }
}

/// When and how an answer of a kind was given, as one number in a distribution.
///
///     number = 256 · milliseconds since 1970 + 8 · mode + kind
struct AnswerMoment {
    let kind: SurveyKind
    let mode: SurveyMode
    let moment: Timestamp

    var number: Int64 { moment.rawValue * 256 + Int64(mode.rawValue) * 8 + Int64(kind.rawValue) }

    init(kind: SurveyKind, mode: SurveyMode, moment: Timestamp) {
        self.kind = kind
        self.mode = mode
        self.moment = moment
    }

    init(number: Int64) {
        kind = SurveyKind(rawValue: UInt8(number & 7)) ?? .custom
        mode = SurveyMode(rawValue: UInt8(number >> 3 & 31)) ?? .other
        moment = Timestamp(milliseconds: number >> 8)
    }
}

extension MetricsSum {
    /// When and how answers to surveys of those kinds were given, each with how often.
    private func answers(to kinds: [SurveyKind]) -> [(answer: AnswerMoment, count: Int64)] {
        self[.answerMoments].runs.compactMap { run in
            let answer = AnswerMoment(number: run.milliseconds)
            return kinds.contains(answer.kind) ? (answer: answer, count: run.count) : nil
        }
    }

    /// Writes of a metric of surveys `"late":2`, where answers were given after the period they belong
    /// to, and `"modes":{"web":3,"phone":4}`, where it mixes them.
    func writeAnswers(
        _ definition: MetricDefinition, after end: Timestamp, to json: inout JSONWriter
    ) {
        let kinds = definition.surveys
        guard !kinds.isEmpty else { return }
        var late: Int64 = 0
        var modes = [Int64](repeating: 0, count: SurveyMode.allCases.count)
        for (answer, count) in answers(to: kinds) {
            if answer.moment >= end { late += count }
            modes[Int(answer.mode.rawValue)] += count
        }
        if late > 0 { json.field("late", late) }
        guard modes.count(where: { $0 > 0 }) > 1 else { return }
        json.key("modes")
        json.beginObject()
        for mode in SurveyMode.allCases where modes[Int(mode.rawValue)] > 0 {
            json.key(text: mode.word)
            json.value(modes[Int(mode.rawValue)])
        }
        json.endObject()
    }
}
